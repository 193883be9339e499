"""What a plugin says of the people its rows name: where, and what becomes of it when two people are merged."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from core.language import Words


class OnMerge(StrEnum):
    """What becomes of rows that name the sheet which goes."""

    MOVE = "move"
    MOVE_UNLESS_THERE = "move unless there"  # an equal row of the sheet that stays says it already
    STAY = "stay"  # the database refuses to change them, or they tell what was


@dataclass(frozen=True)
class PersonReference:
    """A column that names people, by foreign key or, with `only`, where another column says that it is one.

    `label` is what its rows are, for the page that shows what a merge moves; empty for rows nobody looks at.
    """

    table: str
    column: str
    label: Words
    on_merge: OnMerge = OnMerge.MOVE
    only: tuple[str, str] | None = None


def keys_of(record: Any) -> list[UUID]:
    """The keys under which a record may be spoken of: its own, and those of what was merged into it."""
    return [record.id, *getattr(record, "former_keys", ())]


@dataclass(frozen=True)
class Conflict:
    """Why two people cannot be merged yet: the sentence says what to settle first.

    `owner` is the partner whose records clash; the others read that there is something, and not what.
    """

    sentence: Words
    owner: UUID | None = None
    record: Any = None

"""Where a module writes of a person, and what becomes of it when the person is erased: said once for each table.

From a list of `About` come a module's answers to both questions, `subject_export` and `subject_erase`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database.scope import owner_column, scope_of, today
from core.language import Words


@dataclass(frozen=True)
class Keep:
    """What the law obliges to keep: on which ground, and until when for each row; None while that is not known yet."""

    ground: Words
    until: Callable[[Any], date | None]


@dataclass(frozen=True)
class About:
    """One table that speaks of a person.

    `where(person_id)` finds the rows. When the person is erased they are removed; with `blank` their fields take
    these values instead (or what a function makes of the row's key), so that what was counted still counts; with
    `keep` they stay as long as the law says. `names` are the fields that say who the person is: they stay while
    anything else is kept that would mean nothing without a name.
    """

    model: type[Any]
    title: Words
    where: Callable[[UUID], Any]
    blank: Mapping[str, Any] = field(default_factory=dict)
    keep: Keep | None = None
    names: Sequence[str] = ()


@dataclass(frozen=True)
class Section:
    """Some rows that speak of a person, for who asks what is kept of them."""

    title: Words
    model: type[Any]
    rows: Sequence[Any]


@dataclass(frozen=True)
class Step:
    """Rows to remove, or to blank; `names` are the fields that say who the person is."""

    title: Words
    model: type[Any]
    keys: Sequence[UUID]
    blank: Mapping[str, Any] = field(default_factory=dict)
    names: Sequence[str] = ()

    def but_for_names(self) -> "Step | None":
        """What is left to do while the name stays; None when these rows are nothing but the name."""
        left = {name: value for name, value in self.blank.items() if name not in self.names}
        return replace(self, blank=left) if left else None


@dataclass(frozen=True)
class Hold:
    """Rows that stay: on which ground, and until when if that is known."""

    title: Words
    table: str
    keys: Sequence[UUID]
    ground: Words
    until: date | None = None
    needs_name: bool = True


def sections(session: Session, person_id: UUID, told: Iterable[About]) -> list[Section]:
    """What a module keeps of a person, table by table."""
    found = [Section(one.title, one.model, _rows(session, one, person_id)) for one in told]
    return [one for one in found if one.rows]


def steps(session: Session, person_id: UUID, told: Iterable[About]) -> list[Step | Hold]:
    """What would become of it: what goes, what is blanked, what the law keeps and until when."""
    found: list[Step | Hold] = []
    for one in told:
        free: list[UUID] = []
        held: dict[date | None, list[UUID]] = {}
        for row in _rows(session, one, person_id):
            if not is_own(session, row):
                continue
            until = one.keep.until(row) if one.keep else date.min
            if until is not None and until < today():
                free.append(row.id)
            else:
                held.setdefault(until, []).append(row.id)
        if free:
            found.append(Step(one.title, one.model, free, one.blank, one.names))
        if one.keep:
            ground = one.keep.ground
            found += [Hold(one.title, one.model.__tablename__, keys, ground, until) for until, keys in held.items()]
    return found


def _rows(session: Session, one: About, person_id: UUID) -> Sequence[Any]:
    return session.scalars(select(one.model).where(one.where(person_id)).order_by(one.model.id)).unique().all()


def is_own(session: Session, row: Any) -> bool:
    """Whether the row is the session's partner's: others erase what is theirs."""
    return getattr(row, owner_column(type(row)), None) in {None, scope_of(session).partner_id}

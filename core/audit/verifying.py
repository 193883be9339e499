"""Whether an audit trail is whole: every line follows from the one before it, and none is missing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, String, Text, Uuid, and_, cast, func, select, type_coerce
from sqlalchemy.orm import Session

from core.audit.anchors import Anchor
from core.database.field import Moment
from core.database.trail import BEGINNING, HASHED, Act, ChainHead, Change, Told, link, seal

AT_ONCE = 5000
TABLE, APART = Change.__table__, Told.__table__
SEQUENCE, ENTITY, KEY, ACT, DIGEST = (
    HASHED.index(name) for name in ("sequence", "entity", "entity_id", "act", "digest")
)
OF_THE_LINE = itemgetter(*range(len(HASHED)))


@dataclass(frozen=True)
class Break:
    """The first line at which a trail does not hold, and what is wrong there."""

    sequence: int
    what: str


def partners_with_trails(session: Session) -> set[UUID]:
    """Whoever has a line, or a place where one would be added."""
    return {*session.scalars(select(ChainHead.partner_id)), *session.scalars(select(Change.partner_id).distinct())}


def length(session: Session, partner: UUID) -> int:
    """How many lines there are to look at."""
    return session.scalar(select(func.count()).select_from(TABLE).where(TABLE.c.partner_id == partner)) or 0


def first_break(
    session: Session, partner: UUID, *, anchors: Iterable[Anchor] = (), progress: Callable[[int], object] = int
) -> Break | None:
    """Walk a partner's trail from its first line, with the operator's session; None when it is whole.

    `progress` is told how many lines more were looked at.
    """
    walk = Walk(anchors)
    for lines in _batches(session, partner):
        for line in lines:
            if wrong := walk.wrong_at(line):
                return Break(*min([wrong, *walk.unexplained()]))
        progress(len(lines))
    head = session.execute(select(ChainHead.sequence, ChainHead.hash).where(ChainHead.partner_id == partner)).first()
    extra = session.scalar(select(func.count()).select_from(APART).where(APART.c.partner_id == partner)) != walk.told
    found = min(chain(walk.unexplained(), walk.wrong_at_the_end(head, extra=extra)), default=None)
    return Break(*found) if found else None


class Walk:
    """One walk along a trail: what the next line must follow from, and what is still to be explained."""

    def __init__(self, anchors: Iterable[Anchor]) -> None:
        self.sequence, self.hash, self.told = 0, BEGINNING, 0
        self._anchors: dict[int, list[Anchor]] = {}
        for anchor in anchors:
            self._anchors.setdefault(anchor.sequence, []).append(anchor)
        self._silent: dict[Any, int] = {}

    def wrong_at(self, line: Sequence[Any]) -> tuple[int, str] | None:
        """What is wrong with the next line; None when it follows, and is now behind."""
        previous, own, salt, text = line[len(HASHED) :]
        number, expected = line[SEQUENCE], self.sequence + 1
        if number > expected:
            return expected, f"line {expected} is missing: line {number} follows"
        if previous != self.hash:
            return number, f"line {number} does not follow from the one before it"
        if number < expected or link(previous, OF_THE_LINE(line)) != own:
            return number, f"line {number} was changed"
        if text is not None and seal(salt, text) != line[DIGEST]:
            return number, f"what line {number} tells was changed"
        if any((anchor.hash, anchor.count) != (own, number) for anchor in self._anchors.pop(number, ())):
            return number, f"line {number} is not the one that was anchored"
        self._note_silence((line[ENTITY], line[KEY]), number, line[ACT], told=text is not None)
        self.sequence, self.hash = number, own
        return None

    def _note_silence(self, record: Any, number: int, act: str, *, told: bool) -> None:
        if act == Act.FORGOTTEN:
            self._silent.pop(record, None)
        if told:
            self.told += 1
        else:
            self._silent.setdefault(record, number)

    def unexplained(self) -> Iterator[tuple[int, str]]:
        """Lines whose values are gone though no later line says that they were erased."""
        return ((number, f"what line {number} told is missing") for number in self._silent.values())

    def wrong_at_the_end(self, head: Any, *, extra: bool) -> Iterator[tuple[int, str]]:
        """Lines that an anchor or the head knows and that are not there, and values of no line."""
        last, after = self.sequence, self.sequence + 1
        if beyond := max(self._anchors, default=0):
            at = self._anchors[beyond][-1].at
            yield after, f"line {after} is missing: on {at} there were {beyond}"
        if (head.sequence, head.hash) != (last, self.hash) if head else last > 0:
            yield after, f"line {after} is missing, or was added without the trail's head"
        if extra:
            yield after, "there are values that no line tells"


def _batches(session: Session, partner: UUID) -> Iterator[Sequence[Any]]:
    postgresql = session.get_bind().dialect.name == "postgresql"
    own = [_bare(TABLE.c[name], postgresql=postgresql) for name in (*HASHED, "previous", "hash")]
    apart = TABLE.outerjoin(APART, and_(APART.c.id == TABLE.c.id, APART.c.partner_id == TABLE.c.partner_id))
    wanted = select(*own, APART.c.salt, APART.c.text).select_from(apart).where(TABLE.c.partner_id == partner)
    ordered = wanted.order_by(TABLE.c.sequence).execution_options(yield_per=AT_ONCE)
    return session.connection().execute(ordered).partitions()


def _bare(column: Any, *, postgresql: bool) -> Any:
    """A column as it is hashed, made so by the database: turning a million keys and dates into objects takes longer."""
    if postgresql and isinstance(column.type, Uuid):
        return func.replace(cast(column, Text), "-", "")
    if postgresql and isinstance(column.type, Moment):
        return func.to_char(func.timezone("UTC", column), "YYYY-MM-DD HH24:MI:SS.US")
    return column if isinstance(column.type, Integer) else type_coerce(column, String)

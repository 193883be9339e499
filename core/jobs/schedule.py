"""Makes the jobs that fall due by themselves: one for each partner, kind and occasion, whoever sees it first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from core.database.field import now
from core.database.scope import Scope
from core.database.session import Database
from core.jobs.declaration import Declared, JobKind
from core.jobs.models import Job, JobState, Origin
from core.jobs.queue import ACROSS
from core.jobs.rules import Due, daily, periodic
from core.partners.models import ModuleSwitch, Partner

BY_ITSELF = "generazioni"
Mark = tuple[UUID, str, str]


@dataclass(frozen=True)
class Wanted:
    """A job that should be there by now."""

    partner_id: UUID
    declared: Declared
    due: Due

    @property
    def mark(self) -> Mark:
        """What makes it the same job for every worker."""
        return self.partner_id, self.declared.kind.key, self.due.occasion


class Schedule:
    """The schedules of one process; it remembers what it saw so that most looks cost one query."""

    def __init__(self, database: Database, kinds: Mapping[str, Declared]) -> None:
        self._database = database
        self._kinds = [one for one in kinds.values() if one.kind.scheduled]
        self._seen: set[Mark] = set()

    def look(self, *, at: datetime | None = None) -> int:
        """Make what has fallen due and is not there; says how many. Of several missed times only the last is made."""
        at = at or now()
        with self._database.session(ACROSS, writes=False) as session:
            due = {one.mark: one for one in self._wanted(session, at)}
            self._seen &= due.keys()
            wanted = {mark: one for mark, one in due.items() if mark not in self._seen}
            there = self._there(session, wanted)
        self._seen |= there
        missing = [one for mark, one in wanted.items() if mark not in there]
        return sum(self._make(one) for one in missing)

    def _wanted(self, session: Session, at: datetime) -> Iterator[Wanted]:
        switches = {
            (switch.partner_id, switch.key): switch.changed_at
            for switch in session.scalars(select(ModuleSwitch).where(ModuleSwitch.enabled))
        }
        for partner_id, since in session.execute(select(Partner.id, Partner.created_at).where(Partner.active)):
            for declared in self._kinds:
                begun = switches.get((partner_id, declared.module)) if declared.module else since
                due = last_due(declared.kind, at)
                if begun is not None and due.at >= begun:
                    yield Wanted(partner_id, declared, due)

    @staticmethod
    def _there(session: Session, wanted: Mapping[Mark, Wanted]) -> set[Mark]:
        if not wanted:
            return set()
        occasions = {occasion for _partner, _kind, occasion in wanted}
        kinds = {kind for _partner, kind, _occasion in wanted}
        found = session.execute(
            select(Job.partner_id, Job.kind, Job.occasion).where(Job.kind.in_(kinds), Job.occasion.in_(occasions))
        )
        return {(partner, kind, occasion or "") for partner, kind, occasion in found}

    def _make(self, wanted: Wanted) -> int:
        scope = Scope(partner_id=wanted.partner_id, actor=BY_ITSELF)
        return self._database.run(scope, lambda session: _put(session, wanted))


def last_due(kind: JobKind, at: datetime) -> Due:
    """When a scheduled kind last fell due."""
    if kind.hour is not None:
        return daily(kind.hour, at=at)
    assert kind.every is not None  # noqa: S101  a scheduled kind has the one or the other
    return periodic(kind.every, at=at)


def _put(session: Session, wanted: Wanted) -> int:
    """Move the job that still waits for an earlier time on to this one, or else make it; 1 when it was made."""
    kind = wanted.declared.kind
    waiting = update(Job).where(
        Job.partner_id == wanted.partner_id, Job.kind == kind.key, Job.origin == Origin.SCHEDULE,
        Job.state == JobState.WAITING,
        Job.occasion < wanted.due.occasion,
    )  # fmt: skip
    moved = session.execute(waiting.values(occasion=wanted.due.occasion).execution_options(synchronize_session=False))
    if moved.rowcount:  # type: ignore[attr-defined]
        return 0
    return add_once(
        session, kind=kind, module=wanted.declared.module, origin=Origin.SCHEDULE, occasion=wanted.due.occasion,
        once=f"schedule {kind.key}", due_at=wanted.due.at, partner_id=wanted.partner_id,
    )  # fmt: skip


def add_once(session: Session, *, kind: JobKind, **values: Any) -> int:
    """Add a job that nobody starts by hand, unless it is there already; 1 when it was added."""
    row = {
        "id": uuid7(), "version": 1, "created_at": now(), "kind": kind.key, "title": kind.label, "arguments": {},
        "actor": BY_ITSELF, "state": JobState.WAITING, "done": 0, "kept": {}, "tries": 0, **values,
    }  # fmt: skip
    made = _insert(session).values(**row).on_conflict_do_nothing().returning(Job.id)  # type: ignore[attr-defined]
    return int(session.scalar(made) is not None)


def _insert(session: Session) -> Insert:
    postgres = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(Job) if postgres else sqlite.insert(Job)

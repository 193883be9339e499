"""Announcing what happened, and making each listener's delivery once it is committed."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database.field import now
from core.database.scope import Scope
from core.database.session import Database
from core.events.declaration import listeners_of
from core.events.facts import kept
from core.events.models import Event
from core.jobs.models import Origin
from core.jobs.queue import ACROSS
from core.jobs.schedule import BY_ITSELF, add_once
from core.partners.models import Partner
from core.partners.services import modules_of

AT_ONCE = 200


def announce(session: Session, name: str, *, also: Iterable[UUID] = (), **facts: Any) -> None:
    """Write down that something happened; who listens hears of it after commit, and never if there is none.

    Facts are keys of records, numbers, days and choices: no text that could be about a person. The modules of
    the session's partner hear of it, and those of the partners named in `also`: each in its own scope.
    """
    session.add(Event(name=name, facts=kept(facts), also=[str(partner) for partner in also]))
    session.flush()


def deliver_events(database: Database) -> int:
    """Make the deliveries of what nobody was told yet; says how many events that were."""
    with database.session(ACROSS, writes=False) as session:
        wanted = select(Event).join(Partner, Partner.id == Event.partner_id)
        wanted = wanted.where(Event.told_at.is_(None), Partner.active).order_by(Event.id).limit(AT_ONCE)
        found = session.scalars(wanted).all()
        working = set(session.scalars(select(Partner.id).where(Partner.active)))
    for event in found:
        for partner_id in {UUID(one) for one in event.also} & working:
            _tell_another(database, partner_id, event)
    by_partner = groupby(sorted((event.partner_id, event.id) for event in found), key=lambda row: row[0])
    return sum(_tell(database, partner, [key for _partner, key in rows]) for partner, rows in by_partner)


def _tell(database: Database, partner_id: UUID, keys: Sequence[UUID]) -> int:
    def tell(session: Session) -> int:
        # Another worker may be at the same events: whoever holds their rows makes the deliveries.
        wanted = select(Event).where(Event.id.in_(keys), Event.told_at.is_(None)).order_by(Event.id)
        events = session.scalars(wanted.with_for_update(skip_locked=True)).all()
        for event in events:
            _make_deliveries(session, partner_id, event)
            event.told_at = now()
        return len(events)

    return database.run(Scope(partner_id=partner_id, actor=BY_ITSELF), tell)


def _tell_another(database: Database, partner_id: UUID, event: Event) -> None:
    """Tell a partner that the event is not of; told before its own, so that a fault in between repeats it once."""
    scope = Scope(partner_id=partner_id, actor=BY_ITSELF)
    database.run(scope, lambda session: _make_deliveries(session, partner_id, event))


def _make_deliveries(session: Session, partner_id: UUID, event: Event) -> None:
    modules = modules_of(session)
    for module, listener in listeners_of(event.name):
        if not module or module in modules:
            add_once(
                session, kind=listener.kind, module=module, origin=Origin.EVENT, occasion=str(event.id),
                arguments={"facts": event.facts}, due_at=now(), partner_id=partner_id,
            )  # fmt: skip

"""Announcing what happened, and making each listener's delivery once it is committed."""

from collections.abc import Sequence
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


def announce(session: Session, name: str, **facts: Any) -> None:
    """Write down that something happened; who listens hears of it after commit, and never if there is none.

    Facts are keys of records, numbers, days and choices: no text that could be about a person.
    """
    session.add(Event(name=name, facts=kept(facts)))
    session.flush()


def deliver_events(database: Database) -> int:
    """Make the deliveries of what nobody was told yet; says how many events that were."""
    with database.session(ACROSS, writes=False) as session:
        wanted = select(Event.partner_id, Event.id).join(Partner, Partner.id == Event.partner_id)
        wanted = wanted.where(Event.told_at.is_(None), Partner.active).order_by(Event.id).limit(AT_ONCE)
        found = session.execute(wanted).all()
    by_partner = groupby(sorted(found), key=lambda row: row.partner_id)
    return sum(_tell(database, partner, [key for _partner, key in rows]) for partner, rows in by_partner)


def _tell(database: Database, partner_id: UUID, keys: Sequence[UUID]) -> int:
    def tell(session: Session) -> int:
        # Another worker may be at the same events: whoever holds their rows makes the deliveries.
        wanted = select(Event).where(Event.id.in_(keys), Event.told_at.is_(None)).order_by(Event.id)
        events = session.scalars(wanted.with_for_update(skip_locked=True)).all()
        modules = modules_of(session)
        for event in events:
            for module, listener in listeners_of(event.name):
                if not module or module in modules:
                    add_once(
                        session, kind=listener.kind, module=module, origin=Origin.EVENT, occasion=str(event.id),
                        arguments={"facts": event.facts}, due_at=now(), partner_id=partner_id,
                    )  # fmt: skip
            event.told_at = now()
        return len(events)

    return database.run(Scope(partner_id=partner_id, actor=BY_ITSELF), tell)

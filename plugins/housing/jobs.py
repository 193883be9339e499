"""What housing does by itself every day, in steps that a stop loses nothing of."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from core.api import Words, Work, plural, today
from plugins.housing.services import rankings, recovery, tickets

AT_ONCE = 100


def follow_arrears(work: Work) -> Words:
    """Bring the ladder and the plan of every lease in arrears up to today."""
    day = today()
    with work.step() as session:
        keys = recovery.leases_to_review(session, on=day, after=_key(work.kept.get("last")))
    work.out_of(work.done + len(keys))
    for batch in _batches(keys):
        with work.step(len(batch)) as session:
            added = sum(len(recovery.review_lease(session, one, on=day)) for one in recovery.leases(session, batch))
            work.kept.update(last=str(batch[-1]), added=work.kept.get("added", 0) + added)
    told = work.kept.get("added", 0)
    return plural("%(n)s step to be done", "%(n)s steps to be done", told)


def close_tickets(work: Work) -> Words:
    """Close the repairs that nobody contested in time."""
    with work.step() as session:
        closed = tickets.close_unanswered(session)
    return plural("%(n)s ticket closed", "%(n)s tickets closed", len(closed))


def expire_rankings(work: Work) -> Words:
    """End the final rankings whose term is over."""
    with work.step() as session:
        ended = rankings.expire_rankings(session, on=today())
    return plural("%(n)s ranking ended", "%(n)s rankings ended", len(ended))


def _key(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _batches(keys: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]

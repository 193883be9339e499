"""Slowing down who guesses: failures counted in the database, by account and by address.

The counts outlive the refused request only if its transaction is kept: pages set `g.keep = True`.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.access.models import Attempt
from core.language import plural
from core.refusals import TooOften

FORGOTTEN_AFTER = timedelta(days=1)
MINUTE = 60


@dataclass(frozen=True)
class Limit:
    """So many failures in the window, then a pause; each failure after a pause makes the next one longer.

    Once the longest pause is served the count begins again: nothing is ever closed for good.
    """

    what: str
    failures: int
    window: timedelta
    pauses: tuple[timedelta, ...]

    def pause_after(self, failures: int) -> timedelta | None:
        """How long nothing is tried after this many failures."""
        excess = failures - self.failures
        return None if excess < 0 else self.pauses[min(excess, len(self.pauses) - 1)]

    def is_over(self, attempt: Attempt, at: datetime) -> bool:
        """Whether the count begins again."""
        if attempt.until is not None and at >= attempt.until:
            return attempt.failures >= self.failures + len(self.pauses) - 1 or at >= attempt.until + self.window
        return attempt.until is None and at >= attempt.first_at + self.window


ACCOUNT = Limit("account", 5, timedelta(minutes=5), tuple(timedelta(seconds=s) for s in (30, 60, 120, 240, 480, 900)))
ADDRESS = Limit("address", 30, timedelta(minutes=3), (timedelta(hours=1),))
RESET = Limit("reset", 3, timedelta(hours=1), (timedelta(hours=1),))


def claim(session: Session, limit: Limit, name: str, *, at: datetime) -> Attempt:
    """The count of an account or address, locked until the transaction ends; `TooOften` while it is closed.

    Who tries at the same moment in another process waits here, so that nobody gets one try too many.
    """
    key = _key(limit, name)
    _make_sure(session, key, at)
    wanted = select(Attempt).where(Attempt.key == key).with_for_update().execution_options(populate_existing=True)
    attempt = session.scalars(wanted).one()
    _refuse_if_closed(attempt, at)
    return attempt


def look(session: Session, limit: Limit, name: str, *, at: datetime) -> None:
    """Raise `TooOften` while the account or address is closed, without waiting for others who try."""
    attempt = session.scalars(select(Attempt).where(Attempt.key == _key(limit, name))).one_or_none()
    if attempt is not None:
        _refuse_if_closed(attempt, at)


def count(session: Session, limit: Limit, attempt: Attempt, *, at: datetime) -> None:
    """One more failure."""
    if limit.is_over(attempt, at):
        attempt.failures, attempt.first_at, attempt.until = 0, at, None
    attempt.failures += 1
    attempt.last_at = at
    pause = limit.pause_after(attempt.failures)
    attempt.until = at + pause if pause else None
    session.flush()


def forgive(session: Session, attempt: Attempt, *, at: datetime) -> None:
    """The right password was given: the count begins again, and what is a day old is thrown away."""
    attempt.failures, attempt.first_at, attempt.until = 0, at, None
    session.flush()
    session.execute(delete(Attempt).where(Attempt.last_at < at - FORGOTTEN_AFTER, Attempt.key != attempt.key))


def _refuse_if_closed(attempt: Attempt, at: datetime) -> None:
    if attempt.until is None or at >= attempt.until:
        return
    seconds = int((attempt.until - at).total_seconds()) + 1
    if seconds < MINUTE:
        message = plural("Too many tries: wait a second.", "Too many tries: wait %(n)s seconds.", seconds)
    else:
        message = plural("Too many tries: wait a minute.", "Too many tries: wait %(n)s minutes.", -(-seconds // MINUTE))
    raise TooOften(message, seconds=seconds)


def _key(limit: Limit, name: str) -> str:
    return hashlib.sha256(f"{limit.what}:{name}".encode()).hexdigest()


def _make_sure(session: Session, key: str, at: datetime) -> None:
    """Make the count unless it is there; two first tries at once would otherwise collide."""
    table: Table = Attempt.__table__  # type: ignore[assignment]
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = dialect.insert(table).values(key=key, failures=0, first_at=at, last_at=at, version=1)
    session.execute(row.on_conflict_do_nothing(index_elements=["key"]))

"""When a scheduled job is due, and how long a failed one waits: pure, told the hour it is."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from core.database.scope import ROME

FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)
GROWTH = 4
MOST_GROWTHS = 10


@dataclass(frozen=True)
class Due:
    """A moment at which a schedule falls due, and the name by which it happens once."""

    at: datetime
    occasion: str


def daily(hour: time, *, at: datetime) -> Due:
    """The last time this hour struck in Italy, up to the moment told.

    An hour that the clocks skip (02:30 on 28 March 2027) counts as the same time since midnight, so at 03:30;
    one that comes twice (02:30 on 31 October 2027) counts the first time. The occasion is the day in Italy.
    """
    day = at.astimezone(ROME).date()
    while (due := datetime.combine(day, hour, ROME).astimezone(UTC)) > at:
        day -= timedelta(days=1)
    return Due(due, day.isoformat())


def next_daily(hour: time, *, at: datetime) -> datetime:
    """The next time this hour strikes in Italy, after the moment told."""
    day = at.astimezone(ROME).date()
    while (due := datetime.combine(day, hour, ROME).astimezone(UTC)) <= at:
        day += timedelta(days=1)
    return due


def periodic(every: timedelta, *, at: datetime) -> Due:
    """The last multiple of the interval since 1970, which no clock change moves."""
    seconds = int(every.total_seconds())
    due = datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)
    return Due(due, due.strftime("%Y-%m-%dT%H:%M:%SZ"))


def pause_after(tries: int, *, spread: float | None = None) -> timedelta:
    """How long a job waits after so many tries: 10 s, 40 s, 160 s … at most an hour, each half to half as much again.

    The spread keeps jobs that failed together from coming back together.
    """
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * GROWTH ** min(max(0, tries - 1), MOST_GROWTHS))
    share = random.uniform(0.5, 1.5) if spread is None else spread  # noqa: S311  jitter, not a secret
    return longest * share

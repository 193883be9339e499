"""Until when a maintenance ticket is to be solved, and when one nobody answers closes by itself."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.api import ROME, date_in_italy

END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True)
class TicketTargets:
    """How long a repair may take: hours when it is urgent, else calendar days."""

    urgent_hours: int
    normal_days: int


def target_of(opened_at: datetime, *, urgent: bool, targets: TicketTargets) -> datetime:
    """The moment a ticket is late after: so many hours, or the end in Italy of the last of so many days."""
    if urgent:
        return opened_at + timedelta(hours=targets.urgent_hours)
    last = date_in_italy(opened_at) + timedelta(days=targets.normal_days)
    return datetime.combine(last, END_OF_DAY, tzinfo=ROME)


def is_unanswered(solved_at: datetime, at: datetime, *, days: int) -> bool:
    """Whether so many days went by in Italy since the repair and the tenant said nothing."""
    return (date_in_italy(at) - date_in_italy(solved_at)).days >= days

"""The arrears ladder (R-H11): what is done as a debt grows older, and when."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta

from core.api import Choice, _


class Rung(Choice):
    """A step of the ladder; the last one has no day of its own: a person decides it."""

    REMINDER = "reminder", _("Reminder")
    CONTACT = "contact", _("Social contact"), "info"
    NOTICE = "notice", _("Formal notice"), "warn"
    PLAN = "plan", _("Proposal of a repayment plan"), "info"
    LEGAL = "legal", _("Legal recovery"), "bad"


@dataclass(frozen=True)
class LadderDays:
    """How many days late the oldest debt is when each step comes."""

    reminder: int
    contact: int
    notice: int
    plan: int


def steps_of(oldest_due: date, days: LadderDays) -> list[tuple[Rung, date]]:
    """The steps that come with time, each with its day, counted from the due date of the oldest open debt."""
    lateness = {
        Rung.REMINDER: days.reminder, Rung.CONTACT: days.contact, Rung.NOTICE: days.notice, Rung.PLAN: days.plan,
    }  # fmt: skip
    return [(rung, oldest_due + timedelta(days=late)) for rung, late in lateness.items()]


def reached(oldest_due: date, on: date, days: LadderDays) -> list[tuple[Rung, date]]:
    """The steps whose day has come."""
    return [(rung, day) for rung, day in steps_of(oldest_due, days) if day <= on]


def next_step(oldest_due: date, days: LadderDays, taken: Container[Rung]) -> tuple[Rung, date] | None:
    """The first step that was not taken yet, whether its day has come or not."""
    return next(((rung, day) for rung, day in steps_of(oldest_due, days) if rung not in taken), None)

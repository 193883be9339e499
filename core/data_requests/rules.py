"""The terms of an answer (GDPR, art. 12 c. 3 and 4)."""

from datetime import date

from core.calendar.rules import MonthDay, add_months, deadline

MONTHS, MONTHS_MORE = 1, 2


def last_day(received_on: date, *, extended: bool, patron: MonthDay | None = None) -> date:
    """A month from the receipt, three when it was extended; a Sunday or holiday moves it on."""
    return deadline(add_months(received_on, MONTHS + (MONTHS_MORE if extended else 0)), 0, patron)

"""Legal terms of the office: so many days, with the municipality's own holiday among the others."""

from datetime import date

from sqlalchemy.orm import Session

from core.api import deadline, integer_of, patron_of


def last_day(session: Session, start: date, term: str) -> date:
    """The last day of a term whose days are a parameter (R-DEADLINE)."""
    return deadline(start, integer_of(session, term, on=start), patron_of(session, on=start))

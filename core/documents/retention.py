"""How long issued documents are kept."""

from datetime import date

from sqlalchemy.orm import Session

from core.calendar.rules import add_months
from core.database.scope import today
from core.documents.models import IssuedDocument
from core.parameters.services import seed, value_if_set

KEEP_YEARS = "documents.keep_years"
SHIPPED = [(KEEP_YEARS, "10", date(2026, 1, 1), None, "Art. 2220 c.c.")]


def load_reference(session: Session) -> int:
    """Seed the years shipped; what somebody set stays."""
    return seed(session, SHIPPED)


def kept_until(session: Session, issued: IssuedDocument) -> date | None:
    """The last day on which a document is kept; None while nobody said how long."""
    years = value_if_set(session, KEEP_YEARS, on=today())
    return None if years is None else add_months(issued.issued_on, 12 * int(years))

"""Who stands in an informal group: it has no papers, so its people answer for it."""

from sqlalchemy.orm import Session

from core.organisations.models import Organisation


def refuse_too_few(session: Session, organisation: Organisation) -> None:
    """Refuse a group of fewer than three named people, or without a referent among them."""

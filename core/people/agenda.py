"""What the registries put on the agenda: how many ISEE certificates end on which day, never whose."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.agenda.sources import AgendaItem
from core.language import plural
from core.language.formats import show_date
from core.people.models import IseeCertificate


def isee_expiries(session: Session, first: date, last: date) -> list[AgendaItem]:
    """One item a day, since most end on 31 December; its link is the list of that day."""
    wanted = select(IseeCertificate.expires_on, func.count()).where(IseeCertificate.expires_on.between(first, last))
    return [
        AgendaItem(
            day, plural("%(n)s ISEE certificate expires", "%(n)s ISEE certificates expire", count),
            f"/isee-certificates?f.expires_on.from={show_date(day)}&f.expires_on.to={show_date(day)}", "warn",
        )
        for day, count in session.execute(wanted.group_by(IseeCertificate.expires_on))
    ]  # fmt: skip

"""What sharing puts on the agenda: how many shares end on which day, never whose."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.agenda.sources import AgendaItem
from core.language import plural
from core.language.formats import show_date
from core.sharing.models import Share


def shares_that_end(session: Session, first: date, last: date) -> list[AgendaItem]:
    """One item a day on which shares of this partner, given or taken, have their last day."""
    wanted = (
        select(Share.valid_to, func.count())
        .where(Share.valid_to.between(first, last), Share.revoked_at.is_(None))
        .group_by(Share.valid_to)
    )
    return [
        AgendaItem(
            day, plural("%(n)s share ends", "%(n)s shares end", count),
            f"/shares?f.valid_to.from={show_date(day)}&f.valid_to.to={show_date(day)}", "info",
        )
        for day, count in session.execute(wanted)
    ]  # fmt: skip

"""The fund's deadlines on the agenda: a kind and a number each, never a person."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.api import AgendaItem, AgendaSource, _
from plugins.guarantee_fund.models import CommitteeSession, Guarantee, GuaranteeState
from plugins.guarantee_fund.services.guarantees import RUNNING

# More in the days shown than anybody reads: the lists have them all.
MOST = 1000
BASE = "/m/guarantee-fund"


def sessions(session: Session, first: date, last: date) -> list[AgendaItem]:
    """When the committee meets."""
    wanted = select(CommitteeSession).where(CommitteeSession.held_on.between(first, last)).limit(MOST)
    return [
        AgendaItem(one.held_on, _("Committee of the fund: session %(number)s", number=one.number),
                   f"{BASE}/sessions/{one.id}", one.state.tone)
        for one in session.scalars(wanted)
    ]  # fmt: skip


def terms(session: Session, first: date, last: date) -> list[AgendaItem]:
    """Approvals that lapse and guarantees that expire."""
    lapsing = (
        select(Guarantee)
        .where(Guarantee.state == GuaranteeState.APPROVED, Guarantee.valid_until.between(first, last))
        .options(joinedload(Guarantee.application))
    )
    ending = select(Guarantee).where(Guarantee.state.in_(RUNNING), Guarantee.expires_on.between(first, last))
    return [
        *(AgendaItem(one.valid_until, _("Approval %(number)s lapses", number=str(one)), f"{BASE}/guarantees/{one.id}",
                     "warn") for one in session.scalars(lapsing.limit(MOST))),
        *(AgendaItem(one.expires_on, _("Guarantee %(number)s expires", number=str(one)), f"{BASE}/guarantees/{one.id}")
          for one in session.scalars(ending.limit(MOST)) if one.expires_on),
    ]  # fmt: skip


SOURCES = [
    AgendaSource("guarantee_fund.sessions", _("Committee sessions"), sessions, "guarantee_fund.sessions.see"),
    AgendaSource("guarantee_fund.terms", _("Terms of guarantees"), terms, "guarantee_fund.guarantees.see"),
]

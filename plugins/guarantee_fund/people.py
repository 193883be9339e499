"""Where the fund's rows name people, and what keeps two of them from being made one."""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from core.api import Conflict, OnMerge, Person, PersonReference, _
from plugins.guarantee_fund.models import Application, ApplicationState, CommitteeMember

UNDER_WAY = (
    ApplicationState.SUBMITTED, ApplicationState.UNDER_ENQUIRY, ApplicationState.INTEGRATION,
    ApplicationState.IN_COMMITTEE,
)  # fmt: skip
REFERENCES = [
    PersonReference("guarantee_fund_application", "person_id", _("Applications to the fund")),
    PersonReference("guarantee_fund_guarantee", "person_id", _("Guarantees")),
    PersonReference("guarantee_fund_member", "person_id", _("Members of the committee")),
    # A line of the ledger is never edited: it keeps the sheet it was written with, whose address leads on.
    PersonReference("guarantee_fund_contribution", "person_id", _("Contributions given"), OnMerge.STAY),
]


def conflicts(session: Session, winner: Person, loser: Person) -> list[Conflict]:
    """Two applications that wait in one fund, or two seats in one committee: one of them has to go first."""
    return [*_two_applications(session, winner, loser), *_two_seats(session, winner, loser)]


def _two_applications(session: Session, winner: Person, loser: Person) -> list[Conflict]:
    other = aliased(Application)
    wanted = (
        select(Application)
        .join(other, other.line_id == Application.line_id)
        .where(
            Application.person_id == loser.id, other.person_id == winner.id,
            Application.state.in_(UNDER_WAY), other.state.in_(UNDER_WAY),
        )
    )  # fmt: skip
    return [_asked_twice(one) for one in session.scalars(wanted).unique()]


def _asked_twice(one: Application) -> Conflict:
    sentence = _("Both have an application under way for “%(line)s”: decide or close one first.", line=str(one.line))
    return Conflict(sentence, one.partner_id, one)


def _two_seats(session: Session, winner: Person, loser: Person) -> list[Conflict]:
    other = aliased(CommitteeMember)
    together = and_(
        or_(CommitteeMember.valid_to.is_(None), CommitteeMember.valid_to >= other.valid_from),
        or_(other.valid_to.is_(None), other.valid_to >= CommitteeMember.valid_from),
    )
    wanted = (
        select(CommitteeMember)
        .join(other, other.fund_id == CommitteeMember.fund_id)
        .where(CommitteeMember.person_id == loser.id, other.person_id == winner.id, together)
    )
    return [_sits_twice(one) for one in session.scalars(wanted).unique()]


def _sits_twice(one: CommitteeMember) -> Conflict:
    sentence = _("Both sit in the committee of %(fund)s at the same time: end one of the two seats first.",
                 fund=str(one.fund))  # fmt: skip
    return Conflict(sentence, one.partner_id, one)

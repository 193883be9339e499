"""The committee: convened, voting within quorum and conflicts, deciding."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.api import Refusal, _, household_of, scope_of, today
from plugins.guarantee_fund.models import (
    AgendaItem,
    Application,
    ApplicationState,
    Attendance,
    CommitteeMember,
    CommitteeSession,
    Fund,
    Guarantee,
    ItemOutcome,
    SessionState,
    Vote,
)
from plugins.guarantee_fund.rules.committee import Ballot, Verdict, verdict
from plugins.guarantee_fund.services.guarantees import approve

READY = (ApplicationState.UNDER_ENQUIRY,)


def appoint(
    session: Session, *, fund: Fund, name: str, valid_from: date, president: bool = False, **rest: Any
) -> CommitteeMember:
    """Appoint a member; a committee has one president at a time."""
    member = CommitteeMember(fund=fund, name=name, valid_from=valid_from, president=president, **rest)
    session.add(member)
    _check_member(member)
    session.flush()
    return member


def amend_member(session: Session, member: CommitteeMember, **changes: Any) -> CommitteeMember:
    """Correct a member's data, or end their office."""
    if changes.pop("fund", member.fund) is not member.fund:
        raise Refusal(_("A member stays in the committee of the fund: appoint them to the other."), field="fund")
    for name, value in changes.items():
        setattr(member, name, value)
    _check_member(member)
    session.flush()
    return member


def convene(session: Session, *, fund: Fund, held_on: date, **rest: Any) -> CommitteeSession:
    """Convene the members in office on a day."""
    members = [one for one in fund.members if one.sits_on(held_on)]
    if not members:
        raise Refusal(_("Nobody sits in the committee that day: appoint its members first."), field="held_on")
    last = session.scalar(select(func.max(CommitteeSession.number)).where(CommitteeSession.fund_id == fund.id)) or 0
    meeting = CommitteeSession(
        fund=fund, held_on=held_on, number=last + 1, attendance=[Attendance(member=one) for one in members], **rest
    )
    session.add(meeting)
    session.flush()
    return meeting


def put_on_agenda(session: Session, meeting: CommitteeSession, *, application: Application) -> AgendaItem:
    """Bring an application, once its enquiry is done, before a session."""
    if meeting.state is SessionState.CLOSED:
        raise Refusal(_("This session is closed."))
    if application.fund_id != meeting.fund_id:
        raise Refusal(_("This application is to another fund."), field="application")
    if application.state not in READY:
        raise Refusal(
            _("Only an application under enquiry comes before the committee: this one is %(state)s.",
              state=application.state.label), field="application",
        )  # fmt: skip
    item = AgendaItem(meeting=meeting, application=application, place=len(meeting.items) + 1)
    session.add(item)
    application.state = ApplicationState.IN_COMMITTEE
    session.flush()
    return item


def open_session(
    session: Session, meeting: CommitteeSession, *, present: Iterable[CommitteeMember]
) -> CommitteeSession:
    """Note who is there; without the majority nothing can be decided."""
    there = {one.id for one in present}
    if strangers := there - {one.member_id for one in meeting.attendance}:
        raise Refusal(_("%(n)s of these sit in another committee.", n=len(strangers)), field="present")
    voted = {vote.member_id for item in meeting.items for vote in item.votes}
    if gone := [one for one in meeting.attendance if one.member_id in voted - there]:
        raise Refusal(_("%(member)s has already voted on this.", member=gone[0].member), field="present")
    for one in meeting.attendance:
        one.present = one.member_id in there
    meeting.state = SessionState.HELD
    session.flush()
    return meeting


def cast_vote(
    session: Session, item: AgendaItem, *, member: CommitteeMember, ballot: Ballot, ground: str | None = None
) -> Vote:
    """Note a member's vote; who has a conflict of interest may only abstain, and it is recorded."""
    _refuse_decided(item)
    if item.meeting.state is not SessionState.HELD:
        raise Refusal(_("Open the session first: note who is present."))
    if member.id not in {one.member_id for one in item.meeting.attendance if one.present}:
        raise Refusal(_("%(member)s is not present.", member=member), field="member")
    if any(one.member_id == member.id for one in item.votes):
        raise Refusal(_("%(member)s has already voted on this.", member=member), field="member")
    if ballot is not Ballot.CONFLICT and (why := conflict_of(session, member, item.application)):
        raise Refusal(why, field="ballot")
    if ballot is Ballot.CONFLICT and not ground:
        raise Refusal(_("Write which conflict of interest: it stands in the minutes."), field="ground")
    vote = Vote(item=item, member=member, ballot=ballot, ground=ground)
    session.add(vote)
    session.flush()
    return vote


def cast_own_vote(session: Session, item: AgendaItem, *, ballot: Ballot, ground: str | None = None) -> Vote:
    """The vote of the member who is signed in."""
    user = scope_of(session).user_id
    mine = [one.member for one in item.meeting.attendance if user is not None and one.member.user_id == user]
    if not mine:
        raise Refusal(_("You do not sit in this committee."))
    return cast_vote(session, item, member=mine[0], ballot=ballot, ground=ground)


def conflict_of(session: Session, member: CommitteeMember, application: Application) -> Any:
    """Why a member must abstain, or None: own household, or they prepared the application themselves."""
    if member.user_id is not None and member.user_id == application.prepared_by_id:
        return _("%(member)s prepared this application and must abstain.", member=member)
    if member.person is None:
        return None
    household = household_of(session, member.person, on=today())
    same = household is not None and household.id == application.household_id
    if same or member.person_id == application.person_id:
        return _("%(member)s belongs to the applicant's household and must abstain.", member=member)
    return None


def decide(
    session: Session,
    item: AgendaItem,
    *,
    approved: Decimal | None = None,
    coverage: Decimal | None = None,
    conditions: str | None = None,
    reason: str | None = None,
    on: date | None = None,
) -> AgendaItem:
    """Draw the decision from the votes: an approval commits the fund's money, or is refused with every reason.

    The item's row is held first, so that two who decide at once decide once.
    """
    held = (
        select(AgendaItem).where(AgendaItem.id == item.id).with_for_update().execution_options(populate_existing=True)
    )
    item = session.scalars(held).one()
    _refuse_decided(item)
    _refuse_incomplete(item)
    president = next((str(one.member_id) for one in item.votes if one.member.president), None)
    said = verdict({str(one.member_id): one.ballot for one in item.votes}, president)
    application, day = item.application, on or item.meeting.held_on
    if said is Verdict.APPROVED:
        guarantee: Guarantee = approve(session, application, item=item, approved=approved, coverage=coverage, on=day)
        item.outcome, item.approved, item.coverage = ItemOutcome.APPROVED, guarantee.principal, guarantee.coverage
    elif said is Verdict.REJECTED:
        if not reason:
            raise Refusal(_("Write why: a refusal has its reasons."), field="reason")
        item.outcome, application.state, application.decided_on = ItemOutcome.REJECTED, ApplicationState.REJECTED, day
    else:
        item.outcome, application.state = ItemOutcome.DEFERRED, ApplicationState.UNDER_ENQUIRY
    item.conditions, item.reason = conditions, reason
    application.decision = conditions or reason
    session.flush()
    return item


def defer(session: Session, item: AgendaItem, *, reason: str) -> AgendaItem:
    """Send an application back to the enquiry."""
    _refuse_decided(item)
    item.outcome, item.reason, item.application.state = ItemOutcome.DEFERRED, reason, ApplicationState.UNDER_ENQUIRY
    session.flush()
    return item


def close_session(session: Session, meeting: CommitteeSession, *, minutes: str | None = None) -> CommitteeSession:
    """Close a session once every item is decided: its minutes are final."""
    if meeting.state is not SessionState.HELD:
        raise Refusal(_("Only a session under way is closed."))
    if waiting := [one for one in meeting.items if one.outcome is ItemOutcome.OPEN]:
        raise Refusal(_("%(item)s is not decided: decide it or defer it.", item=waiting[0]))
    meeting.state, meeting.minutes = SessionState.CLOSED, minutes or meeting.minutes
    session.flush()
    return meeting


def _refuse_incomplete(item: AgendaItem) -> None:
    meeting = item.meeting
    if meeting.state is not SessionState.HELD:
        raise Refusal(_("Open the session first: note who is present."))
    if not meeting.valid:
        raise Refusal(
            _("The session is not valid: %(present)s of %(members)s members are present.",
              present=meeting.present, members=meeting.members)
        )  # fmt: skip
    voted = {one.member_id for one in item.votes}
    if silent := [one for one in meeting.attendance if one.present and one.member_id not in voted]:
        raise Refusal(_("%(member)s has not voted yet.", member=silent[0]))


def _refuse_decided(item: AgendaItem) -> None:
    if item.outcome is not ItemOutcome.OPEN:
        raise Refusal(_("This was already decided: %(outcome)s.", outcome=item.outcome.label))


def _check_member(member: CommitteeMember) -> None:
    if member.valid_to is not None and member.valid_to < member.valid_from:
        raise Refusal(_("The last day comes before the first."), field="valid_to")
    if not member.president:
        return
    for other in member.fund.members:
        overlaps = (other.valid_to is None or member.valid_from <= other.valid_to) and (
            member.valid_to is None or other.valid_from <= member.valid_to
        )
        if other is not member and other.president and overlaps:
            raise Refusal(_("%(member)s presides in those days.", member=other), field="president")

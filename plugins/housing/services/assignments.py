"""Offers: a home promised to an application, the answer, and the decree that assigns."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.api import Refusal, _, show_date, today, value_if_set
from plugins.housing.models import (
    Application,
    ApplicationState,
    Assignment,
    AssignmentState,
    Dwelling,
    DwellingState,
    Ranking,
    RankingState,
    Regime,
)
from plugins.housing.services.applications import RANKABLE
from plugins.housing.services.checks import refuse_unverified
from plugins.housing.services.dwellings import lock_dwelling
from plugins.housing.services.terms import last_day

OFFERABLE = (ApplicationState.RANKED, ApplicationState.DECLINED_WITH_CAUSE)


def offer_dwelling(
    session: Session,
    application: Application,
    *,
    dwelling: Dwelling,
    offered_on: date | None = None,
    answer_by: date | None = None,
) -> Assignment:
    """Offer a free home to an application of a final ranking; the home is reserved until the answer."""
    day = offered_on or today()
    if application.state not in OFFERABLE:
        raise Refusal(_("A home is offered to who stands in the ranking: this one is %(state)s.",
                        state=application.state.label))  # fmt: skip
    final = select(Ranking).where(Ranking.call_id == application.call_id, Ranking.state == RankingState.FINAL)
    ranking = session.scalars(final).first()
    if ranking is None:
        raise Refusal(_("Homes are offered from the final ranking: make it final first."))
    if ranking.expires_on is not None and ranking.expires_on < day:
        raise Refusal(_("This ranking was in force until %(day)s.", day=show_date(ranking.expires_on)))
    _refuse_unknown(session, application, dwelling)
    home = lock_dwelling(session, dwelling)
    if home.state is not DwellingState.AVAILABLE:
        raise Refusal(_("%(home)s is %(state)s.", home=home, state=home.state.label), field="dwelling")
    if answer_by is not None and answer_by < day:
        raise Refusal(_("The answer cannot come before the offer."), field="answer_by")
    offer = Assignment(
        application=application, dwelling=home, offered_on=day,
        answer_by=answer_by or last_day(session, day, "housing.answer_days"),
    )  # fmt: skip
    session.add(offer)
    home.state, application.state = DwellingState.RESERVED, ApplicationState.OFFERED
    session.flush()
    return offer


def _refuse_unknown(session: Session, application: Application, dwelling: Dwelling) -> None:
    """What the region ranked is verified before anything is offered: who applies, for which homes, by which right."""
    if application.call.regime is not Regime.SAP:
        return
    if application.person is None:
        raise Refusal(_("Identify the applicant first: the region gave a number alone."))
    if dwelling.id not in {application.first_choice_id, application.second_choice_id}:
        raise Refusal(_("This household did not ask for %(home)s.", home=dwelling), field="dwelling")
    refuse_unverified(session, application)


def accept_offer(session: Session, offer: Assignment, *, on: date | None = None) -> Assignment:
    """The household takes the home."""
    _answer(offer, AssignmentState.ACCEPTED, on)
    session.flush()
    return offer


def refuse_offer(
    session: Session, offer: Assignment, *, reason: str, justified: bool, on: date | None = None
) -> Assignment:
    """The household declines: with a good cause it keeps its place, without one it leaves the ranking.

    Where a parameter says how many times with cause are enough, the last of them leaves it too.
    """
    _answer(offer, AssignmentState.REFUSED_WITH_CAUSE if justified else AssignmentState.REFUSED, on)
    offer.reason, offer.dwelling.state = reason, DwellingState.AVAILABLE
    stays = justified and not _declined_too_often(session, offer)
    offer.application.state = ApplicationState.DECLINED_WITH_CAUSE if stays else ApplicationState.DECLINED
    if justified and not stays:
        offer.application.note = str(_("It declined as many times as the call allows."))
    session.flush()
    return offer


def _declined_too_often(session: Session, offer: Assignment) -> bool:
    most = value_if_set(session, "housing.refusals_most", on=offer.answered_on or today())
    if most is None:
        return False
    session.flush()
    declined = select(func.count(Assignment.id)).where(
        Assignment.application_id == offer.application_id, Assignment.state == AssignmentState.REFUSED_WITH_CAUSE
    )
    return (session.scalar(declined) or 0) >= int(most)


def refuse_with_cause(session: Session, offer: Assignment, *, reason: str, on: date | None = None) -> Assignment:
    """Decline and stay in the ranking."""
    return refuse_offer(session, offer, reason=reason, justified=True, on=on)


def refuse_without_cause(session: Session, offer: Assignment, *, reason: str, on: date | None = None) -> Assignment:
    """Decline and leave the ranking."""
    return refuse_offer(session, offer, reason=reason, justified=False, on=on)


def expire_offer(session: Session, offer: Assignment, *, on: date | None = None) -> Assignment:
    """Nobody answered in time: silence counts as a refusal without cause, and the home is free again."""
    day = on or today()
    if offer.state is not AssignmentState.OFFERED:
        raise Refusal(_("This offer was already answered."))
    if offer.answer_by is not None and day <= offer.answer_by:
        raise Refusal(_("They may answer until %(day)s.", day=show_date(offer.answer_by)))
    offer.state, offer.dwelling.state = AssignmentState.UNANSWERED, DwellingState.AVAILABLE
    offer.application.state = ApplicationState.DECLINED
    offer.application.note = str(_("It did not answer the offer in time."))
    session.flush()
    return offer


def assign(session: Session, offer: Assignment, *, decree: str, decree_on: date | None = None) -> Assignment:
    """Assign the home by decree, after the household accepted and each requirement was verified."""
    if offer.state is not AssignmentState.ACCEPTED:
        raise Refusal(_("The household has not accepted yet."))
    day = decree_on or today()
    if not (offer.answered_on or offer.offered_on) <= day <= today():
        raise Refusal(_("The decree comes between the acceptance and today."), field="decree_on")
    refuse_unverified(session, offer.application)
    offer.state, offer.decree, offer.decree_on = AssignmentState.ASSIGNED, decree, day
    offer.application.state, offer.dwelling.state = ApplicationState.ASSIGNED, DwellingState.ASSIGNED
    session.flush()
    return offer


def lapse_assignment(session: Session, offer: Assignment, *, reason: str) -> Assignment:
    """Take the home back before the lease: the household withdrew or lost the right to it."""
    if offer.state not in {AssignmentState.ACCEPTED, AssignmentState.ASSIGNED}:
        raise Refusal(_("Only what was accepted or assigned, and not let yet, lapses."))
    offer.state, offer.reason, offer.dwelling.state = AssignmentState.LAPSED, reason, DwellingState.AVAILABLE
    offer.application.state, offer.application.note = ApplicationState.LAPSED, reason
    session.flush()
    return offer


def lapse_application(session: Session, application: Application, *, reason: str) -> Application:
    """Take an application out before any offer: the household withdrew, or a verification was not confirmed."""
    if application.state not in RANKABLE:
        raise Refusal(_("This application is %(state)s: it does not lapse.", state=application.state.label))
    application.state, application.note = ApplicationState.LAPSED, reason
    session.flush()
    return application


def _answer(offer: Assignment, state: AssignmentState, on: date | None) -> None:
    if offer.state is not AssignmentState.OFFERED:
        raise Refusal(_("This offer was already answered."))
    day = on or today()
    if day < offer.offered_on:
        raise Refusal(_("The answer cannot come before the offer."), field="on")
    offer.state, offer.answered_on = state, day

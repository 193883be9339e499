"""Offers: a home promised to an application, the answer, and the decree that assigns."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import Refusal, _, integer_of, today
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
from plugins.housing.services.checks import refuse_unverified
from plugins.housing.services.dwellings import lock_dwelling

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
    final = select(Ranking.id).where(Ranking.call_id == application.call_id, Ranking.state == RankingState.FINAL)
    if not session.scalars(final).first():
        raise Refusal(_("Homes are offered from the final ranking: make it final first."))
    _refuse_unknown(session, application, dwelling)
    home = lock_dwelling(session, dwelling)
    if home.state is not DwellingState.AVAILABLE:
        raise Refusal(_("%(home)s is %(state)s.", home=home, state=home.state.label), field="dwelling")
    days = integer_of(session, "housing.answer_days", on=day)
    offer = Assignment(
        application=application, dwelling=home, offered_on=day, answer_by=answer_by or day + timedelta(days=days)
    )
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
    """The household declines: with a good cause it keeps its place, without one it leaves the ranking."""
    _answer(offer, AssignmentState.REFUSED_WITH_CAUSE if justified else AssignmentState.REFUSED, on)
    offer.reason = reason
    offer.application.state = ApplicationState.DECLINED_WITH_CAUSE if justified else ApplicationState.DECLINED
    offer.dwelling.state = DwellingState.AVAILABLE
    session.flush()
    return offer


def refuse_with_cause(session: Session, offer: Assignment, *, reason: str, on: date | None = None) -> Assignment:
    """Decline and stay in the ranking."""
    return refuse_offer(session, offer, reason=reason, justified=True, on=on)


def refuse_without_cause(session: Session, offer: Assignment, *, reason: str, on: date | None = None) -> Assignment:
    """Decline and leave the ranking."""
    return refuse_offer(session, offer, reason=reason, justified=False, on=on)


def assign(session: Session, offer: Assignment, *, decree: str) -> Assignment:
    """Assign the home by decree, after the household accepted."""
    if offer.state is not AssignmentState.ACCEPTED:
        raise Refusal(_("The household has not accepted yet."))
    offer.state, offer.decree = AssignmentState.ASSIGNED, decree
    offer.application.state, offer.dwelling.state = ApplicationState.ASSIGNED, DwellingState.ASSIGNED
    session.flush()
    return offer


def _answer(offer: Assignment, state: AssignmentState, on: date | None) -> None:
    if offer.state is not AssignmentState.OFFERED:
        raise Refusal(_("This offer was already answered."))
    day = on or today()
    if day < offer.offered_on:
        raise Refusal(_("The answer cannot come before the offer."), field="on")
    offer.state, offer.answered_on = state, day

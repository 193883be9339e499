"""Requests for correction and appeals: received in or out of time, decided, and what they change."""

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.api import IseeCertificate, Refusal, _, next_number, now, plural, scope_of, show_date, today
from plugins.housing.models import (
    Appeal,
    AppealKind,
    AppealState,
    Application,
    Call,
    Ranking,
    RankingRow,
    RankingState,
    Regime,
)
from plugins.housing.services.applications import correct_answers
from plugins.housing.services.rankings import draw_up_ranking, is_out_of_time

SERIES = "APPEAL"
LONGEST_REASON = 500


def register_appeal(
    session: Session, *, application: Application, received_on: date, grounds: str, kind: AppealKind | None = None
) -> Appeal:
    """Take a request in against the version that was public that day; one out of time is kept, and marked."""
    versions = published_versions(session, application.call)
    if not versions:
        raise Refusal(
            _("No ranking of call %(call)s is published: there is nothing to contest yet.",
              call=application.call.number), field="application",
        )  # fmt: skip
    known = [(since, one) for one in versions if (since := one.public_since) is not None]
    public = [one for since, one in known if since <= received_on]
    if not public or received_on > today():
        raise Refusal(
            _("A request comes between the publication, %(day)s, and today.", day=show_date(known[0][0])),
            field="received_on",
        )
    ranking = public[-1]
    if not _stands_in(session, ranking, application):
        raise Refusal(
            _("%(application)s does not stand in %(ranking)s.", application=application, ranking=ranking),
            field="application",
        )
    kind = kind or AppealKind.CORRECTION
    late = kind is AppealKind.CORRECTION and is_out_of_time(ranking, received_on=received_on)
    appeal = Appeal(
        protocol=next_number(session, SERIES, on=received_on), application=application, ranking=ranking, kind=kind,
        received_on=received_on, late=late, grounds=grounds,
    )  # fmt: skip
    session.add(appeal)
    session.flush()
    return appeal


def published_versions(session: Session, call: Call) -> list[Ranking]:
    """The versions that were made public, provisional or final, from the first; what is contested."""
    since = func.coalesce(Ranking.published_on, Ranking.final_on)
    wanted = select(Ranking).where(
        Ranking.call_id == call.id, since.is_not(None), Ranking.state != RankingState.EXPIRED
    )
    return list(session.scalars(wanted.order_by(Ranking.edition)))


def _stands_in(session: Session, ranking: Ranking, application: Application) -> bool:
    row = select(RankingRow.id).where(RankingRow.ranking_id == ranking.id, RankingRow.application_id == application.id)
    return session.scalars(row).first() is not None


def grant_appeal(
    session: Session,
    appeal: Appeal,
    *,
    reason: str,
    answers: dict[str, Any],
    isee_certificate: IseeCertificate | None = None,
) -> Appeal:
    """Correct the application as asked and draw up a new version, which says why it was made.

    The points of public housing are the region's: there its corrected file makes the new version.
    """
    _refuse_decided(appeal)
    if appeal.application.call.regime is Regime.SAP:
        _decide(session, appeal, AppealState.GRANTED, reason)
        return appeal
    correct_answers(session, appeal.application, answers=answers, isee_certificate=isee_certificate)
    why = str(_("%(kind)s %(protocol)s granted: %(reason)s", kind=appeal.kind.label, protocol=appeal.protocol,
                reason=reason))  # fmt: skip
    appeal.led_to = draw_up_ranking(session, appeal.application.call, reason=why[:LONGEST_REASON])
    _decide(session, appeal, AppealState.GRANTED, reason)
    return appeal


def reject_appeal(session: Session, appeal: Appeal, *, reason: str) -> Appeal:
    """Leave the ranking as it is, and say why."""
    _refuse_decided(appeal)
    _decide(session, appeal, AppealState.REJECTED, reason)
    return appeal


def _refuse_decided(appeal: Appeal) -> None:
    if appeal.state is not AppealState.OPEN:
        raise Refusal(_("This request is already decided: %(state)s.", state=appeal.state.label))


def _decide(session: Session, appeal: Appeal, state: AppealState, reason: str) -> None:
    appeal.state, appeal.reason = state, reason
    appeal.officer, appeal.decided_at = scope_of(session).actor, now()
    session.flush()


def appeals_by_state(session: Session, ranking: Ranking) -> list[tuple[AppealState, int]]:
    """How many requests about a version are granted, rejected, to be decided."""
    counted = dict(
        session.execute(
            select(Appeal.state, func.count()).where(Appeal.ranking_id == ranking.id).group_by(Appeal.state)
        ).all()
    )
    return [(state, counted[state]) for state in AppealState if state in counted]


def said_of(counted: list[tuple[AppealState, int]]) -> str:
    """The count of requests in a sentence."""
    total = sum(count for _state, count in counted)
    if not total:
        return str(_("No request so far."))
    parts = ", ".join(f"{count} {str(state.label).lower()}" for state, count in counted)
    return f"{plural('%(n)s request so far', '%(n)s requests so far', total)}: {parts}."

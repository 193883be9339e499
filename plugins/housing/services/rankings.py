"""Rankings: drawn up in versions, published by a second person, contested until a day, made final."""

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.api import Refusal, _, integer_of, now, plural, scope_of, show_date, today
from plugins.housing.models import Application, ApplicationState, Call, CallState, Ranking, RankingRow, RankingState
from plugins.housing.rules.calls import digest, draw_up
from plugins.housing.rules.publication import Outcome, is_late, last_day_for_requests
from plugins.housing.services.applications import EXAMINED, score_applications
from plugins.housing.services.calls import applications_of

CANDIDATES = (ApplicationState.ADMITTED, ApplicationState.RANKED, ApplicationState.DECLINED_WITH_CAUSE)


class SamePerson(Refusal):
    """Who drew up a ranking wants to publish it too."""


def draw_up_ranking(session: Session, call: Call) -> Ranking:
    """Draw up a new version: who is admitted in order, who is excluded with the rule; earlier ones stay."""
    _refuse_unready(session, call)
    score_applications(session, call)
    applications = {one.protocol: one for one in applications_of(session, call)}
    candidates = [one.entry for one in applications.values() if one.state in CANDIDATES]
    excluded = {one.protocol: one.rule or "" for one in applications.values() if one.state is ApplicationState.EXCLUDED}
    rules = call.rules
    drawn = draw_up(rules, candidates)
    excluded |= {protocol: reasons[0].rule for protocol, reasons in drawn.excluded.items()}
    out = [applications[protocol].entry for protocol in excluded if protocol not in drawn.excluded]
    ranking = _new_version(session, call, digest(rules, [*candidates, *out]))
    rows = [_placed(applications[place.candidate.application], place) for place in drawn.places]
    rows += [_left_out(applications[protocol], excluded[protocol]) for protocol in sorted(excluded)]
    for order, row in enumerate(rows, start=1):
        row.order = order
    ranking.rows.extend(rows)
    session.flush()
    return ranking


def _refuse_unready(session: Session, call: Call) -> None:
    if call.state is not CallState.CLOSED:
        raise Refusal(_("Close the call before drawing up its ranking."))
    waiting = select(func.count()).where(Application.call_id == call.id, Application.state.in_(EXAMINED))
    if count := session.scalar(waiting):
        raise Refusal(
            plural("%(n)s application is not decided yet: admit or exclude it first.",
                   "%(n)s applications are not decided yet: admit or exclude them first.", count)
        )  # fmt: skip


def _new_version(session: Session, call: Call, fingerprint: str) -> Ranking:
    last = session.scalar(select(func.max(Ranking.edition)).where(Ranking.call_id == call.id)) or 0
    scope = scope_of(session)
    ranking = Ranking(
        call=call, edition=last + 1, digest=fingerprint, drawn_up_at=now(), drawn_up_by_id=scope.user_id,
        drawn_up_by=scope.actor,
    )  # fmt: skip
    session.add(ranking)
    return ranking


def _placed(application: Application, place: Any) -> RankingRow:
    return RankingRow(
        application=application, protocol=application.protocol, position=place.position,
        total=place.candidate.total, outcome=Outcome.ADMITTED, behind_by=place.behind_by, ahead_by=place.ahead_by,
        draw=place.draw, lines=[_copied(line) for line in application.lines],
    )  # fmt: skip


def _copied(line: Any) -> dict[str, str]:
    return {
        "group": line.group, "criterion": line.criterion, "datum": line.datum, "points": str(line.points),
        "counted": str(line.counted),
    }  # fmt: skip


def _left_out(application: Application, rule: str) -> RankingRow:
    return RankingRow(
        application=application, protocol=application.protocol, outcome=Outcome.EXCLUDED, rule=rule, lines=[]
    )


def publish_ranking(session: Session, ranking: Ranking, *, on: date | None = None) -> Ranking:
    """Publish a version for whom it concerns; two people answer for it, so never who drew it up.

    Earlier provisional versions give way; requests are taken until the legal last day.
    """
    scope, day = scope_of(session), on or today()
    if (ranking.drawn_up_by_id, ranking.drawn_up_by) == (scope.user_id, scope.actor):
        raise SamePerson(_("You drew this ranking up: a colleague publishes it."))
    if ranking.state is not RankingState.COMPUTED:
        raise Refusal(_("This version was already published."))
    for other in ranking.call.rankings:
        if other.state is RankingState.PROVISIONAL:
            other.state = RankingState.UPDATED
    days = integer_of(session, "housing.request_days", on=day)
    ranking.state, ranking.published_on, ranking.published_by = RankingState.PROVISIONAL, day, scope.actor
    ranking.requests_until = last_day_for_requests(day, days=days)
    for row in ranking.rows:
        if row.outcome is Outcome.ADMITTED:
            row.application.state = ApplicationState.RANKED
    session.flush()
    return ranking


def make_final(session: Session, ranking: Ranking, *, on: date | None = None) -> Ranking:
    """Make a provisional ranking final, once nobody can ask for corrections any more."""
    last = ranking.requests_until
    if ranking.state is not RankingState.PROVISIONAL or last is None:
        raise Refusal(_("Only a provisional ranking becomes final."))
    if not is_late(on or today(), last):
        raise Refusal(_("Corrections may be asked until %(day)s: wait until then.", day=show_date(last)))
    for other in ranking.call.rankings:
        if other.state is RankingState.FINAL:
            other.state = RankingState.UPDATED
    ranking.state = RankingState.FINAL
    session.flush()
    return ranking


def is_out_of_time(ranking: Ranking, *, received_on: date) -> bool:
    """Whether a request for correction came too late; the last day itself is in time."""
    return ranking.requests_until is not None and is_late(received_on, ranking.requests_until)


def row_at(session: Session, ranking: Ranking, order: int) -> RankingRow | None:
    """One row of a ranking, by its order."""
    wanted = select(RankingRow).where(RankingRow.ranking_id == ranking.id, RankingRow.order == order)
    return session.scalars(wanted).first()

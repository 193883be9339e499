"""Rankings: drawn up in versions, published by a second person, contested until a day, made final."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.api import (
    Refusal,
    Scope,
    _,
    add_months,
    integer_of,
    now,
    plural,
    scope_of,
    show_date,
    today,
    value_if_set,
)
from plugins.housing.models import (
    Appeal,
    AppealKind,
    AppealState,
    Application,
    ApplicationState,
    Call,
    CallState,
    Ranking,
    RankingRow,
    RankingState,
    Regime,
)
from plugins.housing.rules.calls import digest, draw_up
from plugins.housing.rules.publication import Outcome, is_late
from plugins.housing.services.applications import EXAMINED, RANKABLE, score_applications
from plugins.housing.services.calls import applications_of
from plugins.housing.services.reserves import fill_reserves, kept_homes, reasons_of
from plugins.housing.services.terms import last_day


class SamePerson(Refusal):
    """Who drew up a ranking wants to publish it too."""


def draw_up_ranking(session: Session, call: Call, *, reason: str | None = None) -> Ranking:
    """Draw up a new version: who is admitted in order, who is excluded with the rule; earlier ones stay."""
    _refuse_unready(session, call)
    score_applications(session, call)
    applications = {one.protocol: one for one in applications_of(session, call)}
    candidates = [one.entry for one in applications.values() if one.state in RANKABLE]
    excluded = {one.protocol: one.rule or "" for one in applications.values() if one.state is ApplicationState.EXCLUDED}
    rules = call.rules
    drawn = draw_up(rules, candidates)
    excluded |= {protocol: reasons[0].rule for protocol, reasons in drawn.excluded.items()}
    out = [applications[protocol].entry for protocol in excluded if protocol not in drawn.excluded]
    kept, why = kept_homes(session, call), reasons_of(session, call, applications.values())
    # Nothing is written until the version is whole: once written it is never changed.
    with session.no_autoflush:
        ranking = new_version(session, call, digest(rules, [*candidates, *out]), reason)
        rows = [_placed(applications[place.candidate.application], place) for place in drawn.places]
        rows += [_left_out(applications[protocol], excluded[protocol]) for protocol in sorted(excluded)]
        for order, row in enumerate(rows, start=1):
            row.order = order
        ranking.rows.extend(rows)
        fill_reserves(ranking, kept, why)
    session.flush()
    return ranking


def _refuse_unready(session: Session, call: Call) -> None:
    if call.regime is Regime.SAP:
        raise Refusal(_("The region ranks public housing: import its file."))
    if call.state is not CallState.CLOSED:
        raise Refusal(_("Close the call before drawing up its ranking."))
    waiting = select(func.count()).where(Application.call_id == call.id, Application.state.in_(EXAMINED))
    if count := session.scalar(waiting):
        raise Refusal(
            plural("%(n)s application is not decided yet: admit or exclude it first.",
                   "%(n)s applications are not decided yet: admit or exclude them first.", count)
        )  # fmt: skip


def new_version(session: Session, call: Call, fingerprint: str, reason: str | None) -> Ranking:
    """The next version of a call's ranking, still empty: its rows follow before anything is written."""
    last = session.scalar(select(func.max(Ranking.edition)).where(Ranking.call_id == call.id)) or 0
    scope = scope_of(session)
    ranking = Ranking(
        call=call, edition=last + 1, digest=fingerprint, drawn_up_at=now(), drawn_up_by_id=scope.user_id,
        drawn_up_by=scope.actor, reason=reason,
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
        "key": line.key, "group": line.group, "criterion": line.criterion, "datum": line.datum,
        "points": str(line.points), "counted": str(line.counted),
    }  # fmt: skip


def _left_out(application: Application, rule: str) -> RankingRow:
    return RankingRow(
        application=application, protocol=application.protocol, outcome=Outcome.EXCLUDED, rule=rule, lines=[]
    )


def publish_ranking(session: Session, ranking: Ranking, *, act: str | None = None, on: date | None = None) -> Ranking:
    """Publish a version for whom it concerns; two people answer for it, so never who drew it up.

    Earlier provisional versions give way; requests are taken until the legal last day.
    """
    scope, day = _approver(session, ranking), on or today()
    if ranking.state is not RankingState.COMPUTED:
        raise Refusal(_("This version was already published."))
    if day > today():
        raise Refusal(_("The day of publication is not come yet."), field="on")
    _replace(ranking, RankingState.PROVISIONAL)
    ranking.state, ranking.published_on, ranking.act = RankingState.PROVISIONAL, day, act
    ranking.published_by_id, ranking.published_by = scope.user_id, scope.actor
    ranking.posted_until = day + timedelta(days=integer_of(session, "housing.publication_days", on=day))
    ranking.requests_until = last_day(session, day, "housing.request_days")
    _enter(ranking)
    session.flush()
    return ranking


def _approver(session: Session, ranking: Ranking) -> Scope:
    """Who acts, when it is not who drew the ranking up."""
    scope = scope_of(session)
    if (ranking.drawn_up_by_id, ranking.drawn_up_by) == (scope.user_id, scope.actor):
        raise SamePerson(_("You drew this ranking up: a colleague approves it."))
    return scope


def _replace(ranking: Ranking, *states: RankingState) -> None:
    for other in ranking.call.rankings:
        if other.state in states and other is not ranking:
            other.state = RankingState.UPDATED


def _enter(ranking: Ranking) -> None:
    """Whoever is admitted stands in the ranking from its publication."""
    for row in ranking.rows:
        if row.outcome is Outcome.ADMITTED and row.application.state is ApplicationState.ADMITTED:
            row.application.state = ApplicationState.RANKED


def make_final(
    session: Session,
    ranking: Ranking,
    *,
    act: str | None = None,
    despite: str | None = None,
    on: date | None = None,
) -> Ranking:
    """Make a version final once requests can come no more and those in time are decided, or `despite` says why not.

    It may be the provisional version, or the one that followed from the requests granted.
    """
    scope, day = _approver(session, ranking), on or today()
    _refuse_early(ranking, day)
    if (undecided := undecided_requests(session, ranking.call)) and not despite:
        raise Refusal(
            plural("%(n)s request in time is not decided: decide it, or write why the ranking does not wait.",
                   "%(n)s requests in time are not decided: decide them, or write why the ranking does not wait.",
                   undecided), field="despite",
        )  # fmt: skip
    _replace(ranking, RankingState.PROVISIONAL, RankingState.FINAL)
    ranking.state, ranking.final_on, ranking.final_act = RankingState.FINAL, day, act
    ranking.made_final_by_id, ranking.made_final_by = scope.user_id, scope.actor
    ranking.despite = despite if undecided else None
    months = value_if_set(session, "housing.ranking_months", on=day)
    ranking.expires_on = add_months(day, int(months)) if months else None
    _enter(ranking)
    session.flush()
    return ranking


def _refuse_early(ranking: Ranking, day: date) -> None:
    versions = ranking.call.rankings
    if ranking.state not in {RankingState.COMPUTED, RankingState.PROVISIONAL}:
        raise Refusal(_("This version is %(state)s.", state=ranking.state.label))
    if any(other.edition > ranking.edition for other in versions):
        raise Refusal(_("A later version was drawn up: make that one final."))
    last = last_day_of_requests(ranking)
    if last is None:
        raise Refusal(_("Publish the ranking as provisional first."))
    if not is_late(day, last):
        raise Refusal(_("Corrections may be asked until %(day)s: wait until then.", day=show_date(last)))


def undecided_requests(session: Session, call: Call) -> int:
    """How many requests for correction came in time and wait for a decision."""
    wanted = (
        select(func.count())
        .select_from(Appeal)
        .join(Ranking, Appeal.ranking_id == Ranking.id)
        .where(
            Ranking.call_id == call.id,
            Appeal.kind == AppealKind.CORRECTION,
            Appeal.state == AppealState.OPEN,
            Appeal.late.is_(False),
        )
    )
    return session.scalar(wanted) or 0


def expire_ranking(session: Session, ranking: Ranking, *, reason: str) -> Ranking:
    """End a final ranking: no home is offered from it any more."""
    if ranking.state is not RankingState.FINAL:
        raise Refusal(_("Only a final ranking expires."))
    ranking.state, ranking.expiry_reason = RankingState.EXPIRED, reason
    session.flush()
    return ranking


def expire_rankings(session: Session, *, on: date) -> list[Ranking]:
    """End every final ranking whose last day is over."""
    over = select(Ranking).where(Ranking.state == RankingState.FINAL, Ranking.expires_on < on)
    return [
        expire_ranking(session, one, reason=str(_("Its term ended on %(day)s.", day=show_date(one.expires_on))))
        for one in session.scalars(over).all()
        if one.expires_on is not None
    ]


def is_out_of_time(ranking: Ranking, *, received_on: date) -> bool:
    """Whether a request for correction came too late; the last day itself is in time."""
    last = last_day_of_requests(ranking)
    return last is not None and is_late(received_on, last)


def last_day_of_requests(ranking: Ranking) -> date | None:
    """Until when corrections may be asked: the term runs from the last provisional version of the call."""
    ends = [other.requests_until for other in ranking.call.rankings if other.requests_until is not None]
    return max(ends, default=None)


def row_at(session: Session, ranking: Ranking, order: int) -> RankingRow | None:
    """One row of a ranking, by its order."""
    wanted = select(RankingRow).where(RankingRow.ranking_id == ranking.id, RankingRow.order == order)
    return session.scalars(wanted).first()

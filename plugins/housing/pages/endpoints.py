"""The JSON endpoints beside those of the collections: places of a ranking, what is published, arrears, a month."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g

from core.api import (
    NotFound,
    Refusal,
    _,
    job_address,
    read_sent,
    requires,
    say,
    start_job,
    take_purpose,
    takes,
    tell,
    today,
)
from plugins.housing import jobs
from plugins.housing.access import Can
from plugins.housing.call_forms import RegionalForm
from plugins.housing.forms import MonthForm
from plugins.housing.models import Call, RankingRow, ScoringScheme
from plugins.housing.pages.views import ranking_of
from plugins.housing.rent_forms import UpdatesForm, YearForm
from plugins.housing.rules.arrears import Bucket
from plugins.housing.rules.comparison import Addend, Move, Standing
from plugins.housing.rules.ledger import NOTHING
from plugins.housing.services import comparisons, indexation, picture, regional
from plugins.housing.services.picture import Picture
from plugins.housing.withheld import answers_withheld, without_answers

endpoints = Blueprint("housing-endpoints", __name__, url_prefix="/api/v1/housing")

PLACE = ("order", "position", "application_id", "total", "outcome", "rule", "behind_by", "ahead_by", "draw")
SPECIAL = ("behind_by", "ahead_by")
PUBLIC = ("position", "application", "total", "outcome", "rule")


@endpoints.get("/rankings/<uuid:key>/places")
@requires("housing.rankings.see")
def places(key: UUID) -> Response:
    """Every place of a version with each addend of its points, as the office sees it."""
    rows = ranking_of(key).rows
    take_purpose()
    closed = answers_withheld(g.session, rows)
    return say({"items": [_place(row, closed=row.protocol in closed) for row in rows]})


def _place(row: RankingRow, *, closed: bool) -> dict[str, Any]:
    told = {name: None if closed and name in SPECIAL else tell(getattr(row, name)) for name in PLACE}
    lines = {"withheld": [*SPECIAL, "lines"], "lines": None} if closed else {"lines": row.lines}
    return {"application": row.protocol, **told, **lines}


@endpoints.get("/rankings/<uuid:key>/public")
@requires("housing.rankings.see")
def public(key: UUID) -> Response:
    """A version as it is published: no name, no ISEE, no single score."""
    rows = ranking_of(key).public_rows
    return say({"items": [{name: tell(getattr(row, name)) for name in PUBLIC} for row in rows]})


@endpoints.get("/rankings/<uuid:key>/comparison/<int:edition>")
@requires("housing.rankings.see")
def comparison(key: UUID, edition: int) -> Response:
    """What changed in a version since another edition of the same ranking."""
    ranking = ranking_of(key)
    other = next((one for one in ranking.call.rankings if one.edition == edition), None)
    if other is None:
        raise NotFound(_("There is no such record here."))
    return _compared(comparisons.compare_versions(other, ranking), ranking.call)


@endpoints.get("/schemes/<uuid:key>/trial/<uuid:call>")
@requires(Can.TRY_SCHEMES)
def trial(key: UUID, call: UUID) -> Response:
    """A past call's order under its own scheme and under another; nothing is written."""
    scheme, tried = g.session.get(ScoringScheme, key), g.session.get(Call, call)
    if scheme is None or tried is None:
        raise NotFound(_("There is no such record here."))
    return _compared(comparisons.try_scheme(g.session, scheme, tried), tried)


@endpoints.post("/calls/<uuid:key>/regional-ranking")
@requires(Can.IMPORT_REGIONAL)
@takes(RegionalForm)
def import_regional(key: UUID) -> Response:
    """Import the region's file, its text in `content`; with `dry_run` say what it would do and every problem."""
    call = g.session.get(Call, key)
    if call is None:
        raise NotFound(_("There is no such record here."))
    sent = read_sent(RegionalForm)
    content = sent["content"].encode()
    if sent["dry_run"]:
        report = regional.try_regional(g.session, call, content=content)
    else:
        report = regional.import_regional(g.session, call, content=content)
    counts = {name: getattr(report, name) for name in ("read", "created", "updated", "unchanged", "gone")}
    problems = [
        {"row": one.line, "column": one.column, "value": one.value, "reason": one.reason} for one in report.problems
    ]
    ranking = str(report.ranking.id) if report.ranking else None
    return say({**counts, "unread": list(report.unread), "problems": problems, "ranking": ranking})


def _compared(moves: list[Move], call: Call) -> Response:
    """The moves; of applications whose answers are not open to the caller without their criteria."""
    take_purpose()
    shown, closed = without_answers(g.session, call, moves)
    return say({"items": [_move(one) for one in shown], "withheld": sorted(closed)})


def _move(move: Move) -> dict[str, Any]:
    sides = {name: _side(one) for name, one in (("before", move.before), ("after", move.after))}
    told = [
        {"criterion": one.criterion, "before": _addend(one.before), "after": _addend(one.after)}
        for one in move.differences
    ]
    return {"application": move.application, "movement": move.movement.value, **sides, "differences": told}


def _side(standing: Standing | None) -> dict[str, Any] | None:
    if standing is None:
        return None
    return {name: tell(getattr(standing, name)) for name in ("position", "total", "rule")}


def _addend(addend: Addend | None) -> dict[str, Any] | None:
    return None if addend is None else {"datum": addend.datum, "counted": tell(addend.counted)}


@endpoints.get("/arrears")
@requires(Can.SEE_ARREARS)
def all_arrears() -> Response:
    """Who owes what today, since when: leases with something past its due date, the largest debt first."""
    day = today()
    lines = picture.pictures(g.session, on=day, notes=g.scope.may("housing.social-notes.see"))
    total = sum((one.arrears.late for one in lines), start=NOTHING)
    return say({"on": tell(day), "total": tell(total), "items": [_line(one) for one in lines]})


def _line(line: Picture) -> dict[str, Any]:
    told = line.arrears
    return {
        "lease": str(told.lease.id), "number": told.lease.number, "late": tell(told.late), "days": told.days,
        "reasons": [reason.value for reason in told.reasons], "buckets": [_bucket(one) for one in told.buckets],
        "last_payment": {"on": tell(line.paid.day), "amount": tell(line.paid.amount)} if line.paid else None,
        "next_step": {"step": line.next.kind.value, "on": tell(line.next.day)} if line.next else None,
        "plan": {"number": line.plan.number, "state": line.plan.state.value} if line.plan else None,
        "social_note": line.note,
    }  # fmt: skip


def _bucket(bucket: Bucket) -> dict[str, Any]:
    return {name: tell(getattr(bucket, name)) for name in ("first_day", "last_day", "amount")}


@endpoints.post("/charge-month")
@requires(Can.CHARGE_MONTH)
@takes(MonthForm)
def charge_month() -> Response:
    """Let a month be charged on every running lease, any day of it told; the answer is the job to follow."""
    job = jobs.start_charging(g.session, **read_sent(MonthForm))
    address = f"/api/v1{job_address(job)}"
    return say({"id": str(job.id), "state": job.state.value, "job": address}, 202, Location=address)


@endpoints.post("/indexation")
@requires("housing.rent-updates.confirm")
@takes(UpdatesForm)
def indexation_of_month() -> Response:
    """Propose the updates of a month: each is then confirmed, or left out, among the rent updates."""
    told = read_sent(UpdatesForm)
    made = indexation.propose_updates(g.session, month=told["month"])
    return say({"items": [{"id": str(one.id), "lease": one.lease.number, "state": one.state.value} for one in made]})


@endpoints.post("/deposit-interest")
@requires(Can.PAY_DEPOSIT_INTEREST)
@takes(YearForm)
def deposit_interest() -> Response:
    """Let the interest of every deposit be paid for a year that is over; the answer is the job to follow."""
    year = read_sent(YearForm)["year"]
    if year is None or year >= today().year:
        raise Refusal(_("The year %(year)s is not over: its interest is paid at its end.", year=year), field="year")
    job = start_job(g.session, "housing.deposit-interest", year=year, once=f"housing.deposit-interest:{year}")
    return say({"id": str(job.id), "state": job.state.value}, 202, Location=f"/api/v1{job_address(job)}")

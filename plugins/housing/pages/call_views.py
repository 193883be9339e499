"""The hand-made pages of calls: the region's ranking imported, two versions compared, a scheme tried."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, g, redirect, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from core.api import NotFound, Refusal, _, kept_file, requires
from plugins.housing.access import Can
from plugins.housing.models import Application, Call, Regime, ScoringScheme
from plugins.housing.pages.views import ranking_of
from plugins.housing.rules.comparison import Move, Movement
from plugins.housing.rules.scheme_table import write_lines
from plugins.housing.services import comparisons, regional
from plugins.housing.withheld import without_answers

call_views = Blueprint("housing-calls", __name__, url_prefix="/m/housing")


@call_views.get("/rankings/<uuid:key>/compare")
@requires("housing.rankings.see")
def compare_versions(key: UUID) -> str:
    """What changed from another version: the one before, or the one that is asked."""
    ranking = ranking_of(key)
    others = [one for one in ranking.call.rankings if one.id != ranking.id]
    if not others:
        raise NotFound(_("This ranking has one version alone."))
    asked = request.args.get("with", "")
    earlier = [one for one in others if one.edition < ranking.edition]
    other = next((one for one in others if str(one.edition) == asked), (earlier or others)[-1])
    moves = comparisons.compare_versions(other, ranking)
    return render_template(
        "housing/compare.html", ranking=ranking, other=other, others=others, **_told(moves, ranking.call)
    )


@call_views.get("/schemes/<uuid:key>/scheme.csv")
@requires("housing.schemes.see")
def scheme_file(key: UUID) -> Response:
    """A scheme as a file that another office can read in again."""
    scheme: ScoringScheme | None = g.session.get(ScoringScheme, key)
    if scheme is None:
        raise NotFound(_("There is no such page here, or it belongs to another partner."))
    return _table(write_lines(scheme.groups), f"{scheme.key}-{scheme.edition}.csv")


@call_views.get("/schemes/regional-weights.csv")
@requires("housing.schemes.see")
def regional_weights() -> Response:
    """The table of the region's weights, empty: its text was not read, and nothing is guessed."""
    return _table(write_lines([]), "pesi-regionali.csv")


def _table(text: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + text, mimetype="text/csv", headers=headers)


@call_views.get("/schemes/<uuid:key>/try")
@requires(Can.TRY_SCHEMES)
def try_scheme(key: UUID) -> str | tuple[str, int]:
    """A past call under its own scheme and under this one, side by side; nothing is written."""
    scheme: ScoringScheme | None = g.session.get(ScoringScheme, key)
    if scheme is None:
        raise NotFound(_("There is no such page here, or it belongs to another partner."))
    applied = select(Application.call_id).where(Application.call_id == Call.id).exists()
    own = select(Call).where(applied, Call.regime != Regime.SAP)
    calls = list(g.session.scalars(own.order_by(Call.opens_on.desc()).limit(50)))
    asked = request.args.get("call", "")
    call = next((one for one in calls if str(one.id) == asked), None)
    moves, refusal = [], ""
    if call is not None:
        try:
            moves = comparisons.try_scheme(g.session, scheme, call)
        except Refusal as refused:
            refusal = str(refused)
    elif asked:
        refusal = str(_("There is no such call here, or nobody applied to it."))
    page = render_template(
        "housing/try.html", scheme=scheme, calls=calls, call=call, refusal=refusal, **_told(moves, call)
    )
    return (page, 422) if refusal else page


@call_views.route("/calls/<uuid:key>/regional", methods=["GET", "POST"])
@requires(Can.IMPORT_REGIONAL)
def import_regional(key: UUID) -> str | BaseResponse | tuple[str, int]:
    """The region's file: sent, tried with every problem named, then written whole."""
    call: Call | None = g.session.get(Call, key)
    if call is None:
        raise NotFound(_("There is no such page here, or it belongs to another partner."))
    if request.method == "GET":
        return render_template("housing/regional.html", call=call, step=1, refusal="")
    try:
        kept, content = kept_file()
        if request.form.get("do") == "write":
            with g.session.begin_nested():
                report = regional.import_regional(g.session, call, content=content)
            kept.unlink(missing_ok=True)
            flash(_imported(report), "success")
            return redirect(f"/m/housing/rankings/{report.version.id}", 303)
        report = regional.try_regional(g.session, call, content=content)
    except Refusal as refusal:
        return render_template("housing/regional.html", call=call, step=1, refusal=str(refusal)), 422
    page = render_template("housing/regional.html", call=call, step=2, refusal="", report=report, kept=kept.name)
    return (page, 422) if report.problems else page


def _imported(report: regional.RegionalReport) -> str:
    if report.known:
        return str(_("This file is the version that is already here: nothing changed."))
    return str(
        _("%(read)s applications: %(created)s new, %(updated)s changed, %(gone)s no longer there.",
          read=report.read, created=report.created, updated=report.updated, gone=report.gone)
    )  # fmt: skip


def _told(moves: list[Move], call: Call | None) -> dict[str, Any]:
    """The moves, how many there are of each kind, and of how many the criteria are not told."""
    moves, closed = without_answers(g.session, call, moves) if call else (moves, set())
    counts = [(one, sum(move.movement is one for move in moves)) for one in Movement]
    return {"moves": moves, "closed": closed, "counts": [(one, count) for one, count in counts if count]}

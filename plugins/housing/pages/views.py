"""The hand-made pages: the module's home, why a place, what is published, the month's charges."""

import csv
import io
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from core.api import (
    MenuItem,
    NotFound,
    _,
    is_withheld,
    job_address,
    notice_of,
    open_form,
    plural,
    requires,
    show_number,
    today,
)
from plugins.housing import figures, jobs, queries
from plugins.housing.access import Can
from plugins.housing.forms import MonthForm
from plugins.housing.models import Ranking
from plugins.housing.pages.call_panels import lines_of
from plugins.housing.services import arrears, rankings
from plugins.housing.services.arrears import ArrearsInShort

SHORTCUTS = (
    MenuItem(_("Applications"), "/m/housing/applications", "inbox", "housing.applications.see"),
    MenuItem(_("Rankings"), "/m/housing/rankings", "list", "housing.rankings.see"),
    MenuItem(_("Leases"), "/m/housing/leases", "file-signed", "housing.leases.see"),
    MenuItem(_("Arrears"), "/m/housing/arrears", "chart-line", Can.SEE_ARREARS),
    MenuItem(_("Vacancy"), "/m/housing/vacancy", "calendar", Can.SEE_VACANCY),
    MenuItem(_("Maintenance"), "/m/housing/tickets", "tool", "housing.tickets.see"),
    MenuItem(_("Charge a month"), "/m/housing/charge-month", "calendar", Can.CHARGE_MONTH),
)

views = Blueprint("housing", __name__, url_prefix="/m/housing")


@views.get("/", strict_slashes=False)
@requires(Can.OPEN_MODULE)
def home() -> str:
    """What stands where in housing, and what waits for somebody."""
    day, may = today(), g.scope.may
    debt = arrears.arrears_in_short(g.session, on=day) if may(Can.SEE_ARREARS) else None
    stats, waiting = figures.stats(day), figures.waiting(day)
    told = figures.counted(g.session, [*stats, *waiting])
    reminders = [one for one in told if one.figure in waiting and one.count]
    return render_template(
        "housing/home.html", stats=[one for one in told if one.figure in stats], debt=debt, day=day, may=may,
        reminders=[*_serious(debt), *reminders], buckets=debt.buckets if debt else [],
        calls=queries.recent_calls(g.session) if may("housing.calls.see") else [],
        states=queries.homes_by_state(g.session), shortcuts=[one for one in SHORTCUTS if may(one.permission)],
    )  # fmt: skip


def _serious(debt: ArrearsInShort | None) -> list[dict[str, Any]]:
    if debt is None or not debt.serious:
        return []
    label = plural("%(n)s lease in serious arrears", "%(n)s leases in serious arrears", debt.serious)
    meta = _("Rent unpaid for more than the days of the law, or service charges over the limit")
    return [{"label": label, "url": "/m/housing/arrears?serious=1", "meta": meta}]


@views.get("/rankings/<uuid:key>/places/<int:order>")
@requires("housing.rankings.see")
def why(key: UUID, order: int) -> str:
    """Why an application has its place: each addend, and what told it from its neighbours."""
    ranking = ranking_of(key)
    row = rankings.row_at(g.session, ranking, order)
    if row is None:
        raise NotFound(_("There is no such place in this ranking."))
    neighbours = {one: rankings.row_at(g.session, ranking, order + step) for one, step in (("above", -1), ("below", 1))}
    closed = is_withheld(row.application, "answers")
    withheld = notice_of(row.application, request.path) if closed else None
    lines, checked = ([], []) if closed else lines_of(g.session, row)
    return render_template(
        "housing/why.html", ranking=ranking, row=row, lines=lines, checked=checked, withheld=withheld, **neighbours
    )


@views.get("/rankings/<uuid:key>/public")
@requires("housing.rankings.see")
def public_list(key: UUID) -> str:
    """The ranking as it is published: no name, no ISEE, no single score."""
    ranking = ranking_of(key)
    return render_template("housing/public.html", ranking=ranking, rows=ranking.public_rows)


@views.get("/rankings/<uuid:key>/public.csv")
@requires("housing.rankings.see")
def public_file(key: UUID) -> Response:
    """The published ranking in a file, for the notice board."""
    ranking = ranking_of(key)
    told = io.StringIO()
    writer = csv.writer(told, delimiter=";", lineterminator="\r\n")
    writer.writerow([str(_("Place")), str(_("Application")), str(_("Points")), str(_("Outcome")), str(_("Rule"))])
    for row in ranking.public_rows:
        total = "" if row.total is None else show_number(row.total, places=2)
        writer.writerow([row.position or "", row.application, total, str(row.outcome.label), row.rule])
    name = f"graduatoria-{ranking.call.number}-{ranking.edition}.csv".replace("/", "-")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + told.getvalue(), mimetype="text/csv", headers=headers)


@views.route("/charge-month", methods=["GET", "POST"])
@requires(Can.CHARGE_MONTH)
def charge_month() -> str | BaseResponse | tuple[str, int]:
    """Let a month be charged on every running lease; asking twice adds nothing."""
    form: Any = open_form(MonthForm, g.session, g.collections, formdata=request.form or None)
    if request.method == "POST" and form.validate():
        return redirect(job_address(jobs.start_charging(g.session, month=form.month.data)), 303)
    page = render_template("housing/charge_month.html", form=form)
    return (page, 422) if request.method == "POST" else page


def ranking_of(key: UUID) -> Ranking:
    """The version of an address; another partner's is not found."""
    found = g.session.get(Ranking, key)
    if found is None:
        raise NotFound(_("There is no such page here, or it belongs to another partner."))
    ranking: Ranking = found
    return ranking

"""Reports to print: arrears of the day, and how long homes stood empty."""

from typing import Any

from flask import Blueprint, Response, g, render_template, request

from core.api import open_form, pdf_answer, printed, requires, today
from plugins.housing.access import Can
from plugins.housing.report_forms import SpanForm
from plugins.housing.rules.leases import Period

reports = Blueprint("housing-reports", __name__, url_prefix="/m/housing")


@reports.get("/arrears.pdf")
@requires(Can.SEE_ARREARS)
def arrears() -> Response:
    """The arrears of today, on paper."""
    return pdf_answer(printed(g.session, "housing.arrears", today()), f"arrears-{today().isoformat()}.pdf")


@reports.get("/occupancy")
@requires("housing.dwellings.see")
def occupancy() -> str:
    """Over which days homes are looked at."""
    return render_template("housing/occupancy.html", form=open_form(SpanForm, g.session, g.collections))


@reports.get("/occupancy.pdf")
@requires("housing.dwellings.see")
def occupancy_report() -> Response | tuple[str, int]:
    """Days let, days empty and rent lost of every home, on paper."""
    form: Any = open_form(SpanForm, g.session, g.collections, formdata=request.args)
    if not form.validate():
        return render_template("housing/occupancy.html", form=form), 422
    made = printed(g.session, "housing.occupancy", Period(form.first.data, form.last.data))
    return pdf_answer(made, f"homes-{form.last.data.isoformat()}.pdf")

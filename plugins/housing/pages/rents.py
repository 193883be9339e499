"""Rents month by month, ISTAT's index and the yearly updates, as lists, records and one page show them."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from core.api import (
    Facts,
    Import,
    Move,
    RecordForm,
    Refusal,
    Resource,
    Workflow,
    _,
    job_address,
    open_form,
    plural,
    requires,
    show_month,
    start_job,
    ticked,
    today,
)
from plugins.housing import forms, rent_forms
from plugins.housing.access import Can
from plugins.housing.models import IndexLink, IndexValue, Rent, RentUpdate, UpdateState
from plugins.housing.services import indexation, indexes, rents

rent_views = Blueprint("housing-rents", __name__, url_prefix="/m/housing")
MOST = 200
# L. 392/1978 begins then.
FIRST_YEAR = 1978

index_values = Resource(
    IndexValue,
    name="index-values",
    title=_("ISTAT index (FOI)"),
    singular=_("Index of a month"),
    columns=["month", "base", "value", "source"],
    filters=["month", "base"],
    search=["source"],
    form=rent_forms.IndexForm,
    order="-month",
    create=indexes.add_index_value,
    panels=[Facts("month_name", "base", "value", "source", title=_("Index"))],
    icon="chart-line",
    in_menu=False,
    imports=Import(headings={"month": ["Mese"], "value": ["Valore", "Indice"], "source": ["Fonte"]}),
    sentence=_("The index that rents follow, as ISTAT publishes it each month; the same for all partners."),
)

index_links = Resource(
    IndexLink,
    name="index-links",
    title=_("Links between bases of the index"),
    singular=_("Link between bases"),
    columns=["from_base", "to_base", "coefficient", "source"],
    form=["from_base", "to_base", "coefficient", "source"],
    order="from_base",
    create=indexes.add_index_link,
    icon="link",
    in_menu=False,
    sentence=_("What a value in a later base is multiplied by to be read in an earlier one."),
)

all_rents = Resource(
    Rent,
    name="rents",
    title=_("Rents by month"),
    singular=_("Rent"),
    columns=["lease.number", "starts_on", "amount", "source", "erp_area", "isee_erp", "note"],
    filters=["source", "erp_area", "starts_on"],
    search=["lease.number"],
    form=rent_forms.RentForm,
    order="-starts_on",
    create=rents.record_rent,
    panels=[
        Facts("lease", "starts_on", "amount", "source", "note", title=_("Rent")),
        Facts("erp_area", "isee_erp", title=_("Public home (SAP)")),
    ],
    icon="card",
    in_menu=False,
    sentence=_("The rent of each lease from a month on; rents of public homes come in from a file."),
)

update_states = Workflow(
    "state",
    [
        Move(
            "confirm", UpdateState.PROPOSED, UpdateState.CONFIRMED, indexation.confirm_update,
            _("Confirm the new rent"), form=rent_forms.RequestForm,
        ),
        Move(
            "exclude", (UpdateState.PROPOSED, UpdateState.SKIPPED), UpdateState.EXCLUDED, indexation.exclude_update,
            _("Leave out"), form=forms.ReasonForm,
        ),
        Move("include", UpdateState.EXCLUDED, UpdateState.PROPOSED, indexation.include_update, _("Put back")),
        Move(
            "take-back", UpdateState.CONFIRMED, UpdateState.TAKEN_BACK, indexation.take_update_back, _("Take back"),
            form=forms.ReasonForm, danger=True,
        ),
    ],
)  # fmt: skip

all_updates = Resource(
    RentUpdate,
    name="rent-updates",
    title=_("Rent updates (ISTAT)"),
    singular=_("Rent update"),
    columns=[
        "lease.number", "month", "old_rent", "base_month", "base_value", "index_month", "index_value", "coefficient",
        "variation", "applied", "new_rent", "skipped", "missing", "effective_from", "state",
    ],
    filters=["state", "month", "skipped"],
    search=["lease.number"],
    order="-month",
    panels=[
        Facts("lease", "month", "old_rent", "new_rent", "state", "note", title=_("Update")),
        Facts(
            "due", "base_month", "base_value", "index_month", "index_value", "coefficient", "variation", "applied",
            "skipped", "missing", title=_("Arithmetic"),
        ),
        Facts("requested_on", "effective_from", title=_("Request")),
    ],
    workflow=update_states,
    icon="chart-line",
    in_menu=False,
    sentence=_("What each rent becomes in a month by ISTAT's index, or why it stays."),
)  # fmt: skip

registers = [all_rents, all_updates, index_values, index_links]


@rent_views.route("/indexation", methods=["GET", "POST"])
@requires("housing.rent-updates.confirm")
def month_of_updates() -> str | BaseResponse | tuple[str, int]:
    """The updates of a month: proposed when asked, looked at, those ticked confirmed together or not at all."""
    sent = request.form if request.method == "POST" else request.args
    form = open_form(rent_forms.UpdatesForm, g.session, g.collections, formdata=sent or None)
    answer = None
    if request.method == "POST" and form.validate():
        answer = _done(form)
    if isinstance(answer, BaseResponse):
        return answer
    month = form._fields["month"].data if not form.errors else None
    wanted = select(RentUpdate).where(RentUpdate.month == month).order_by(RentUpdate.state, RentUpdate.id)
    updates = g.session.scalars(wanted.limit(MOST)).unique().all() if month else []
    page = render_template(
        "housing/indexation.html", form=form, updates=updates, month=month, most=MOST, proposed=UpdateState.PROPOSED,
        missing=indexation.missing_months(updates), chosen=request.form.getlist("update"), in_words=show_month,
    )  # fmt: skip
    return (page, 422) if form.errors or form.form_errors else page


def _done(form: RecordForm) -> BaseResponse | None:
    """What the pressed button asks; None when it was refused, with the reason in the form."""
    month, requested_on = form._fields["month"].data, form._fields["requested_on"].data
    try:
        with g.session.begin_nested():
            if request.form.get("do") == "all":
                return redirect(job_address(_start(month, requested_on)), 303)
            if request.form.get("do") == "confirm":
                made = indexation.confirm_updates(g.session, _ticked(), requested_on=requested_on)
                told = plural("%(n)s rent updated", "%(n)s rents updated", made)
            else:
                made = len(indexation.propose_updates(g.session, month=month))
                told = plural("%(n)s lease looked at", "%(n)s leases looked at", made)
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    flash(str(told), "success")
    return redirect(f"/m/housing/indexation?month={month:%m/%Y}", 303)


def _ticked() -> list[UUID]:
    keys = ticked("update")
    if not keys:
        raise Refusal(_("Tick at least one update."))
    return keys


def _start(month: date, requested_on: date | None) -> Any:
    told = requested_on.isoformat() if requested_on else ""
    once = f"housing.index-rents:{month:%Y-%m}"
    return start_job(g.session, "housing.index-rents", month=month.isoformat(), requested_on=told, once=once)


@rent_views.route("/deposit-interest", methods=["GET", "POST"])
@requires(Can.PAY_DEPOSIT_INTEREST)
def deposit_interest() -> str | BaseResponse | tuple[str, int]:
    """Pay the legal interest of every deposit for a year that is over; what was paid is not paid again."""
    form = open_form(rent_forms.YearForm, g.session, g.collections, formdata=request.form or None)
    if request.method == "POST" and form.validate():
        year = form._fields["year"].data
        if FIRST_YEAR <= year < today().year:
            job = start_job(g.session, "housing.deposit-interest", year=year, once=f"housing.deposit-interest:{year}")
            return redirect(job_address(job), 303)
        form.refuse(Refusal(_("Write a year that is over, from %(first)s on.", first=str(FIRST_YEAR)), field="year"))
    page = render_template("housing/deposit_interest.html", form=form)
    return (page, 422) if form.errors or form.form_errors else page

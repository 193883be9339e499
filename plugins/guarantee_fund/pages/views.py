"""The hand-made pages: the module's home, dossiers, minutes, the fund's statement, schedules in files."""

from datetime import date
from types import SimpleNamespace
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, Response, g, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from core.api import NotFound, Refusal, Refusals, _, now, open_form, requires, table_response, today
from plugins.guarantee_fund import queries
from plugins.guarantee_fund.access import Can
from plugins.guarantee_fund.forms import ApplicationForm, ExecutionForm, PeriodForm
from plugins.guarantee_fund.models import AgendaItem, CommitteeSession, Fund, Loan
from plugins.guarantee_fund.rules import indicators
from plugins.guarantee_fund.services import bank
from plugins.guarantee_fund.services.applications import draft_application
from plugins.guarantee_fund.services.guarantees import propose
from plugins.guarantee_fund.services.position import derivation, household_exposure
from plugins.guarantee_fund.services.statements import FundStatement, history_of, statement_of

Found = TypeVar("Found")
LEASES = "housing.leases"
MONTHS_OF_RENT = 12
views = Blueprint("guarantee_fund", __name__, url_prefix="/m/guarantee-fund")


@views.get("/", strict_slashes=False)
@requires(Can.OPEN_MODULE)
def home() -> str:
    """How much can still be guaranteed, and what waits for somebody."""
    return render_template(
        "guarantee_fund/home.html", positions=queries.positions(g.session), figures=queries.figures_on(g.session),
        reminders=queries.reminders(g.session, on=today()), states=queries.applications_by_state(g.session),
        may=g.scope.may,
    )  # fmt: skip


@views.route("/leases/<uuid:key>/ask", methods=["GET", "POST"])
@requires("guarantee_fund.applications.add")
def ask_for_lease(key: UUID) -> str | BaseResponse | tuple[str, int]:
    """An application for the rent of a lease that another module keeps, begun with what the lease says."""
    lease = _lease(key)
    tenant = next(iter(getattr(lease, "tenants", ())), None)
    begins = SimpleNamespace(
        person=getattr(tenant, "person", None), monthly_rent=lease.monthly_rent, subject=str(lease),
        amount=lease.monthly_rent * MONTHS_OF_RENT, months=MONTHS_OF_RENT,
    )  # fmt: skip
    form: Any = open_form(ApplicationForm, g.session, g.collections, formdata=request.form or None, record=begins)
    if request.method == "POST" and form.validate():
        try:
            with g.session.begin_nested():
                made = draft_application(g.session, lease_key=lease.id, **form.values())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(f"/m/guarantee-fund/applications/{made.id}", 303)
    page = render_template("guarantee_fund/ask.html", form=form, lease=lease)
    return (page, 422) if form.errors or form.form_errors else page


@views.get("/items/<uuid:key>/dossier")
@requires(Can.SEE_DOSSIER)
def dossier(key: UUID) -> str:
    """What the committee reads of an application, on one printable page."""
    item = found(AgendaItem, key)
    application = item.application
    return render_template(
        "guarantee_fund/dossier.html", item=item, application=application, proposal=propose(g.session, application),
        exposed=household_exposure(g.session, application.fund, application.household_id),
    )  # fmt: skip


@views.get("/sessions/<uuid:key>/minutes")
@requires("guarantee_fund.sessions.see")
def minutes(key: UUID) -> str:
    """The minutes of a session, as they are signed."""
    return render_template("guarantee_fund/minutes.html", meeting=found(CommitteeSession, key))


@views.get("/statements")
@requires(Can.SEE_STATEMENT)
def statements() -> str:
    """The funds, each with its statement: where a funder begins."""
    return render_template("guarantee_fund/statements.html", funds=queries.funds(g.session))


@views.get("/funds/<uuid:key>/statement")
@requires(Can.SEE_STATEMENT)
def statement(key: UUID) -> str | tuple[str, int]:
    """The fund's statement of a period, for its funder: no names."""
    fund = found(Fund, key)
    asked = request.args if "first" in request.args else None
    begins: dict[str, Any] = {"first": date(today().year, 1, 1), "last": today()}
    form: Any = open_form(PeriodForm, g.session, g.collections, formdata=asked, **({} if asked else begins))
    told = None
    try:
        told = statement_of(g.session, fund, **begins) if asked is None else period_of(fund, form)
    except Refusal as refusal:
        form.refuse(refusal)
    history = history_of(g.session, fund)
    page = render_template(
        "guarantee_fund/statement.html", fund=fund, form=form, told=told, history=history, indicators=indicators,
        steps=derivation(g.session, fund),
    )  # fmt: skip
    return page if told else (page, 422)


def period_of(fund: Fund, form: Any) -> FundStatement:
    """The statement of the days that a form says; `Refusal` for each that is missing or wrong."""
    if not form.validate():
        raise Refusals([Refusal(str(told), field=name) for name, errors in form.errors.items() for told in errors])
    return statement_of(g.session, fund, first=form.first.data, last=form.last.data)


@views.route("/funds/<uuid:key>/orders", methods=["GET", "POST"])
@requires(Can.ORDER_PAYMENTS)
def orders(key: UUID) -> str | Response | tuple[str, int]:
    """What waits for the bank; those ticked go into one SEPA file. Nothing is paid until the bank says so."""
    fund = found(Fund, key)
    waiting = bank.orders_of(g.session, fund)
    form: Any = open_form(ExecutionForm, g.session, g.collections, formdata=request.form or None)
    chosen = request.form.getlist("order") if request.method == "POST" else [one.key for one in waiting]
    if request.method == "POST" and form.validate():
        try:
            content = bank.payment_file(
                fund, [one for one in waiting if one.key in chosen], holder=g.visitor.partner_name, on=form.on.data,
                written_at=now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _file(content, "application/xml", f"pagamenti-{form.on.data:%Y-%m-%d}.xml")
    page = render_template(
        "guarantee_fund/orders.html", fund=fund, waiting=waiting, chosen=chosen, form=form, total=bank.sum_of(waiting)
    )
    return (page, 422) if form.errors or form.form_errors else page


@views.get("/loans/<uuid:key>/schedule.<kind>")
@requires("guarantee_fund.loans.see")
def schedule(key: UUID, kind: str) -> Response:
    """The schedule of a loan in a file, CSV or XLSX."""
    loan = found(Loan, key)
    headings = [_("Number"), _("Due on"), _("Instalment"), _("Interest"), _("Principal"), _("Left after it")]
    rows = [(row.number, row.due, row.amount, row.interest, row.principal, row.balance) for row in loan.rows]
    title = _("Schedule of the loan of guarantee %(number)s", number=str(loan.guarantee))
    return table_response(title, headings, rows, kind)


def _lease(key: UUID) -> Any:
    """The lease, when the partner runs the module that keeps it and the visitor may see it."""
    if LEASES not in g.collections or "housing" not in g.scope.modules or not g.scope.may(f"{LEASES}.see"):
        raise _nothing()
    return found(g.collections[LEASES].resource.model, key)


def _file(content: str | bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'.replace("/", "-")}
    return Response(content, mimetype=kind, headers=headers)


def found(model: type[Found], key: UUID) -> Found:
    """The record of the session's partner; another's is not found."""
    record = g.session.get(model, key)
    if record is None:
        raise _nothing()
    return record


def _nothing() -> NotFound:
    return NotFound(_("There is no such page here, or it belongs to another partner."))

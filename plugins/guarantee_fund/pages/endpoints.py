"""The JSON endpoints beside those of the collections: where a fund stands, its statement, checks, schedules."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, request

from core.api import open_form, requires, say, tell
from plugins.guarantee_fund.access import Can
from plugins.guarantee_fund.forms import PeriodForm
from plugins.guarantee_fund.models import Application, Fund, Loan, LoanPayment
from plugins.guarantee_fund.pages.views import found, period_of
from plugins.guarantee_fund.rules.exposure import NOTHING
from plugins.guarantee_fund.services.guarantees import propose
from plugins.guarantee_fund.services.position import derivation, position_of

endpoints = Blueprint("guarantee_fund-endpoints", __name__, url_prefix="/api/v1/guarantee-fund")
INSTALMENT = ("due", "amount", "interest", "principal", "balance", "interest_paid", "principal_paid", "owed")
FIGURES = ("capital", "provisions", "leverage", "capacity", "exposure", "available")


@endpoints.get("/funds/<uuid:key>/position")
@requires("guarantee_fund.funds.see")
def position(key: UUID) -> Response:
    """How much the fund can still guarantee, with every line that makes the number."""
    fund = found(Fund, key)
    told = position_of(g.session, fund)
    steps = [{"sign": one.sign, "label": str(one.label), "amount": tell(one.amount)} for one in
             derivation(g.session, fund)]  # fmt: skip
    return say({**{name: tell(getattr(told, name)) for name in FIGURES}, "steps": steps})


@endpoints.get("/applications/<uuid:key>/checks")
@requires("guarantee_fund.applications.see")
def checks(key: UUID) -> Response:
    """What would be guaranteed for an application, and every check that it fails now."""
    told = propose(g.session, found(Application, key))
    failed = [
        {"check": one.check.value, "label": str(one.check.label), "detail": str(one.words)} for one in told.failed
    ]
    figures = {name: tell(getattr(told, name)) for name in ("principal", "coverage", "amount", "available")}
    return say({**figures, "failed": failed})


@endpoints.get("/loans/<uuid:key>/schedule")
@requires("guarantee_fund.loans.see")
def schedule(key: UUID) -> Response:
    """The instalments of a loan, what was paid of each and what is still owed."""
    rows = found(Loan, key).rows
    told = [{"number": row.number, **{name: tell(getattr(row, name)) for name in INSTALMENT}} for row in rows]
    return say({"instalments": told, "interest": tell(sum((row.interest for row in rows), NOTHING))})


@endpoints.get("/loan-payments/<uuid:key>/parts")
@requires("guarantee_fund.loan-payments.see")
def parts(key: UUID) -> Response:
    """What a payment settled, in the order of art. 1194 c.c."""
    payment = found(LoanPayment, key)
    told = [
        {"part": one.part.value, "instalment": one.number or None, "amount": tell(one.amount)} for one in payment.parts
    ]
    return say({"parts": told, "credit": tell(payment.credit)})


@endpoints.get("/funds/<uuid:key>/statement")
@requires(Can.SEE_STATEMENT)
def statement(key: UUID) -> Response:
    """The accounts of a period: `first` and `last`, both included."""
    form: Any = open_form(PeriodForm, g.session, g.collections, formdata=request.args)
    told = period_of(found(Fund, key), form)
    lines = [
        {"account": one.account.value, "label": str(one.account.label),
         **{name: tell(getattr(one, name)) for name in ("opening", "debit", "credit", "closing")}}
        for one in told.lines
    ]  # fmt: skip
    return say({"debit": tell(told.debit), "credit": tell(told.credit), "accounts": lines})

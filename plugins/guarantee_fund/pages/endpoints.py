"""The JSON endpoints beside those of the collections: where a fund stands, its statement, an application's checks."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, request

from core.api import open_form, requires, say, tell
from plugins.guarantee_fund.access import Can
from plugins.guarantee_fund.forms import PeriodForm
from plugins.guarantee_fund.models import Application, Fund
from plugins.guarantee_fund.pages.views import found, period_of
from plugins.guarantee_fund.services.guarantees import propose
from plugins.guarantee_fund.services.position import derivation, position_of

endpoints = Blueprint("guarantee_fund-endpoints", __name__, url_prefix="/api/v1/guarantee-fund")
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

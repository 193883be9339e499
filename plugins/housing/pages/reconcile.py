"""The page where what the bank says becomes payments: proposals to look at and confirm together."""

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request
from sqlalchemy import Select, case, select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response as BaseResponse

from core.api import Refusal, _, plural, requires, ticked
from plugins.housing.models import BankLine, BankLineState, Lease
from plugins.housing.rules.matching import Confidence
from plugins.housing.services import reconciling
from plugins.housing.services.bank import is_sure

bank_views = Blueprint("housing-bank", __name__, url_prefix="/m/housing")
MOST = 100


@bank_views.route("/reconcile", methods=["GET", "POST"])
@requires("housing.bank-lines.confirm")
def reconcile() -> str | BaseResponse | tuple[str, int]:
    """Movements that wait, the surest proposals first; those ticked are confirmed together or not at all."""
    refused = ""
    if request.method == "POST":
        try:
            with g.session.begin_nested():
                made = reconciling.confirm_lines(g.session, _chosen())
        except Refusal as refusal:
            refused = str(refusal)
        else:
            flash(str(plural("%(n)s payment recorded", "%(n)s payments recorded", made)), "success")
            return redirect("/m/housing/reconcile", 303)
    lines = g.session.scalars(_waiting().limit(MOST + 1)).unique().all()
    sure = [str(line.id) for line in lines if is_sure(line)]
    page = render_template(
        "housing/reconcile.html", lines=lines[:MOST], more=len(lines) > MOST, refused=refused,
        chosen=request.form.getlist("line") if request.method == "POST" else sure, may=g.scope.may,
    )  # fmt: skip
    return (page, 422) if refused else page


def _chosen() -> list[UUID]:
    keys = ticked("line")
    if not keys:
        raise Refusal(_("Tick at least one movement."))
    return keys


def _waiting() -> Select[BankLine]:
    surest = case({one.value: place for place, one in enumerate(Confidence)}, value=BankLine.confidence, else_=9)
    return (
        select(BankLine)
        .where(BankLine.state == BankLineState.OPEN, BankLine.amount > 0)
        .options(joinedload(BankLine.lease).options(selectinload(Lease.tenants)))
        .order_by(surest, BankLine.booked_on, BankLine.id)
    )

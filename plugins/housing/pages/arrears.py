"""The arrears picture: one page, one line a lease, the same lines in a file."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, g, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from core.api import Link, Refusal, Words, _, in_context, plural, read_date, requires, show_date, table_response, today
from plugins.housing.access import Can
from plugins.housing.models import PlanState
from plugins.housing.rules.ladder import Rung
from plugins.housing.services import ladder, picture
from plugins.housing.services.picture import Picture, Wanted

arrears_pages = Blueprint("housing-arrears", __name__, url_prefix="/m/housing")

ADDRESS = "/m/housing/arrears"
AT_ONCE = 100
NOTES = "housing.social-notes.see"
AGES = [_("Not yet due"), *(_("%(first)s–%(last)s days", first=first, last=last)
        for first, last in ((1, 30), (31, 60), (61, 90), (91, 180))), _("Over %(days)s days", days=180)]  # fmt: skip
PLANS = {"none": _("No plan"), **{state.value: state.label for state in PlanState}}


@arrears_pages.get("/arrears")
@requires(Can.SEE_ARREARS)
def show() -> str:
    """Who owes what, since when, how serious, and what comes next."""
    asked, day = _asked(), _day()
    every = picture.pictures(g.session, on=day, notes=g.scope.may(NOTES))
    lines = picture.narrowed(every, _wanted(asked))
    page = max(1, int(asked.get("page", "1"))) if asked.get("page", "1").isdigit() else 1
    return render_template(
        "housing/arrears.html", lines=lines[(page - 1) * AT_ONCE : page * AT_ONCE], day=day,
        asked=defaultdict(str, asked),
        total=sum((one.arrears.late for one in lines), start=0), count=len(lines), buckets=picture.totals(lines),
        serious=sum(bool(one.arrears.reasons) for one in lines), chips=_chips(asked), ages=list(enumerate(AGES))[1:],
        plans=PLANS, steps=list(Rung), address=_address, page=page, pages=-(-len(lines) // AT_ONCE), may=g.scope.may,
    )  # fmt: skip


@arrears_pages.get("/arrears/export.<any(xlsx, csv):kind>")
@requires(Can.SEE_ARREARS)
def export(kind: str) -> Response:
    """The same lines, all of them, in a file."""
    may_read = g.scope.may(NOTES)
    lines = picture.narrowed(picture.pictures(g.session, on=_day(), notes=may_read), _wanted(_asked()))
    headings: list[Words] = [
        _("Lease"), in_context("dwelling", "Home"), _("Tenants"), _("Past due"), *AGES, _("Oldest, in days"),
        _("Oldest due on"), _("Serious"), _("Last payment on"), _("Last payment"), _("Next step"), _("Next step on"),
        _("Plan"),
        *([_("Social note")] if may_read else []),
    ]  # fmt: skip
    return table_response(_("Arrears"), headings, (list(_cells(one, may_read=may_read)) for one in lines), kind)


def _cells(line: Picture, *, may_read: bool) -> Iterator[Any]:
    told = line.arrears
    yield from (told.lease.number, told.lease.dwelling.code, told.lease.tenant_names, told.late)
    yield from (bucket.amount for bucket in told.buckets)
    yield from (told.days, told.oldest.due if told.oldest else None)
    yield ", ".join(str(reason.label) for reason in told.reasons)
    yield from (line.paid.day, line.paid.amount) if line.paid else (None, None)
    yield from (str(line.next.kind.label), line.next.day) if line.next else (None, None)
    yield f"{line.plan.number}: {line.plan.state.label}" if line.plan else None
    if may_read:
        yield line.note


@arrears_pages.post("/arrears/follow")
@requires(Can.FOLLOW_ARREARS)
def follow() -> BaseResponse:
    """Bring ladder and plans up to today now, rather than tomorrow morning."""
    added = ladder.propose_steps(g.session, on=today())
    flash(str(plural("%(n)s step to be done", "%(n)s steps to be done", len(added))), "success")
    return redirect(ADDRESS, 303)


def _asked() -> dict[str, str]:
    return {name: text.strip() for name, text in request.args.items() if text.strip()}


def _day() -> date:
    text = request.args.get("on", "").strip()
    return read_date(text) if text else today()


def _wanted(asked: dict[str, str]) -> Wanted:
    """What the address asks for; a value that is none of the choices is refused."""
    age, step = asked.get("age", ""), asked.get("step", "")
    known = (not age or (age.isdigit() and 0 < int(age) < len(AGES))) and asked.get("plan", "none") in PLANS
    if not known or (step and step not in {rung.value for rung in Rung}):
        raise Refusal(_("This filter is not among the choices: choose it again."))
    return Wanted(
        text=asked.get("q", ""), serious=asked.get("serious") == "1", age=int(age) if age else None,
        plan=asked.get("plan", ""), step=Rung(step) if step else None,
    )  # fmt: skip


def _address(ending: str = "", **changes: str) -> str:
    asked = {name: text for name, text in {**_asked(), "page": "", **changes}.items() if text}
    return f"{ADDRESS}{ending}" + (f"?{urlencode(asked)}" if asked else "")


def _chips(asked: dict[str, str]) -> list[Link]:
    """One link for each filter applied: the page without it."""
    told: dict[str, Any] = {
        "q": lambda text: _("Search: %(text)s", text=text), "serious": lambda text: _("Serious arrears"),
        "age": lambda text: _("Oldest debt: %(age)s", age=AGES[int(text)]),
        "plan": lambda text: _("Plan: %(state)s", state=PLANS[text]),
        "step": lambda text: _("Next step: %(step)s", step=Rung(text).label),
        "on": lambda text: _("On %(day)s", day=show_date(read_date(text))),
    }  # fmt: skip
    return [Link(words(asked[name]), _address(**{name: ""})) for name, words in told.items() if name in asked]

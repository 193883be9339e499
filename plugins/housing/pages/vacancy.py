"""Homes that stand empty: how long, the rent lost, the same lines in a file."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, g, render_template, request

from core.api import Refusal, Words, _, in_context, read_date, requires, say, table_response, tell, today
from plugins.housing.access import Can
from plugins.housing.models import Regime
from plugins.housing.services import vacancy
from plugins.housing.services.vacancy import HomeVacancy

vacancy_pages = Blueprint("housing-vacancy", __name__, url_prefix="/m/housing")
vacancy_endpoints = Blueprint("housing-vacancy-endpoints", __name__, url_prefix="/api/v1/housing")

ADDRESS = "/m/housing/vacancy"
AT_ONCE = 100
MOST_BARS = 6


@vacancy_pages.get("/vacancy")
@requires(Can.SEE_VACANCY)
def show() -> str | tuple[str, int]:
    """Which homes stood empty, since when, and what that costs."""
    refusal, lines, first, last = "", [], _year_start(), today()
    try:
        first, last = _days()
        lines = _lines(first, last)
    except Refusal as one:
        refusal = str(one)
    page = render_template(
        "housing/vacancy.html", lines=lines[:AT_ONCE], count=len(lines), first=first, last=last, refusal=refusal,
        lost=vacancy.total_lost(lines), days=sum(one.days for one in lines), bars=_bars(vacancy.by_month(lines)),
        free_now=sum(one.free_since is not None for one in lines), regimes=list(Regime), address=_address,
        regime=request.args.get("regime", ""), asked=defaultdict(str, request.args.to_dict()), may=g.scope.may,
    )  # fmt: skip
    return (page, 422) if refusal else page


@vacancy_pages.get("/vacancy/export.<any(xlsx, csv):kind>")
@requires(Can.SEE_VACANCY)
def export(kind: str) -> Response:
    """The same lines, all of them, in a file."""
    headings = [
        in_context("dwelling", "Home"), _("Address"), _("Regime"), _("State"), _("Free since"), _("Days vacant"),
        _("Monthly rent"), _("Lost rent"),
    ]  # fmt: skip
    rows = (
        [one.dwelling.code, one.dwelling.address, str(one.dwelling.regime.label), str(one.dwelling.state.label),
         one.free_since, one.days, one.rent, one.lost]
        for one in _lines(*_days())
    )  # fmt: skip
    return table_response(_("Vacancy"), headings, rows, kind)


@vacancy_endpoints.get("/vacancy")
@requires(Can.SEE_VACANCY)
def told() -> Response:
    """The same lines for programs."""
    first, last = _days()
    lines = _lines(first, last)
    items = [
        {
            "dwelling": str(one.dwelling.id), "code": one.dwelling.code, "free_since": tell(one.free_since),
            "days": one.days, "rent": tell(one.rent), "lost": tell(one.lost),
        }
        for one in lines
    ]  # fmt: skip
    return say({"from": tell(first), "to": tell(last), "lost": tell(vacancy.total_lost(lines)), "items": items})


def _year_start() -> date:
    return today().replace(month=1, day=1)


def _days() -> tuple[date, date]:
    """The stretch that the address asks for; else this year until today."""
    first, last = (request.args.get(name, "").strip() for name in ("first", "last"))
    return read_date(first) if first else _year_start(), read_date(last) if last else today()


def _lines(first: date, last: date) -> list[HomeVacancy]:
    """The lines that the address asks for."""
    regime = request.args.get("regime", "")
    if regime and regime not in {one.value for one in Regime}:
        raise Refusal(_("This filter is not among the choices: choose it again."))
    lines = vacancy.vacancies(g.session, first=first, last=last, regime=Regime(regime) if regime else None)
    if request.args.get("free") == "1":
        lines = [one for one in lines if one.free_since is not None]
    over = request.args.get("over", "")
    if not over.isdigit():
        return lines
    # Free on the last day, that one included, for more than so many days.
    return [one for one in lines if one.free_since is not None and (last - one.free_since).days >= int(over)]


def _bars(months: Iterable[tuple[date, Any]]) -> list[tuple[Words, list[Any]]]:
    """A bar a month; a quarter, or a year, when there are too many to read."""
    told = list(months)
    for name in (_month, _quarter, _year):
        bars: dict[str, Any] = {}
        for month, amount in told:
            bars[str(name(month))] = bars.get(str(name(month)), 0) + amount
        if len(bars) <= MOST_BARS:
            break
    return [(label, [amount]) for label, amount in bars.items()]


def _month(day: date) -> str:
    return f"{day.month:02}/{day.year}"


def _quarter(day: date) -> Words:
    return _("Quarter %(n)s/%(year)s", n=(day.month + 2) // 3, year=day.year)


def _year(day: date) -> str:
    return str(day.year)


def _address(ending: str = "", **changes: str) -> str:
    asked = {name: text for name, text in {**request.args.to_dict(), **changes}.items() if text}
    return f"{ADDRESS}{ending}" + (f"?{urlencode(asked)}" if asked else "")

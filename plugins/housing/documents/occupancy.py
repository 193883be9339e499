"""The report on homes: how many stand in each state, how long they stood empty, what rent was lost."""

from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from core.api import Words, _, in_context, parts, show_date, show_money, show_percent
from plugins.housing import queries
from plugins.housing.models import Dwelling
from plugins.housing.rules.leases import Period
from plugins.housing.rules.occupancy import NOTHING, Vacancy
from plugins.housing.services.vacancy import homes_over

Values = dict[str, Any]
Column = parts.TableColumn


def report(session: Session, span: Period) -> Values:
    """Every home over a span of days, by code; homes out of use count neither as let nor as empty."""
    counted = [(one.dwelling, one.told) for one in homes_over(session, span)]
    return {
        "title": _("Homes from %(first)s to %(last)s", first=show_date(span.first), last=_last(span)),
        "wide": True,
        "parts": [
            parts.heading(_("Homes by state today")),
            parts.table(
                [Column(_("State"), width=1), Column(_("Homes"), number=True)],
                [[state.label, count] for state, count in queries.homes_by_state(session)],
                none=_("There is no home yet."),
            ),
            parts.heading(_("Days let and days empty")),
            parts.table(
                [Column(in_context("dwelling", "Home")), Column(_("Address"), width=2),
                 Column(_("State today"), width=1), Column(_("Days let"), number=True),
                 Column(_("Days empty"), number=True), Column(_("Lost rent"), number=True)],
                [_row(home, one) for home, one in counted], total=_total([one for _home, one in counted]),
                none=_("There is no home yet."),
            ),
            parts.text(
                _("Days empty are those on which no lease covers the home. The lost rent is the rent asked, day by day "
                  "of each month; it is unknown where no rent is written down."),
            ),
        ],
    }  # fmt: skip


def _row(home: Dwelling, one: Vacancy) -> list[Words | int]:
    lost = _("unknown") if one.lost_rent is None and one.vacant else show_money(one.lost_rent or NOTHING)
    return [home.code, home.address, home.state.label, one.let, one.vacant, lost]


def _total(all_of_them: list[Vacancy]) -> list[Words]:
    days, vacant = sum(one.days for one in all_of_them), sum(one.vacant for one in all_of_them)
    lost = sum((one.lost_rent or NOTHING for one in all_of_them), NOTHING)
    share = show_percent(Decimal(days - vacant) * 100 / days, places=1) if days else str(_("n.a."))
    return [
        _("Total"),
        _("%(share)s of the days, let", share=share),
        "",
        str(days - vacant),
        str(vacant),
        show_money(lost),
    ]


def _last(span: Period) -> str:
    return show_date(span.last) if span.last else ""

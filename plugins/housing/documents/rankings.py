"""Rankings on paper: the internal one with every point, and the public one with nothing that tells who."""

from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from core.api import Words, _, in_context, parts, show_date, show_datetime, show_number
from plugins.housing.documents.calls import public_rule
from plugins.housing.models import Ranking, RankingRow, RankingState
from plugins.housing.withheld import tie_words
from plugins.housing.wording import NAMED

Values = dict[str, Any]
Column = parts.TableColumn
NAMES = {
    RankingState.COMPUTED: _("Ranking not yet published"),
    RankingState.PROVISIONAL: _("Provisional ranking"),
    RankingState.FINAL: _("Final ranking"),
}


def is_published(ranking: Ranking) -> bool:
    """Whether there is something public to print."""
    return ranking.public_since is not None


def public(session: Session, ranking: Ranking) -> Values:
    """Place, application number, points, outcome with its rule: nothing else may stand in it (R-H5)."""
    rows = [
        [row.position or "–", row.application, _points(row.total),
         f"{row.outcome.label} {public_rule(row.rule)}".strip()]
        for row in ranking.public_rows
    ]  # fmt: skip
    return {
        "title": _title(ranking),
        "parts": [
            parts.facts(
                (_("Call"), str(ranking.call)), (_("Version"), ranking.edition),
                (_("Published on"), show_date(ranking.published_on) if ranking.published_on else ""),
                (_("Act of publication"), ranking.act),
                (_("Correction requests until"), show_date(ranking.requests_until) if ranking.requests_until else ""),
                (_("Final since"), show_date(ranking.final_on) if ranking.final_on else ""),
                (_("Act that makes it final"), ranking.final_act),
            ),
            parts.table(
                [Column(in_context("ranking", "Place"), number=True), Column(_("Application"), width=2),
                 Column(_("Points"), number=True), Column(_("Outcome"), width=2)],
                rows, none=_("The ranking has no rows."),
            ),
            parts.text(
                _("Applications are named by their number alone, which stands on the receipt (art. 26 par. 4 D.Lgs. "
                  "33/2013)."),
                _("The rule beside an exclusion is the one of the call; the reasons are told to the person concerned."),
            ),
        ],
    }  # fmt: skip


def internal(session: Session, ranking: Ranking) -> Values:
    """Every place with its points group by group and what told equal totals apart; for the office alone."""
    groups = [group.title or group.key for group in ranking.call.scheme.rules.groups]
    head = [
        Column(in_context("ranking", "Place"), number=True), Column(_("Application"), width=2),
        *(Column(group, number=True) for group in groups), Column(_("Points"), number=True),
        Column(_("Tie"), width=1), Column(_("Outcome"), width=1), *([Column(_("Reserve"))] if ranking.reserves else []),
    ]  # fmt: skip
    return {
        "title": _("%(ranking)s: points, for the office alone", ranking=_title(ranking)),
        "wide": True,
        "parts": [
            parts.text(_("Internal document: it is not published.")),
            parts.facts(
                (_("Call"), str(ranking.call)), (_("Version"), ranking.edition),
                (_("Drawn up"), show_datetime(ranking.drawn_up_at)), (_("Drawn up by"), ranking.drawn_up_by),
                (_("Why this version"), ranking.reason), (_("Published by"), ranking.published_by),
                (_("Made final by"), ranking.made_final_by),
            ),
            parts.table(head, [_row(row, groups) for row in ranking.rows], none=_("The ranking has no rows.")),
            parts.facts((_("Fingerprint of the data"), ranking.digest)),
        ],
    }  # fmt: skip


def _row(row: RankingRow, groups: list[str]) -> list[Words | int]:
    counted = dict.fromkeys(groups, Decimal(0))
    for line in row.lines:
        counted[line["group"]] = counted.get(line["group"], Decimal(0)) + Decimal(line["counted"])
    tie = row.behind_by or row.ahead_by
    told = [_points(counted[group]) if row.lines else "–" for group in groups]
    names = {one["key"]: one["title"] or NAMED[one["key"]] for one in row.ranking.reserves or ()}
    reserve = [names.get(row.reserve, "–")] if names else []
    return [
        row.position or "–", row.protocol, *told, _points(row.total), tie_words(tie) if tie else "–",
        f"{row.outcome.label} {row.rule}".strip(), *reserve,
    ]  # fmt: skip


def _title(ranking: Ranking) -> Words:
    name = NAMES.get(ranking.state, _("Ranking"))
    return _("%(name)s of call %(number)s", name=name, number=ranking.call.number)


def _points(points: Decimal | None) -> str:
    return "–" if points is None else show_number(points, places=2)

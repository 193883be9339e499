"""What the page of a ranking shows: until when it may be contested, and every place with its reason."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, load_only

from core.api import Words, _, scope_of, show_money
from plugins.housing.models import Application, Ranking, RankingRow, Regime
from plugins.housing.rules.ledger import NOTHING
from plugins.housing.rules.publication import Outcome
from plugins.housing.rules.ranking import TieBreaker
from plugins.housing.services import appeals
from plugins.housing.withheld import tie_words

SHADES = ("a", "b", "c")
UNMET = {
    "R-H1.residence": _("Neither resident nor at work in the district"),
    "R-H1.property": _("It owns an adequate home"),
}


@dataclass(frozen=True)
class Part:
    """What one group gives of a total; `start` and `width` are its place in a bar of 100."""

    group: str
    points: Decimal
    start: Decimal
    width: Decimal
    shade: str


def notes_of(session: Session, ranking: Ranking) -> dict[str, Any]:
    """In one look: what it ranks, when and by which rules it was drawn up, and how long it may be contested."""
    counted = session.scalar(select(func.count()).where(RankingRow.ranking_id == ranking.id))
    sees = ranking.requests_until is not None and scope_of(session).may("housing.appeals.see")
    said = appeals.said_of(appeals.appeals_by_state(session, ranking)) if sees else ""
    return {"ranking": ranking, "count": counted, "call": ranking.call, "said": said}


def rows_of(session: Session, ranking: Ranking) -> dict[str, Any]:
    """Every row with the sum of each group, whom it is tied with, or the rule that keeps it out."""
    wanted = (
        select(RankingRow)
        .where(RankingRow.ranking_id == ranking.id)
        .order_by(RankingRow.order)
        .options(joinedload(RankingRow.application).options(load_only(Application.submitted_at, Application.isee)))
    )
    rows = list(session.scalars(wanted).unique())
    regional = ranking.call.regime is Regime.SAP
    caps = sum((group.cap for group in ranking.call.scheme.rules.groups), NOTHING)
    most = (max((row.total or NOTHING for row in rows), default=NOTHING) if regional else caps) or Decimal(1)
    shown = [
        {
            "row": row, "parts": parts_of(row, most), "tie": _tie(rows, at),
            "unmet": _unmet(ranking, row) if row.outcome is Outcome.EXCLUDED else "",
        }
        for at, row in enumerate(rows)
    ]  # fmt: skip
    return {
        "ranking": ranking,
        "rows": shown,
        "regional": regional,
        "breakers": ", ".join(_within(one) for one in ranking.call.rules.tie_breakers),
    }


def parts_of(row: RankingRow, most: Decimal) -> list[Part]:
    """The points of a row by group, in the order of the scheme."""
    sums: dict[str, Decimal] = {}
    for line in row.lines:
        sums[line["group"]] = sums.get(line["group"], NOTHING) + Decimal(line["counted"])
    parts: list[Part] = []
    for group, points in sums.items():
        start = parts[-1].start + parts[-1].width if parts else NOTHING
        width = round(max(points, NOTHING) * 100 / most, 2)
        parts.append(Part(group, points, start, width, SHADES[len(parts) % len(SHADES)]))
    return parts


def _tie(rows: list[RankingRow], at: int) -> dict[str, Words] | None:
    """With whom a row shares its points, and what told them apart."""
    row = rows[at]
    if row.behind_by is not None and at > 0:
        return {"with": rows[at - 1].protocol, "why": _("It follows by: %(rule)s.", rule=tie_words(row.behind_by))}
    if row.ahead_by is not None and at + 1 < len(rows):
        return {"with": rows[at + 1].protocol, "why": _("It goes first by: %(rule)s.", rule=tie_words(row.ahead_by))}
    return None


def _unmet(ranking: Ranking, row: RankingRow) -> Words:
    """The rule that keeps an application out, in words and with its amounts."""
    limit, isee = ranking.call.isee_limit, row.application.isee
    if row.rule == "R-H1" and limit is not None and isee is not None:
        return _("ISEE %(isee)s: over the limit of %(limit)s", isee=show_money(isee), limit=show_money(limit))
    return UNMET.get(row.rule, _("It does not meet the rule %(rule)s.", rule=row.rule))


def _within(breaker: TieBreaker) -> str:
    """A tie-breaker's words as they stand within a sentence; an acronym stays as it is."""
    words = str(breaker.label)
    return words if words[:2].isupper() else words[:1].lower() + words[1:]

"""What the cards of calls, applications and rankings show of rules, verifications and reserves."""

from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from core.api import scope_of
from plugins.housing.models import Application, ApplicationState, Call, Check, CheckOutcome, Ranking, RankingRow
from plugins.housing.rules.requirements import examine
from plugins.housing.services import checks, reserves
from plugins.housing.wording import NAMED, answer_text, criterion_text, requirement_text, reserve_text

OVER = (ApplicationState.DECLINED, ApplicationState.LEASED, ApplicationState.LAPSED)


def requirements_of(session: Session, application: Application) -> dict[str, Any]:
    """Each requirement of the call with its rule, what was declared, and whether a document confirms it."""
    done = _checks(session, application)
    rows = [
        {
            "rule": one.requirement.rule, "asked": requirement_text(one.requirement),
            "datum": answer_text(one.datum, getattr(one.requirement, "criterion", "")), "met": one.met,
            "check": done.get(one.requirement.rule),
        }
        for one in examine(application.call.requirements, application.entry.answers)
    ]  # fmt: skip
    return {"rows": rows, "by": application.rule}


def checks_panel(session: Session, application: Application) -> dict[str, Any]:
    """Everything that can be verified, one at a time, with the last word on each."""
    done = _checks(session, application)
    rows = [
        {"key": key, "words": words, "check": done.get(key)}
        for key, words in checks.subjects_of(application.call).items()
    ]
    may = scope_of(session).may("housing.applications.check") and application.state not in OVER
    return {"application": application, "rows": rows, "outcomes": list(CheckOutcome), "may_check": may}


def _checks(session: Session, application: Application) -> dict[str, Check]:
    return checks.checks_of(session, [application.id]).get(application.id, {})


def reserves_of_call(session: Session, call: Call) -> dict[str, Any]:
    """The homes that a call keeps, with their sums."""
    return {"reserves": [_kept(told, []) for told in reserves.kept_homes(session, call)], "year": call.opens_on.year}


def reserves_of_ranking(session: Session, ranking: Ranking) -> dict[str, Any]:
    """Which rows fill each reserve, in which order, and why; the rest of the homes goes by the general order."""
    filled: dict[str, list[RankingRow]] = {}
    for row in ranking.rows:
        if row.reserve is not None:
            filled.setdefault(row.reserve, []).append(row)
    told = [_kept(one, filled.get(one["key"], [])) for one in ranking.reserves or ()]
    return {"reserves": told, "year": ranking.call.opens_on.year, "ranking": ranking}


def _kept(told: dict[str, Any], rows: list[RankingRow]) -> dict[str, Any]:
    placed = sorted(rows, key=lambda row: row.reserve_place or 0)
    return {
        **told, "name": told["title"] or NAMED[told["key"]], "percent": Decimal(told["percent"]),
        "rows": [(row, reserve_text(row.reserve_why or {})) for row in placed],
    }  # fmt: skip


def lines_of(session: Session, row: RankingRow) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The addends of a row, each with the rule that made it and who verified its datum; then the requirements."""
    call = row.ranking.call
    done = _checks(session, row.application)
    criteria = {one.key: (one, group.cap) for group in call.scheme.rules.groups for one in group.criteria}
    lines = []
    for line in row.lines:
        criterion, cap = criteria.get(line.get("key", ""), (None, None))
        text = criterion_text(criterion) if criterion else ""
        lines.append({**line, "rule": text, "cap": cap, "check": done.get(line.get("key", ""))})
    asked = [
        {"rule": one.rule, "asked": requirement_text(one), "check": done.get(one.rule)} for one in call.requirements
    ]
    return lines, asked

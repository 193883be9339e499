"""Scoring schemes: written line by line, and replaced by a new edition once a call uses them."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.api import Refusal, _
from plugins.housing.models import Call, ScoringScheme
from plugins.housing.rules.scheme import CriterionKind, read_scheme
from plugins.housing.services.applications import COMPUTED, DECLARED

DEMO = Path(__file__).parent.parent / "reference" / "demo_scheme.json"
LEAST = 4
ISBAR = "isbar"
REGIONAL: list[dict[str, Any]] = [
    {"key": "regione", "title": "Regione Lombardia", "cap": "1000", "criteria": [
        {"key": ISBAR, "kind": "awarded", "title": "ISBAR calcolato dalla piattaforma regionale"},
    ]},
]  # fmt: skip
CELLS = ("group", "cap", "key", "kind", "points", "limit", "title")


def add_scheme(
    session: Session, *, key: str, title: str, criteria: str | list[dict[str, Any]], source: str | None = None
) -> ScoringScheme:
    """Add the next edition of a scheme; `criteria` are groups, or lines of text as `read_lines` takes them."""
    groups = read_lines(criteria) if isinstance(criteria, str) else criteria
    last = session.scalar(select(func.max(ScoringScheme.edition)).where(ScoringScheme.key == key)) or 0
    read_scheme({"key": key, "version": last + 1, "groups": groups})
    scheme = ScoringScheme(key=key, edition=last + 1, title=title, source=source, groups=groups)
    session.add(scheme)
    session.flush()
    return scheme


def amend_scheme(
    session: Session, scheme: ScoringScheme, *, title: str, criteria: str, key: str = "", source: str | None = None
) -> ScoringScheme:
    """Correct an edition that no call uses yet; one in use stays, and a new edition is added beside it."""
    groups = read_lines(criteria)
    used = session.scalars(select(Call.id).where(Call.scheme_id == scheme.id).limit(1)).first()
    if used and groups != scheme.groups:
        raise Refusal(_("A call uses this edition: add a new edition instead of changing it."), field="criteria")
    read_scheme({"key": scheme.key, "version": scheme.edition, "groups": groups})
    scheme.title, scheme.source, scheme.groups = title, source, groups
    session.flush()
    return scheme


def load_demo_scheme(session: Session) -> ScoringScheme:
    """The demonstration scheme, as an example to copy: no region's weights are in it."""
    written = json.loads(DEMO.read_text(encoding="utf-8"))
    return add_scheme(session, key=written["key"], title=written["title"], criteria=written["groups"])


def isbar_scheme(session: Session) -> ScoringScheme:
    """The scheme of calls whose points the region computes: one criterion, and no weight of ours."""
    last = select(ScoringScheme).where(ScoringScheme.key == ISBAR).order_by(ScoringScheme.edition.desc())
    found = session.scalars(last.limit(1)).first()
    return found or add_scheme(session, key=ISBAR, title="ISBAR della Regione", criteria=REGIONAL)


def read_lines(text: str) -> list[dict[str, Any]]:
    """Groups and criteria from lines of `group; cap; key; kind; points; limit; title`."""
    groups: dict[str, dict[str, Any]] = {}
    for number, line in enumerate((line for line in text.splitlines() if line.strip()), start=1):
        cells = [cell.strip() for cell in line.split(";")]
        if len(cells) < LEAST:
            raise Refusal(
                _("Line %(n)s: write group; cap; key; kind; points; limit; title.", n=number), field="criteria"
            )
        told = dict(zip(CELLS, cells, strict=False))
        if told["kind"] not in set(CriterionKind):
            kinds = ", ".join(CriterionKind)
            raise Refusal(_("Line %(n)s: the kind is one of %(kinds)s.", n=number, kinds=kinds), field="criteria")
        group = groups.setdefault(
            told["group"], {"key": told["group"], "title": told["group"], "cap": told["cap"], "criteria": []}
        )
        group["criteria"].append(_criterion(told))
    if not groups:
        raise Refusal(_("Write at least one criterion."), field="criteria")
    return list(groups.values())


def _criterion(told: dict[str, str]) -> dict[str, Any]:
    written: dict[str, Any] = {"key": told["key"], "kind": told["kind"], "title": told.get("title") or told["key"]}
    if told.get("points"):
        written["points"] = told["points"].replace(",", ".")
    if told.get("limit"):
        written["limit"] = told["limit"].replace(",", ".")
    return written


def write_lines(scheme: ScoringScheme) -> str:
    """The scheme as `read_lines` reads it again."""
    return "\n".join(
        "; ".join(
            str(cell or "")
            for cell in (
                group["key"], group["cap"], one["key"], one["kind"], one.get("points"), one.get("limit"),
                one.get("title"),
            )
        )
        for group in scheme.groups
        for one in group["criteria"]
    )  # fmt: skip


def headings_of_criteria(session: Session) -> dict[str, tuple[str, ...]]:
    """What a file may call the answers to each criterion that somebody answers: its title, or its key."""
    found: dict[str, tuple[str, ...]] = {}
    for scheme in session.scalars(select(ScoringScheme).order_by(ScoringScheme.key, ScoringScheme.edition)):
        for criterion in (one for group in scheme.rules.groups for one in group.criteria):
            if criterion.key not in COMPUTED:
                name = criterion.key if criterion.key in DECLARED else f"answers.{criterion.key}"
                found[name] = (*found.get(name, ()), criterion.title or criterion.key, criterion.key)
    return found

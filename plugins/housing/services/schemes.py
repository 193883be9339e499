"""Scoring schemes: written line by line, and replaced by a new edition once a call uses them."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.api import Refusal, _
from plugins.housing.models import Call, ScoringScheme
from plugins.housing.rules.scheme import read_scheme
from plugins.housing.rules.scheme_table import read_lines
from plugins.housing.services.applications import COMPUTED, DECLARED

DEMO = Path(__file__).parent.parent / "reference" / "demo_scheme.json"
ISBAR = "isbar"
REGIONAL: list[dict[str, Any]] = [
    {"key": "regione", "title": "Regione Lombardia", "cap": "1000", "criteria": [
        {"key": ISBAR, "kind": "awarded", "title": "ISBAR calcolato dalla piattaforma regionale"},
    ]},
]  # fmt: skip


def add_scheme(
    session: Session, *, key: str, title: str, criteria: str | list[dict[str, Any]], source: str | None = None
) -> ScoringScheme:
    """Add the next edition of a scheme; `criteria` are groups, or lines of text as `read_lines` takes them."""
    groups = read_lines(criteria) if isinstance(criteria, str) else criteria
    last = session.scalar(select(func.max(ScoringScheme.edition)).where(ScoringScheme.key == key)) or 0
    read_scheme({"key": key, "version": last + 1, "groups": groups})
    scheme = ScoringScheme(key=key, edition=last + 1, title=title, source=source, groups=list(groups))
    session.add(scheme)
    session.flush()
    return scheme


def new_edition(
    session: Session,
    scheme: ScoringScheme,
    *,
    title: str,
    criteria: str | list[dict[str, Any]],
    source: str | None = None,
) -> ScoringScheme:
    """Add an edition that begins from another; the earlier ones stay as they are."""
    return add_scheme(session, key=scheme.key, title=title, criteria=criteria, source=source)


def amend_scheme(
    session: Session,
    scheme: ScoringScheme,
    *,
    title: str,
    criteria: str | list[dict[str, Any]],
    key: str = "",
    source: str | None = None,
) -> ScoringScheme:
    """Correct an edition that no call uses yet; one in use, or followed by another, is never changed."""
    groups = read_lines(criteria) if isinstance(criteria, str) else criteria
    if groups != scheme.groups and is_settled(session, scheme):
        raise Refusal(
            _("A call uses this edition, or a later one follows it: add a new edition instead of changing it."),
            field="criteria",
        )
    read_scheme({"key": scheme.key, "version": scheme.edition, "groups": groups})
    scheme.title, scheme.source, scheme.groups = title, source, list(groups)
    session.flush()
    return scheme


def is_settled(session: Session, scheme: ScoringScheme) -> bool:
    """Whether a call relies on an edition, or a later one follows it."""
    used = select(Call.id).where(Call.scheme_id == scheme.id).limit(1)
    later = select(ScoringScheme.id).where(ScoringScheme.key == scheme.key, ScoringScheme.edition > scheme.edition)
    return any(session.scalars(wanted.limit(1)).first() is not None for wanted in (used, later))


def load_demo_scheme(session: Session) -> ScoringScheme:
    """The demonstration scheme, as an example to copy: no region's weights are in it."""
    written = json.loads(DEMO.read_text(encoding="utf-8"))
    return add_scheme(session, key=written["key"], title=written["title"], criteria=written["groups"])


def isbar_scheme(session: Session) -> ScoringScheme:
    """The scheme of calls whose points the region computes: one criterion, and no weight of ours."""
    last = select(ScoringScheme).where(ScoringScheme.key == ISBAR).order_by(ScoringScheme.edition.desc())
    found = session.scalars(last.limit(1)).first()
    return found or add_scheme(session, key=ISBAR, title="ISBAR della Regione", criteria=REGIONAL)


def headings_of_criteria(session: Session) -> dict[str, tuple[str, ...]]:
    """What a file may call the answers to each criterion that somebody answers: its title, or its key."""
    found: dict[str, tuple[str, ...]] = {}
    for scheme in session.scalars(select(ScoringScheme).order_by(ScoringScheme.key, ScoringScheme.edition)):
        for criterion in (one for group in scheme.rules.groups for one in group.criteria):
            if criterion.key not in COMPUTED:
                name = criterion.key if criterion.key in DECLARED else f"answers.{criterion.key}"
                found[name] = (*found.get(name, ()), criterion.title or criterion.key, criterion.key)
    return found

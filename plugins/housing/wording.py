"""The rules of a call in words: requirements, criteria and their caps, as pages and refusals say them."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from core.api import Words, _, show_money, show_number
from plugins.housing.rules.requirements import Answer, Ceiling, Requirement
from plugins.housing.rules.scheme import Criterion, CriterionKind

CONDITIONS = {
    "R-H1.residence": _("Residence or work in the district"),
    "R-H1.property": _("No adequate home owned"),
}
INDIGENT = "indigent"
NAMED = {
    "resident": _("Resident in the district"), "works_here": _("Works in the district"),
    "no_property": _("Owns no adequate home"), "disability": _("Certified disability in the household"),
    "minors": _("Minors"), "members": _("Members"), "isee": _("ISEE"),
    INDIGENT: _("Indigent household, attested by the social services"),
}  # fmt: skip


def requirement_text(requirement: Requirement) -> Words:
    """What a requirement asks."""
    if isinstance(requirement, Ceiling):
        return _("ISEE of at most %(limit)s", limit=show_money(requirement.limit))
    return CONDITIONS.get(requirement.rule, requirement.rule)


def criterion_text(criterion: Criterion) -> Words:
    """How the answer to a criterion becomes points."""
    return _TEXTS[criterion.kind](criterion)


def reserve_text(why: Mapping[str, Any]) -> Words:
    """What puts a row in a reserve, as it was when the ranking was drawn up."""
    if "answer" in why:
        return _("answered yes")
    if why.get("isee") is None and why.get("document"):
        return _("declared to the region; attested: %(document)s", document=why["document"])
    if why.get("isee") is None:
        return _("declared to the region")
    isee, limit = show_money(Decimal(why["isee"])), show_money(Decimal(why["limit"]))
    if why.get("document"):
        return _("ISEE %(isee)s, not above %(limit)s; attested: %(document)s", isee=isee, limit=limit,
                 document=why["document"])  # fmt: skip
    return _("ISEE %(isee)s, not above %(limit)s", isee=isee, limit=limit)


def answer_text(datum: Answer, key: str = "") -> str:
    """An answer in words; the ISEE is an amount."""
    if datum is None:
        return str(_("not answered"))
    if isinstance(datum, bool):
        return str(_("Yes") if datum else _("No"))
    return show_money(Decimal(datum)) if key == "isee" else show_number(datum)


def _steps(criterion: Criterion) -> Words:
    steps = sorted(criterion.steps)
    return "; ".join(
        str(_("from %(start)s: %(points)s points", start=show_number(start), points=show_number(points)))
        for start, points in steps
    )


_TEXTS: dict[CriterionKind, Callable[[Criterion], Words]] = {
    CriterionKind.AWARDED: lambda one: _("The points that the office awards"),
    CriterionKind.YES_NO: lambda one: _("%(points)s points if it is so", points=show_number(one.points)),
    CriterionKind.EACH: lambda one: _("%(points)s points for each one", points=show_number(one.points)),
    CriterionKind.STEPS: _steps,
    CriterionKind.LINEAR_ISEE: lambda one: _(
        "%(points)s × (%(limit)s − ISEE) ÷ %(limit)s", points=show_number(one.points), limit=show_number(one.limit or 0)
    ),
}

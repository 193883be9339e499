"""A scoring scheme as a table, a criterion a line: what files, programs and the editor's rows say."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.api import Refusal, Words, _, names_of, normalise, read_decimal
from plugins.housing.rules.scheme import CriterionKind, InvalidScheme

COLUMNS = ("group", "cap", "key", "kind", "points", "limit", "title", "steps")
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "group": ("gruppo", "group"), "cap": ("tetto", "cap"), "key": ("chiave", "key"), "kind": ("tipo", "kind"),
    "points": ("punti", "points"), "limit": ("limite", "limite isee", "limit"),
    "title": ("criterio", "titolo", "title", "criterion"), "steps": ("fasce", "scaglioni", "steps"),
}  # fmt: skip
WORTH = (CriterionKind.YES_NO, CriterionKind.EACH, CriterionKind.LINEAR_ISEE)
LONGEST_KEY = 40
Groups = list[dict[str, Any]]


def read_lines(text: str) -> Groups:
    """Groups and criteria from lines of `group; cap; key; kind; points; limit; title; steps`.

    The first line may hold headings, in Italian or English, which then say the order of the columns.
    """
    lines = [
        cells for cells in csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=";") if any(map(str.strip, cells))
    ]
    order = _headings(lines[0]) if lines else None
    groups: dict[str, dict[str, Any]] = {}
    for number, cells in enumerate(lines[1:] if order else lines, start=2 if order else 1):
        told = dict(zip(order or COLUMNS, (cell.strip() for cell in cells), strict=False))
        place = _("Line %(n)s", n=number)
        title = told.get("group", "")
        if title not in groups:
            groups[title] = read_group(title, told.get("cap", ""), place)
        groups[title]["criteria"].append(read_criterion(told, place))
    return checked(list(groups.values()))


def _headings(cells: Sequence[str]) -> list[str] | None:
    names = {normalise(word): name for name, words in HEADINGS.items() for word in words}
    found = [names.get(normalise(cell), "") for cell in cells]
    return found if {"group", "kind"} <= set(found) else None


def checked(groups: Groups) -> Groups:
    """The groups, refused when they hold nothing or a key twice."""
    criteria = [one for group in groups for one in group["criteria"]]
    if not criteria:
        raise Refusal(_("Write at least one criterion."), field="criteria")
    keys = [one["key"] for one in criteria]
    if repeated := {key for key in keys if keys.count(key) > 1}:
        raise InvalidScheme(_("The criterion %(key)s stands twice in the scheme.", key=min(repeated)), field="criteria")
    return groups


def read_group(title: str, cap: str, place: Words) -> dict[str, Any]:
    """A group without criteria yet; its title is its key too."""
    if not title:
        raise _wrong(place, _("the group needs a name"))
    most = _number(cap, place, _("the cap"))
    if most <= 0:
        raise _wrong(place, _("the cap is above zero"))
    return {"key": title, "title": title, "cap": _plain(most), "criteria": []}


def read_criterion(told: Mapping[str, str], place: Words) -> dict[str, Any]:
    """One criterion from its texts; what its kind does not use is left out."""
    title, kind = told.get("title", ""), _kind(told.get("kind", ""), place)
    key = told.get("key") or slug(title)
    if not key or key != slug(key):
        raise _wrong(place, _("the key is a short word of letters, digits and underscores, such as minors"))
    written: dict[str, Any] = {"key": key, "kind": kind.value, "title": title or key}
    if kind in WORTH:
        written["points"] = _plain(_number(told.get("points", ""), place, _("the points")))
    if kind is CriterionKind.LINEAR_ISEE:
        limit = _number(told.get("limit", ""), place, _("the ISEE limit"))
        if limit <= 0 or Decimal(written["points"]) < 0:
            raise _wrong(place, _("the ISEE limit is above zero and the points are not negative"))
        written["limit"] = _plain(limit)
    if kind is CriterionKind.STEPS:
        written["steps"] = _steps(told.get("steps", ""), place)
    return written


def slug(text: str) -> str:
    """A key made of a title: lower-case, without accents, words joined by underscores."""
    bare = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in normalise(text))
    return "_".join(bare.split())[:LONGEST_KEY]


def _kind(text: str, place: Words) -> CriterionKind:
    wanted = text.casefold()
    for kind in CriterionKind:
        if wanted in {kind.value, *names_of(kind)}:
            return kind
    raise _wrong(place, _("the kind is one of: %(kinds)s", kinds=", ".join(str(one.label) for one in CriterionKind)))


def _steps(text: str, place: Words) -> list[list[str]]:
    """Steps written `1 = 5 | 3 = 8`: from one five points, from three eight."""
    steps = []
    for part in filter(str.strip, text.split("|")):
        start, sign, points = part.partition("=")
        if not sign:
            raise _wrong(place, _("write the steps as: 1 = 5 | 3 = 8"))
        steps.append([_plain(_number(one, place, _("the steps"))) for one in (start, points)])
    if not steps:
        raise _wrong(place, _("write the steps as: 1 = 5 | 3 = 8"))
    return sorted(steps, key=lambda step: Decimal(step[0]))


def _number(text: str, place: Words, what: Words) -> Decimal:
    if not text.strip():
        raise _wrong(place, _("%(what)s: a number is missing", what=what))
    try:
        number = read_decimal(text.strip())
    except Refusal as refusal:
        raise _wrong(place, f"{what}: {refusal}") from refusal
    if number != round(number, 2):
        raise _wrong(place, _("%(what)s: at most two decimals", what=what))
    return number


def _plain(number: Decimal) -> str:
    return format(number.normalize() + 0, "f")


def _wrong(place: Words, reason: Words) -> Refusal:
    return Refusal(_("%(place)s: %(reason)s.", place=place, reason=str(reason).rstrip(".")), field="criteria")


def write_lines(groups: Iterable[Mapping[str, Any]]) -> str:
    """The groups as `read_lines` reads them again, under headings."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow([HEADINGS[name][0] for name in COLUMNS])
    writer.writerows(
        [group.get("title") or group["key"], group["cap"], one["key"], one["kind"], one.get("points", ""),
         one.get("limit", ""), one.get("title", ""), written_steps(one)]
        for group in groups
        for one in group["criteria"]
    )  # fmt: skip
    return text.getvalue()


def written_steps(criterion: Mapping[str, Any]) -> str:
    """The steps of a criterion as people write them."""
    return " | ".join(f"{start} = {points}" for start, points in criterion.get("steps", ()))

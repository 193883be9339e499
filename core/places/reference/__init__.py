"""The municipalities of Italy since 1861 and the states of the world, as the codice fiscale numbers them."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from core.places.reference.iso_codes import iso_codes
from core.places.reference.regions import REGIONS
from core.places.reference.spelling import spelled

AREA = Path(__file__).parent / "area.csv"
UNNUMBERED = "ND"


def municipalities() -> Iterator[dict[str, Any]]:
    """Each stretch of each municipality's history: one with the same name, borders and cadastral code.

    Keys: name, istat_code, belfiore, province, region, postcode, valid_from, valid_to, current.
    From python-codicefiscale; ISTAT code and postcode from area.csv, so only in the seven
    municipalities of the area and only for today's stretch; region from the province.
    """
    area = {row["belfiore_code"]: row for row in area_rows()}
    seen = set()
    for row in _shipped("municipalities.json"):
        code, first = row["code"], _day(row["date_created"])
        if code == UNNUMBERED or (code, first) in seen:
            # Places gone before codes were given, and two villages that shared one until 1928.
            continue
        seen.add((code, first))
        known = area.get(code, {}) if row["active"] else {}
        yield {
            "name": spelled(row["name"]), "istat_code": known.get("istat_code"), "belfiore": code,
            "province": row["province"], "region": REGIONS.get(row["province"]), "postcode": known.get("cap"),
            "valid_from": first, "valid_to": _day(row["date_deleted"]), "current": row["active"],
        }  # fmt: skip


def states() -> Iterator[dict[str, Any]]:
    """Each state, those that no longer exist included: name, belfiore (Z###), iso_code, current.

    From python-codicefiscale; the ISO code from Babel, none for states that no longer exist.
    """
    codes = iso_codes()
    for row in [*_shipped("countries.json"), *_shipped("deleted-countries.json")]:
        current = row["active"] and not row["date_deleted"]
        yield {
            "name": spelled(row["name"]), "belfiore": row["code"],
            "iso_code": codes(row["name"], row["name_alt_en"]) if current else None, "current": current,
        }  # fmt: skip


@cache
def area_rows() -> tuple[dict[str, str], ...]:
    """The seven municipalities as area.csv has them."""
    with AREA.open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


def _shipped(name: str) -> list[dict[str, Any]]:
    """A data file of python-codicefiscale, without importing the package: that indexes all of it, slowly."""
    spec = find_spec("codicefiscale")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("python-codicefiscale is not installed", name="codicefiscale")
    return json.loads((Path(spec.origin).parent / "data" / name).read_bytes())


def _day(text: str) -> date | None:
    return date.fromisoformat(text[:10]) if text else None

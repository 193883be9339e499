"""Municipalities and states as they are shipped.

Names, codes and dates come from the data files of the package python-codicefiscale (Agenzia delle
Entrate and ISTAT), read as JSON because its own decoder parses everything at the first use. ISTAT
codes and postcodes of the project's area come from `area/municipalities.csv` (ISTAT); ISO codes of
states from the CLDR names in Babel.
"""

import csv
import json
from collections.abc import Iterator
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from core.language.matching import normalise

AREA = Path(__file__).parent / "area" / "municipalities.csv"
FIRST_DAY = date(1861, 3, 17)
NOT_KNOWN = "ND"
Row = dict[str, Any]


def _read(name: str) -> list[Row]:
    package = find_spec("codicefiscale")
    assert package is not None and package.submodule_search_locations  # noqa: S101, PT018  a locked dependency
    found: list[Row] = json.loads((Path(package.submodule_search_locations[0]) / "data" / name).read_text("utf-8"))
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def municipalities() -> Iterator[Row]:
    """Every municipality there is or was, once for each period in which its code meant it."""
    with AREA.open(encoding="utf-8") as stream:
        area = {row["belfiore_code"]: row for row in csv.DictReader(stream)}
    seen = set()
    for row in (*_read("municipalities-patch.json"), *_read("municipalities.json")):
        starts = _day(row["date_created"]) or FIRST_DAY
        if row["code"] in {NOT_KNOWN, ""} or (row["code"], starts) in seen:
            continue
        seen.add((row["code"], starts))
        here = area.get(row["code"], {}) if row["active"] else {}
        yield {
            "name": row["name"], "istat_code": here.get("istat_code"), "belfiore": row["code"],
            "province": row["province"], "region": "Lombardia" if here else None, "postcode": here.get("cap"),
            "valid_from": starts, "valid_to": _day(row["date_deleted"]), "current": bool(row["active"]),
        }  # fmt: skip


def states() -> Iterator[Row]:
    """Every foreign state that a codice fiscale may name."""
    iso = _iso_codes()
    seen = set()
    for name in ("countries-patch.json", "countries.json", "deleted-countries.json"):
        for row in _read(name):
            if row["code"] not in seen and row["code"] not in {NOT_KNOWN, ""}:
                seen.add(row["code"])
                names = (row["name"], row["name_alt"], row["name_alt_en"])
                code = next((iso[n] for n in map(normalise, filter(None, names)) if n in iso), None)
                yield {"name": row["name"], "belfiore": row["code"], "iso_code": code, "current": bool(row["active"])}


def _iso_codes() -> dict[str, str]:
    """State's name, in Italian or English, → its two-letter code."""
    from babel import Locale  # noqa: PLC0415  only when the tables are loaded

    named = [(name, code) for language in ("en", "it") for code, name in Locale(language).territories.items()]
    return {normalise(name): code for name, code in named if len(code) == 2 and code.isalpha()}  # noqa: PLR2004

"""A hundred and twenty applications to one call for social homes."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from examples.making.people import ADDRESS, BIRTHDAY, CODE, TOWN
from examples.making.sheet import Cell, Sheet

SEED, COUNT = 120, 120
CALL, OPENS, DAYS = "SAS 2026/1", date(2026, 3, 2), 30
LAST_ADULT = date(2008, 3, 2)
HEADERS = (
    "Protocollo esterno", "Codice fiscale richiedente", "Bando", "Data presentazione", "ISEE", "Protocollo DSU",
    "Data DSU", "Punti familiari", "Punti abitativi", "Disabilità", "Minori", "Alloggi richiesti",
)  # fmt: skip


def sheet(residents: Sheet, homes: Sheet) -> Sheet:
    """Applications of people and for homes of the other two sheets, six rows of them wrong."""
    rng = Random(SEED)  # noqa: S311  a fixed seed: the files are the same everywhere
    made = Sheet("applications", "Domande", HEADERS, "utf-8")
    offered = sorted(str(row["Codice alloggio"]) for row in homes.good() if row["Regime"] == "SAS")
    minors = Counter(_home(row) for row in residents.good() if not _is_adult(row))
    adults = [row for row in residents.good() if row[CODE] and _is_adult(row)]
    made.rows = [
        _application(rng, number, str(row[CODE]), minors[_home(row)], offered)
        for number, row in enumerate(rng.sample(adults, COUNT), start=1)
    ]
    made.leave_blank(rng, 4)
    _spoil(made)
    return made


def _is_adult(row: dict[str, Cell]) -> bool:
    born = row[BIRTHDAY]
    return isinstance(born, date) and born <= LAST_ADULT


def _home(row: dict[str, Cell]) -> tuple[Cell, Cell]:
    return row[ADDRESS], row[TOWN]


def _application(rng: Random, number: int, code: str, minors: int, offered: list[str]) -> dict[str, Cell]:
    applied = OPENS + timedelta(days=rng.randrange(DAYS))
    declared = date(2026, 1, 7) + timedelta(days=rng.randrange((applied - date(2026, 1, 7)).days))
    isee = Decimal(round(100 * min(21_000, rng.lognormvariate(8.9, 0.6)))).scaleb(-2)
    cells: tuple[Cell, ...] = (
        f"2026/{4100 + number * 3:05}", code, CALL, applied, isee, f"INPS-ISEE-2026-{500_000 + number * 17:08}K-00",
        declared, rng.randrange(0, 50, 5), rng.randrange(0, 45, 5), rng.random() < 0.2,  # noqa: PLR2004
        minors, ", ".join(rng.sample(offered, rng.randint(1, 2))),
    )  # fmt: skip
    return dict(zip(HEADERS, cells, strict=True))


def _spoil(made: Sheet) -> None:
    places = [place for place, _row in made.filled()]
    first = made.rows[places[7]]["Protocollo esterno"]
    made.spoil(places[15], HEADERS[1], "RSSMRA79B11C566R", "this person is not in the registry")
    made.spoil(places[33], "Data DSU", date(2025, 9, 10), "this ISEE expired on 31/12/2025, before the application")
    made.spoil(places[50], "Data presentazione", "31/03/26/1", "not a date")
    made.spoil(places[68], "Alloggi richiesti", "MON-999", "no home has this code")
    made.spoil(places[86], "Protocollo esterno", first, f"the same protocol stands in line {places[7] + 2}")
    made.spoil(places[104], "ISEE", Decimal("-1250.00"), "an ISEE is never below zero")

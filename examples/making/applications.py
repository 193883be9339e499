"""A hundred and twenty applications to one call for social homes."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from examples.making.people import BIRTHDAY, CODE, households
from examples.making.sheet import Cell, Sheet

SEED, COUNT = 120, 120
CALL, OPENS, DAYS, ADULT = "SAS 2026/1", date(2026, 3, 2), 30, 18
ROLES = {"partner": "coniuge", "child": "figlio", "parent": "genitore", "not_related": "non parente"}
HEADERS = (
    "Protocollo esterno", "Codice fiscale richiedente", "Bando", "Data presentazione", "Ora presentazione",
    "Componenti del nucleo", "Minori", "ISEE", "Protocollo DSU", "Data DSU", "Condizione familiare, punti dell'ufficio",
    "Condizione abitativa, punti dell'ufficio", "Disabilità", "Alloggi richiesti",
)  # fmt: skip
Home = list[tuple[str, str]]


def sheet(residents: Sheet, homes: Sheet) -> Sheet:
    """Applications of households and for homes of the other two sheets, six rows of them wrong."""
    rng = Random(SEED)  # noqa: S311  a fixed seed: the files are the same everywhere
    made = Sheet("applications", "Domande", HEADERS, "utf-8")
    offered = offered_homes(homes)
    born = {str(row[CODE]): row[BIRTHDAY] for row in residents.good() if row[CODE]}
    applying = [home for home in households() if all(code in born for code, _role in home) and _is_adult(home, born)]
    made.rows = [
        _application(rng, number, home, born, offered)
        for number, home in enumerate(rng.sample(applying, COUNT), start=1)
    ]
    made.leave_blank(rng, 4)
    _spoil(made)
    return made


def offered_homes(homes: Sheet) -> list[str]:
    """The codes of the homes that the call offers."""
    return sorted(str(row["Codice alloggio"]) for row in homes.good() if row["Regime"] == "SAS")


def _is_adult(home: Home, born: dict[str, Cell]) -> bool:
    """Whether the reference person, who applies, is of age when the call opens."""
    return _age(born[home[0][0]], OPENS) >= ADULT


def _age(born: Cell, on: date) -> int:
    assert isinstance(born, date)  # noqa: S101  good rows have real dates
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _application(rng: Random, number: int, home: Home, born: dict[str, Cell], offered: list[str]) -> dict[str, Cell]:
    applied = OPENS + timedelta(days=rng.randrange(DAYS))
    declared = date(2026, 1, 7) + timedelta(days=rng.randrange((applied - date(2026, 1, 7)).days))
    isee = Decimal(round(100 * min(21_000, rng.lognormvariate(8.9, 0.6)))).scaleb(-2)
    (applicant, _role), *others = home
    cells: tuple[Cell, ...] = (
        f"2026/{4100 + number * 3:05}", applicant, CALL, applied,
        f"{rng.randrange(8, 13):02}:{rng.randrange(0, 60, 5):02}",
        ", ".join(f"{code} ({ROLES[role]})" for code, role in others),
        sum(_age(born[code], applied) < ADULT for code, _role in home), isee,
        f"INPS-ISEE-2026-{500_000 + number * 17:08}K-00", declared, rng.randrange(0, 50, 5), rng.randrange(0, 45, 5),
        rng.random() < 0.2, ", ".join(rng.sample(offered, rng.randint(1, 2))),  # noqa: PLR2004
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

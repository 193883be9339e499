"""Sixty homes in the seven municipalities."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from core.demo.communities import STREETS
from core.demo.network import municipalities
from examples.making.sheet import Cell, Sheet

SEED, COUNT = 60, 60
# Beyond the codes of the demo network, so that the files may be tried beside it.
FIRST = 101
PREFIXES = {
    "Montichiari": "MON", "Calcinato": "CAL", "Calvisano": "CLV", "Carpenedolo": "CAR", "Remedello": "REM",
    "Visano": "VIS", "Acquafredda": "ACQ",
}  # fmt: skip
HEADERS = (
    "Codice alloggio", "Indirizzo", "Comune", "Regime", "Superficie mq", "Vani", "Posti", "Canone mensile",
    "Valore locativo", "Classe energetica", "Accessibile", "Ascensore", "Disponibile dal",
)  # fmt: skip


def sheet() -> Sheet:
    """The homes, four rows of them wrong."""
    rng = Random(SEED)  # noqa: S311  a fixed seed: the files are the same everywhere
    made = Sheet("dwellings", "Alloggi", HEADERS, "cp1252")
    made.rows = [_home(rng, number) for number in range(FIRST, FIRST + COUNT)]
    made.leave_blank(rng, 3)
    _spoil(made)
    return made


def _home(rng: Random, number: int) -> dict[str, Cell]:
    town = rng.choices(municipalities(), [one.residents for one in municipalities()])[0]
    rooms = rng.choice((2, 2, 3, 3, 3, 4, 4, 5))
    area = Decimal(rooms * 18 + rng.randint(4, 16)) + Decimal(rng.choice(("0.00", "0.50", "0.25", "0.80")))
    regime = rng.choices(("SAP", "SAS", "SAT"), (3, 6, 1))[0]
    rent = Decimal(rng.randint(180, 290) if regime == "SAP" else rng.randint(310, 560))
    value = (area * Decimal("0.9") * Decimal(rng.randint(52, 70))).quantize(Decimal("0.01"))
    lift = rng.random() < 0.3  # noqa: PLR2004
    cells: tuple[Cell, ...] = (
        f"{PREFIXES[town.name]}-{number:03}", f"{rng.choice(STREETS)} {rng.randint(1, 90)}", town.name, regime, area,
        rooms, rooms + 1, rent + Decimal(rng.choice(("0.00", "0.50"))), value, rng.choice("BCCDDEEFFG"),
        lift and rng.random() < 0.6, lift, date(2026, 1, 1) + timedelta(days=rng.randrange(180)),  # noqa: PLR2004
    )  # fmt: skip
    return dict(zip(HEADERS, cells, strict=True))


def _spoil(made: Sheet) -> None:
    places = [place for place, _row in made.filled()]
    first = made.rows[places[4]]["Codice alloggio"]
    made.spoil(places[12], "Comune", "Montechiaro", "no municipality of today is called so: Montichiari")
    made.spoil(places[27], "Canone mensile", Decimal("-340.00"), "a rent is never below zero")
    made.spoil(places[38], "Codice alloggio", first, f"the same code stands in line {places[4] + 2}")
    made.spoil(places[51], "Indirizzo", None, "a home without an address")

"""The eleven places that came back into use: their rooms and when they open."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from core.demo.network import istat_code


@dataclass(frozen=True)
class DemoRoom:
    """A room; `area` in square metres."""

    name: str
    capacity: int
    area: Decimal
    accessible: bool


@dataclass(frozen=True)
class DemoOpening:
    """One stretch of a weekday (1 Monday to 7 Sunday), in minutes after midnight."""

    weekday: str
    opens: int
    closes: int


@dataclass(frozen=True)
class DemoPlace:
    """A place; `owner` and `operated_by` are names among the demo's organisations."""

    name: str
    kind: str
    address: str
    municipality: str
    owner: str
    operated_by: str
    accessible: bool
    reactivated_on: date
    rooms: tuple[DemoRoom, ...]
    opening_hours: tuple[DemoOpening, ...]


def _room(name: str, capacity: int, area: str, *, accessible: bool = True) -> DemoRoom:
    return DemoRoom(name, capacity, Decimal(area), accessible)


def _hours(days: str, *spans: str) -> tuple[DemoOpening, ...]:
    """`_hours("135", "09:00-12:30")`: Monday, Wednesday and Friday mornings."""
    pairs = [tuple(map(_minutes, span.split("-"))) for span in spans]
    return tuple(DemoOpening(day, opens, closes) for day in days for opens, closes in pairs)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _place(  # noqa: PLR0917  the columns of the table below
    town: str, name: str, kind: str, address: str, owner: str, operated_by: str, since: str,
    rooms: tuple[DemoRoom, ...], opening_hours: tuple[DemoOpening, ...],
) -> DemoPlace:  # fmt: skip
    return DemoPlace(
        name, kind, address, istat_code(town), owner, operated_by, any(room.accessible for room in rooms),
        date.fromisoformat(since), rooms, opening_hours,
    )  # fmt: skip


@cache
def places() -> tuple[DemoPlace, ...]:
    """Six that opened with the network in 2016, and five that followed."""
    return (*_first(), *_later())


def _first() -> tuple[DemoPlace, ...]:
    return (
        _place(
            "Montichiari", "Punto di Comunità Borgosotto", "community_point", "Via Brescia 112",
            "Comune di Montichiari", "Il Ponte cooperativa sociale", "2016-04-18",
            (_room("Sala grande", 60, "84.50"), _room("Cucina", 8, "18.20"), _room("Sportello", 4, "12.00")),
            _hours("135", "09:00-12:30", "15:00-18:30"),
        ),
        _place(
            "Calcinato", "Punto di Comunità Ponte San Marco", "community_point", "Via Romanelli 20",
            "Comune di Calcinato", "Associazione Casa Aperta", "2016-05-09",
            (_room("Sala incontri", 35, "52.00"), _room("Sportello", 3, "10.40")), _hours("24", "14:30-18:30"),
        ),
        _place(
            "Carpenedolo", "Punto di Comunità Palazzo Laffranchi", "community_point", "Piazza Martiri della Libertà 1",
            "Comune di Carpenedolo", "Cooperativa Il Germoglio", "2016-05-23",
            (_room("Sala dei telai", 45, "66.80"), _room("Laboratorio", 12, "31.00", accessible=False)),
            _hours("15", "09:00-12:00") + _hours("3", "15:00-19:00"),
        ),
        _place(
            "Calvisano", "Punto di Comunità La Loggia", "community_point", "Via San Michele 7",
            "Comune di Calvisano", "Trama di Comunità", "2016-06-13",
            (_room("Sala civica", 50, "71.30"),), _hours("26", "09:30-12:30"),
        ),
        _place(
            "Remedello", "Biblioteca di comunità", "library", "Via Cappellazzi 3",
            "Comune di Remedello", "Volta Pagina cooperativa sociale", "2016-09-12",
            (_room("Sala lettura", 30, "58.00"), _room("Aula studio", 16, "27.50")),
            _hours("12345", "14:30-18:30") + _hours("6", "09:00-12:30"),
        ),
        _place(
            "Visano", "Punto di Comunità Ex Scuola", "community_point", "Via Marconi 16",
            "Comune di Visano", "Associazione Casa Aperta", "2016-11-07",
            (_room("Aula uno", 25, "42.00"), _room("Aula due", 25, "41.60", accessible=False)),
            _hours("24", "15:00-18:00"),
        ),
    )  # fmt: skip


def _later() -> tuple[DemoPlace, ...]:
    return (
        _place(
            "Acquafredda", "Oratorio San Giovanni Bosco", "parish_hall", "Via della Chiesa 5",
            "Parrocchia di San Bernardino", "Associazione Casa Aperta", "2017-03-20",
            (_room("Salone", 80, "120.00"), _room("Cucina", 6, "15.00", accessible=False)),
            _hours("367", "15:00-19:00"),
        ),
        _place(
            "Montichiari", "Orto condiviso dei Novagli", "garden", "Via Novagli Campagna 31",
            "Comune di Montichiari", "Cooperativa Il Germoglio", "2017-04-22",
            (_room("Casetta degli attrezzi", 10, "22.00"),), _hours("1246", "08:00-12:00"),
        ),
        _place(
            "Montichiari", "Condominio solidale Via Guerzoni", "condominium", "Via Guerzoni 18",
            "Comune di Montichiari", "Il Ponte cooperativa sociale", "2018-02-05",
            (_room("Sala comune", 24, "38.90"), _room("Lavanderia", 5, "14.10")), _hours("1234567", "08:00-22:00"),
        ),
        _place(
            "Calcinato", "Campo sportivo di Calcinatello", "sports_ground", "Via Stazione 44",
            "Comune di Calcinato", "Polisportiva Chiese APS", "2018-05-14",
            (_room("Spogliatoio", 20, "35.00"), _room("Sala riunioni", 18, "26.40")), _hours("245", "17:00-21:00"),
        ),
        _place(
            "Carpenedolo", "Spazio giovani La Centrale", "community_point", "Via Isonzo 9",
            "Comune di Carpenedolo", "Trama di Comunità", "2019-01-28",
            (_room("Sala prove", 10, "24.00", accessible=False), _room("Spazio lavoro", 22, "48.50")),
            _hours("235", "15:30-20:00"),
        ),
    )  # fmt: skip

"""Four hundred residents as a registry office lists them."""

from datetime import date
from random import Random

from core.demo.network import municipalities
from core.demo.population import DemoPerson, Population, population
from core.places.reference import municipalities as all_municipalities
from core.places.reference import states
from examples.making.sheet import Cell, Sheet

SEED, HOUSEHOLDS, COUNT, FIRST_PHONE = 1848, 185, 400, 6000
HEADERS = (
    "Cognome", "Nome", "Sesso", "Data di nascita", "Comune o stato di nascita", "Cittadinanza", "Codice fiscale",
    "Motivo assenza CF", "Indirizzo", "Comune di residenza", "CAP", "Telefono", "Email", "Noto ai servizi",
    "Primo contatto",
)  # fmt: skip
CODE, BIRTHDAY, ADDRESS, TOWN = "Codice fiscale", "Data di nascita", "Indirizzo", "Comune di residenza"
# Not the demo's own: two people with one surname and one address of e-mail may be the same.
DEMO_MAIL, MAIL = "@demo.example", "@posta.example"
KNOWN = {"yes": "sì", "no": "no", "unknown": "non noto"}


def sheet(count: int = COUNT) -> Sheet:
    """The residents, twenty rows of them wrong; `count` makes a longer list to measure with."""
    rng = Random(SEED)  # noqa: S311  a fixed seed: the files are the same everywhere
    made = Sheet("people", "Persone", HEADERS, "utf-8-sig")
    listed = [one for one in _everybody(count).people if _is_listed(one)]
    names = _Names()
    made.rows = [names.row(person) for person in listed[:count]]
    made.leave_blank(rng, 6)
    _spoil(made)
    return made


def households() -> list[list[tuple[str, str]]]:
    """The homes of the people listed, as codici fiscali with roles, the reference person first; codes may be empty."""
    everybody = _everybody(COUNT)
    homes = [[(everybody.person(one.person), one.role) for one in home.members] for home in everybody.households]
    return [[(person.codice_fiscale or "", role) for person, role in home] for home in homes]


def _everybody(count: int) -> Population:
    return population(SEED, HOUSEHOLDS * count // COUNT, FIRST_PHONE)


def _is_listed(person: DemoPerson) -> bool:
    """The office has no code of a few foreigners; of Italians it has them all."""
    return person.no_codice_fiscale_reason != "unavailable"


class _Names:
    """Codes of municipalities and states turned into what people write."""

    def __init__(self) -> None:
        self.towns = list(all_municipalities())
        self.states = list(states())
        self.residence = {town.istat_code: town.name for town in municipalities()}

    def row(self, person: DemoPerson) -> dict[str, Cell]:
        """A person as a line of the office's list."""
        cells: tuple[Cell, ...] = (
            person.surname, person.name, person.sex, person.birth_date, self._birth_place(person),
            self._citizenship(person.citizenship), person.codice_fiscale,
            None if person.codice_fiscale else "Straniero senza codice fiscale", person.address,
            self.residence[person.municipality], person.postcode, _dialled(person.phone),
            person.email.replace(DEMO_MAIL, MAIL) if person.email else None,
            KNOWN[person.known_to_services], person.first_contact_date,
        )  # fmt: skip
        return dict(zip(HEADERS, cells, strict=True))

    def _birth_place(self, person: DemoPerson) -> str:
        if person.birth_place.startswith("Z"):
            return next(state["name"] for state in self.states if state["belfiore"] == person.birth_place)
        town = next(town for town in self.towns if town["belfiore"] == person.birth_place and _stood(town, person))
        return f"{town['name']} ({town['province']})"

    def _citizenship(self, iso: str) -> str:
        return "Italia" if iso == "IT" else next(state["name"] for state in self.states if state["iso_code"] == iso)


def _stood(town: dict[str, date], person: DemoPerson) -> bool:
    return town["valid_from"] <= person.birth_date <= (town["valid_to"] or date.max)


def _dialled(phone: str | None) -> str | None:
    """Half without the prefix, with spaces, as people note numbers down."""
    if phone is None:
        return None
    number = phone.removeprefix("+39")
    return f"{number[:3]} {number[3:]}" if int(number) % 2 else f"+39 {number[:3]} {number[3:6]} {number[6:]}"


def _spoil(made: Sheet) -> None:
    """Each fault on its own row, well apart."""
    coded = [place for place, row in made.filled() if row[CODE]]
    at = iter(coded[11 :: len(coded) // 20])
    for letter in ("first", "second", "third"):
        place = next(at)
        made.spoil(place, CODE, _misread(str(made.rows[place][CODE])), f"wrong check character ({letter} of three)")
    for day, why in (
        ("31/02/1990", "31 February does not exist"),
        ("29/02/1985", "1985 was no leap year"),
        ("12/15/1978", "there is no fifteenth month"),
        (date(2071, 5, 3), "nobody is born in the future"),
    ):
        made.spoil(next(at), BIRTHDAY, day, why)
    for column, value, why in (
        (TOWN, "Monte Chiari", "no municipality is called so: Montichiari"),
        (TOWN, "Calcinatello", "a village of Calcinato, not a municipality"),
        ("Comune o stato di nascita", "Borgo Inesistente (BS)", "no municipality ever had this name"),
        ("Comune o stato di nascita", "Atlantide", "no such state"),
        ("Cognome", None, "a surname is required"),
        ("Nome", None, "a name is required"),
        (CODE, None, "neither a codice fiscale nor the reason why there is none"),
        ("Sesso", "X", "M or F, as the registry has it"),
        ("CAP", "2501", "a postcode has five digits"),
        ("Telefono", "chiedere al figlio", "not a telephone number"),
        ("Email", "nome.cognome(at)posta.example", "not an e-mail address"),
        ("Primo contatto", date(2091, 1, 15), "the first contact cannot be in the future"),
    ):
        made.spoil(next(at), column, value, why)
    place = next(at)
    made.rows[place] = dict(made.rows[coded[3]])
    made.spoil(place, CODE, made.rows[place][CODE], f"the same person stands in line {coded[3] + 2}")


def _misread(code: str) -> str:
    """The code with another check character."""
    return code[:-1] + ("A" if code[-1] == "Z" else chr(ord(code[-1]) + 1))

"""About 2,000 invented people in 850 households, the same at every start."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import count
from random import Random

from stdnum.it import codicefiscale

from core.demo.communities import COMMUNITIES, ELSEWHERE, HOSPITALS, ITALIANS, STREETS, Community
from core.demo.compositions import ADULT, CHILD, PARENT, REFERENCE, Place, composition
from core.demo.network import MAIL, DemoMunicipality, municipalities
from core.language.matching import normalise
from core.people.rules import codice_fiscale as code_rules

SEED, HOUSEHOLDS = 2016, 850
OPENED, AS_OF = date(2016, 2, 1), date(2026, 6, 30)
SUBSTITUTED = dict(zip("0123456789", "LMNPQRSTUV", strict=True))
REGISTRARS = (
    ("MONTICHIARI", 34),
    ("ILPONTE", 30),
    ("CASAAPERTA", 12),
    ("GERMOGLIO", 9),
    ("TRAMA", 7),
    ("VOLTEPAGINA", 8),
)
LATE_LANDLINE, OLDEST = 70, 95
LONG_LIST, WINDOW = 30, 16
FIRST_LANDLINE = 550_000


@dataclass(frozen=True)
class DemoPerson:
    """A person; codes of the registry's lists, `municipality` an ISTAT code, `registered_by` a partner's code."""

    key: int
    surname: str
    name: str
    sex: str
    birth_date: date
    birth_place: str
    citizenship: str
    language: str
    codice_fiscale: str | None
    no_codice_fiscale_reason: str | None
    address: str
    municipality: str
    postcode: str
    phone: str | None
    email: str | None
    known_to_services: str
    first_contact_date: date
    registered_by: str


@dataclass(frozen=True)
class DemoMember:
    """A person's stay in a household."""

    person: int
    role: str
    valid_from: date


@dataclass(frozen=True)
class DemoHousehold:
    """A registry household; the first member is the reference person."""

    code: str
    registered_by: str
    members: tuple[DemoMember, ...]


@dataclass(frozen=True)
class Population:
    """People by key, from 1 on, and the households they make."""

    people: tuple[DemoPerson, ...]
    households: tuple[DemoHousehold, ...]

    def person(self, key: int) -> DemoPerson:
        """The person with that key."""
        return self.people[key - 1]


@cache
def population(seed: int = SEED, households: int = HOUSEHOLDS, first_phone: int = 1) -> Population:
    """The same people for the same seed; telephone numbers run on from `first_phone`."""
    settlement = Settlement(seed, first_phone)
    homes = tuple(settlement.home(number) for number in range(1, households + 1))
    return Population(tuple(settlement.people), homes)


def crowd(people: int, *, registrar: str, together: int = 2000) -> Iterator[Population]:
    """As many invented people more, in parts of about `together`: who lives where nobody of the demo does yet.

    They go on where the demo's own end, so no code, number or address comes twice.
    """
    settlement = Settlement(SEED, first_phone=1)
    for number in range(1, HOUSEHOLDS + 1):
        settlement.home(number)
    first, number = len(settlement.people), HOUSEHOLDS
    wanted = first + people
    while first < wanted:
        homes: list[DemoHousehold] = []
        while len(settlement.people) < min(first + together, wanted):
            number += 1
            homes.append(replace(settlement.home(number), registered_by=registrar))
        added = settlement.people[first:]
        yield Population(tuple(replace(person, registered_by=registrar) for person in added), tuple(homes))
        first = len(settlement.people)


class Settlement:
    """Homes filled one by one; what is unique, like codes and numbers, is remembered."""

    def __init__(self, seed: int, first_phone: int) -> None:
        self.rng = Random(seed)  # noqa: S311  a fixed seed: the demo is the same everywhere
        self.people: list[DemoPerson] = []
        self.codes: set[str] = set()
        self.addresses: Counter[str] = Counter()
        self.phones: Iterator[int] = count(first_phone)

    def home(self, number: int) -> DemoHousehold:
        """The next household, its people added to the rest."""
        rng = self.rng
        community = rng.choices(COMMUNITIES, [one.share for one in COMMUNITIES])[0]
        town = rng.choices(municipalities(), [one.residents for one in municipalities()])[0]
        shared = {
            "address": _address(rng), "municipality": town.istat_code, "postcode": town.postcode,
            "registered_by": rng.choices(*zip(*REGISTRARS, strict=True))[0],
            "known_to_services": rng.choices(("yes", "no", "unknown"), (42, 50, 8))[0],
            "citizenship": "IT" if rng.random() < 0.15 else community.citizenship,  # noqa: PLR2004
            "language": community.language,
        }  # fmt: skip
        met = OPENED + timedelta(days=rng.randrange((AS_OF - OPENED).days))
        family: list[DemoPerson] = []
        places = composition(rng, young=community is not ITALIANS)
        for place in places:
            person = self._person(place, community, town, family=family, met=met, shared=shared)
            family.append(person)
            self.people.append(person)
        members = zip(family, places, strict=True)
        return DemoHousehold(
            f"NF{number:05}", shared["registered_by"],
            tuple(DemoMember(who.key, place.role, max(met, who.birth_date)) for who, place in members),
        )  # fmt: skip

    def _person(
        self, place: Place, community: Community, town: DemoMunicipality, *, family: list[DemoPerson], met: date,
        shared: dict[str, str],
    ) -> DemoPerson:  # fmt: skip
        rng = self.rng
        born = _years_before(AS_OF, place.age) - timedelta(days=rng.randrange(364))
        surname, name = _names(rng, place, community, family)
        first = min(AS_OF, max(born, met) + timedelta(days=0 if not family else rng.randrange(300)))
        person = DemoPerson(
            key=len(self.people) + 1, surname=surname, name=name, sex=place.sex, birth_date=born,
            birth_place=_birth_place(rng, place, community, town), codice_fiscale=None, no_codice_fiscale_reason=None,
            phone=self._phone(place), email=self._email(surname, name, place), first_contact_date=first, **shared,
        )  # fmt: skip
        return self._coded(person)

    def _coded(self, person: DemoPerson) -> DemoPerson:
        """With a codice fiscale nobody else has, or with the reason why there is none."""
        foreign = person.birth_place.startswith("Z")
        draw = self.rng.random()
        if draw < (0.03 if foreign else 0.004):
            return replace(person, no_codice_fiscale_reason="foreigner" if foreign else "unavailable")
        code = code_rules.encode(person.surname, person.name, person.sex, person.birth_date, person.birth_place)
        substitutions = 1 if draw > 0.996 else 0  # noqa: PLR2004
        while (told := omocodia(code, substitutions)) in self.codes:
            substitutions += 1
        self.codes.add(told)
        return replace(person, codice_fiscale=told)

    def _phone(self, place: Place) -> str | None:
        if place.age < ADULT - 2 or self.rng.random() < 0.12:  # noqa: PLR2004
            return None
        landline = place.age > LATE_LANDLINE and place.role == REFERENCE
        return f"+39{'0305' if landline else '3200'}{(FIRST_LANDLINE if landline else 0) + next(self.phones):06}"

    def _email(self, surname: str, name: str, place: Place) -> str | None:
        if not ADULT - 4 <= place.age < LATE_LANDLINE or self.rng.random() < 0.35:  # noqa: PLR2004
            return None
        address = normalise(f"{name}.{surname}").replace(" ", ".")
        self.addresses[address] += 1
        again = self.addresses[address]
        return f"{address}{again if again > 1 else ''}@{MAIL}"


def omocodia(code: str, substitutions: int) -> str:
    """The code with as many digits as letters from the right, as the Revenue Agency parts two equal codes."""
    letters = list(code[:15])
    for place in sorted(code_rules.DIGIT_PLACES, reverse=True)[:substitutions]:
        letters[place] = SUBSTITUTED[letters[place]]
    first = "".join(letters)
    return first + codicefiscale.calc_check_digit(first)


def _names(rng: Random, place: Place, community: Community, family: list[DemoPerson]) -> tuple[str, str]:
    given = community.women if place.sex == "F" else community.men
    taken = {relative.name for relative in family}
    name = rng.choice([one for one in _of_age(given, place.age) if one not in taken])
    own = (community.women_surnames or community.surnames) if place.sex == "F" else community.surnames
    if place.role == CHILD and not (place.sex == "F" and community.women_surnames):
        return _father_of(family).surname, name
    return rng.choice(own), name


def _of_age(names: tuple[str, ...], age: int) -> tuple[str, ...]:
    """Long lists run from the names of grandparents to those of children."""
    if len(names) < LONG_LIST:
        return names
    middle = round((1 - min(age, OLDEST) / OLDEST) * len(names))
    first = min(max(0, middle - WINDOW // 2), len(names) - WINDOW)
    return names[first : first + WINDOW]


def _father_of(family: list[DemoPerson]) -> DemoPerson:
    """Who gives the surname: the man of the first two, or else the reference person."""
    return next((one for one in family[:2] if one.sex == "M"), family[0])


def _birth_place(rng: Random, place: Place, community: Community, town: DemoMunicipality) -> str:
    """At home for who is old, in a hospital, or in the country the family came from."""
    if community is not ITALIANS:
        came_along = place.role != CHILD or place.age > 16 or rng.random() < 0.2  # noqa: PLR2004
        return community.birth_place if came_along else rng.choice(HOSPITALS)
    if place.role != CHILD and rng.random() < 0.18:  # noqa: PLR2004
        return rng.choice(ELSEWHERE)
    return town.belfiore if place.age > LATE_LANDLINE or place.role == PARENT else rng.choice(HOSPITALS)


def _address(rng: Random) -> str:
    number = f"{rng.choice(STREETS)} {rng.randint(1, 140)}"
    return number + rng.choices(("", "/A", "/B", " int. 2", " int. 5"), (80, 6, 4, 5, 5))[0]


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years)

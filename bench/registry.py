"""What the bench asks of a large registry: addresses, words to look for, people who are not there yet."""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlencode
from uuid import uuid4

from sqlalchemy import func, select

from bench.installation import KEPT, PARTNER, Installation
from bench.load import Request
from core.config import read_settings
from core.database.scope import Scope
from core.database.session import Database
from core.database.visibility import PersonAccess
from core.demo.network import municipalities
from core.demo.population import DemoPerson, crowd
from core.language.matching import normalise
from core.partners.models import Partner
from core.people.models import Person
from core.plugins.loading import load
from core.resource.query import ListState, cursor

IMPORTED, TYPED = 10_000, 200
HEADINGS = {
    "Cognome": "surname", "Nome": "name", "Sesso": "sex", "Data di nascita": "birth_date",
    "Luogo di nascita": "birth_place", "Codice fiscale": "codice_fiscale",
    "Motivo assenza CF": "no_codice_fiscale_reason", "Telefono": "phone", "E-mail": "email",
    "Residenza": "address", "Comune di residenza": "municipality", "CAP": "postcode",
    "Noto ai servizi": "known_to_services", "Primo contatto": "first_contact_date",
}  # fmt: skip


@dataclass(frozen=True)
class Registry:
    """What stands in the registry of the bench's partner."""

    total: int
    keys: list[str]
    page_1000: str
    rare: str
    names: list[tuple[str, str]]


def look(installation: Installation) -> Registry:
    """Read it as the operator does, with no server between."""
    settings = read_settings({**installation.environment})
    database, collections = Database(settings), load(settings).collections
    operator = Scope(operator=True, actor="bench", reason="bench")
    with database.session(operator, writes=False) as session:
        partner = session.scalars(select(Partner.id).where(Partner.code == PARTNER)).one()
        seen = select(PersonAccess.person_id).where(PersonAccess.partner_id == partner)
        total = session.scalar(select(func.count()).select_from(seen.subquery())) or 0
        by_name = seen.order_by(PersonAccess.sort_name, PersonAccess.person_id)
        middle = session.scalars(by_name.offset(min(999 * 50, total - 60) - 1).limit(1)).one()
        keys = list(session.scalars(by_name.offset(total // 3).limit(500)))
        alone = select(Person.sort_name).group_by(Person.sort_name).having(func.count() == 1)
        unique = select(Person).where(Person.sort_name.in_(alone), Person.id.in_(seen)).order_by(Person.id)
        some = list(session.scalars(unique))
        names = [(str(one.id), f"{one.surname} {one.name}") for one in some[:: max(1, len(some) // TYPED)][:TYPED]]
        rare = some[len(some) // 2].sort_name
        place = cursor(collections["people"], ListState(), session.get_one(Person, middle))
    database.close()
    return Registry(total, [str(key) for key in keys], place, rare, names)


def get(path: str, **arguments: str) -> list[Request]:
    """One address."""
    return [Request(f"{path}?{urlencode(arguments)}" if arguments else path)]


def newcomers(people: int) -> tuple[list[DemoPerson], list[DemoPerson]]:
    """Who comes after so many: those of the file to import, and those registered one by one."""
    wanted = people + 2 * IMPORTED
    found: list[DemoPerson] = []
    for part in crowd(wanted, registrar=PARTNER):
        found += part.people
    after = found[people + 100 :]
    return after[:IMPORTED], after[IMPORTED:]


def file_of(people: int, coming: list[DemoPerson]) -> Path:
    """A CSV as an office would bring it, kept between runs."""
    file = KEPT / f"import-{IMPORTED}-after-{people}.csv"
    names = {town.istat_code: town.name for town in municipalities()}
    draft = file.with_suffix(".draft")
    with draft.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(HEADINGS)
        for person in coming:
            told = replace(person, municipality=names[person.municipality])
            writer.writerow([_written(getattr(told, name)) for name in HEADINGS.values()])
    draft.rename(file)
    return file


def _written(value: object) -> str:
    if hasattr(value, "strftime"):
        return value.strftime("%d/%m/%Y")
    return "" if value is None else str(value)


def registrations(coming: list[DemoPerson], token: str) -> list[Request]:
    """The form of a new person, filled in for each: nobody twice, each with its one-time key."""
    return [
        Request("/people/new", "POST", urlencode({
            "csrf_token": token, "once": str(uuid4()), "surname": one.surname, "name": one.name, "sex": one.sex,
            "birth_date": _written(one.birth_date), "birth_place": one.birth_place, "phone": one.phone or "",
            "email": one.email or "", "codice_fiscale": one.codice_fiscale or "",
            "no_codice_fiscale_reason": one.no_codice_fiscale_reason or "", "known_to_services": one.known_to_services,
            "residence_address": one.address, "residence_postcode": one.postcode,
        }))
        for one in coming
    ]  # fmt: skip


def mistyped(names: list[tuple[str, str]], *, seed: int = 7) -> Iterator[tuple[str, str]]:
    """(Key, what is typed) for each name: no accents or capitals, and one letter wrong, missing, doubled or swapped."""
    rng = random.Random(seed)  # noqa: S311  the same typos at every run
    for key, name in names:
        letters = list(normalise(name))
        place = rng.choice([n for n in range(1, len(letters) - 1) if letters[n] != " " and letters[n + 1] != " "])
        kind = rng.randrange(4)
        if kind == 0:
            letters[place] = rng.choice("aeiorstln".replace(letters[place], ""))
        elif kind == 1:
            del letters[place]
        elif kind == 2:  # noqa: PLR2004
            letters.insert(place, letters[place])
        else:
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
        yield key, quote("".join(letters))

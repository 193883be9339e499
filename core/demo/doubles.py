"""A few people whom the demo's offices registered twice, waiting to be compared."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database.visibility import CONTENT, REGISTERED, PersonAccess
from core.people.merging.finding import likely_pairs, waiting
from core.people.models import NoCodiceFiscale, Person
from core.people.services.identity import search_text, sort_key
from core.people.services.roster import traits_of

EACH = 4
OF = ("MONTICHIARI", "ILPONTE")
COPIED = (
    "surname", "name", "sex", "birth_date", "birth_place", "birth_place_name", "citizenship", "language",
    "residence_address", "residence_municipality_id", "residence_postcode", "known_to_services", "registered_by_id",
)  # fmt: skip


def register_twice(session: Session, partner: UUID) -> None:
    """Another sheet for some whom a partner met first: names swapped, a letter left out, a second name, a new phone."""
    known = select(Person).where(Person.registered_by_id == partner, Person.codice_fiscale.is_not(None))
    people = [one for one in session.scalars(known.order_by(Person.id).limit(EACH * EACH)) if len(one.name) > EACH]
    for place, person in enumerate(people[:EACH]):
        double = _another(person, place)
        session.add(double)
        session.flush()
        session.add(
            PersonAccess(
                partner_id=double.registered_by_id,
                giver_id=double.registered_by_id,
                person_id=double.id,
                level=CONTENT,
                basis=REGISTERED,
                valid_from=double.first_contact_date,
                sort_name=double.sort_name,
                search=double.search,
            )
        )
        pair = [(one.id, traits_of(one)) for one in (person, double)]
        for keys, alike in likely_pairs(pair).items():
            found = waiting(keys, alike)
            found.partner_id = partner
            session.add(found)
    session.flush()


def _another(person: Person, place: int) -> Person:
    told = {name: getattr(person, name) for name in COPIED}
    names = (
        (person.name, person.surname),
        (person.surname, person.name[:2] + person.name[3:]),
        (person.surname, f"{person.name} Maria" if person.sex == "F" else f"{person.name} Luigi"),
        (person.surname.upper(), person.name),
    )
    told["surname"], told["name"] = names[place % EACH]
    phone = f"+39030555{place:04}"
    return Person(
        **told, phone=phone, no_codice_fiscale_reason=NoCodiceFiscale.UNAVAILABLE,
        first_contact_date=person.first_contact_date, sort_name=sort_key(told),
        search=search_text({**told, "phone": phone}),
    )  # fmt: skip

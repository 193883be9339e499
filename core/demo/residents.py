"""The demo's people, households and ISEE certificates, added at once instead of one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from core.database.changes import add_many
from core.database.scope import today
from core.database.visibility import CONTENT, REGISTERED, PersonAccess
from core.demo.certificates import DemoCertificate, certificates
from core.demo.network import DemoPartner, partners
from core.demo.population import DemoHousehold, DemoPerson, Population
from core.people.models import (
    CurrentGround,
    Household,
    HouseholdKind,
    HouseholdMember,
    HouseholdRole,
    IseeCertificate,
    IseeKind,
    IseeState,
    KnownToServices,
    Language,
    NoCodiceFiscale,
    Person,
    Sex,
)
from core.people.rules import isee as isee_rules
from core.people.services.identity import search_text, sort_key
from core.places.gazetteer import born_in
from core.places.models import Municipality

UNVERIFIED, OMITTED = 7, "Rapporto finanziario non dichiarato"


@dataclass(frozen=True)
class Home:
    """A household's key, its reference person's and its partner's, for what is hung on it."""

    key: UUID
    person_id: UUID
    registered_by_id: UUID


class Residents:
    """People on their way into the registry; `keys` are the partners' by code, `towns` by ISTAT code.

    `places` are the places of birth found so far, by code and year.
    """

    def __init__(
        self, session: Session, keys: Mapping[str, UUID], towns: Mapping[str, Municipality],
        places: dict[tuple[str, int], str | None] | None = None,
    ) -> None:  # fmt: skip
        self.session, self.keys, self.towns = session, keys, towns
        self.people: dict[int, UUID] = {}
        self.homes: dict[str, Home] = {}
        self.places = {} if places is None else places

    def register_people(self, population: Population) -> None:
        """Register everybody, and open them to the partner that met them."""
        rows = [self._person(demo) for demo in population.people]
        self.people = {demo.key: row["id"] for demo, row in zip(population.people, rows, strict=True)}
        add_many(self.session, Person, rows)
        add_many(self.session, PersonAccess, [_access(row) for row in rows])

    def compose_households(self, population: Population) -> None:
        """Put the registry households together."""
        self.homes = {demo.code: self._home(demo) for demo in population.households}
        add_many(self.session, Household, [
            {"id": home.key, "code": code, "person_id": home.person_id, "kind": HouseholdKind.REGISTRY,
             "registered_by_id": home.registered_by_id}
            for code, home in self.homes.items()
        ])  # fmt: skip
        add_many(self.session, HouseholdMember, [row for demo in population.households for row in self._members(demo)])

    def certify(self, population: Population) -> None:
        """Record the ISEE certificates; one in seven waits to be verified, or has nobody to do it."""
        staff = {self.keys[partner.code]: partner for partner in partners()}
        add_many(self.session, IseeCertificate, [
            _certificate(demo, home := self.homes[demo.household], staff[home.registered_by_id], number)
            for number, demo in enumerate(certificates(population, today()), start=1)
        ])  # fmt: skip

    def _person(self, demo: DemoPerson) -> dict[str, Any]:
        texts = {
            name: getattr(demo, name)
            for name in ("surname", "name", "codice_fiscale", "phone", "email", "birth_date", "birth_place",
                         "citizenship", "first_contact_date")
        }  # fmt: skip
        reason = demo.no_codice_fiscale_reason
        return {
            **texts, "id": uuid7(), "sex": Sex(demo.sex), "language": Language(demo.language),
            "residence_address": demo.address, "birth_place_name": self._born_in(demo.birth_place, demo.birth_date),
            "no_codice_fiscale_reason": NoCodiceFiscale(reason) if reason else None,
            "residence_municipality_id": self.towns[demo.municipality].id, "residence_postcode": demo.postcode,
            "known_to_services": KnownToServices(demo.known_to_services),
            "registered_by_id": self.keys[demo.registered_by],
            "sort_name": sort_key(texts), "search": search_text(texts),
        }  # fmt: skip

    def _born_in(self, code: str, day: date) -> str | None:
        if (code, day.year) not in self.places:
            found = born_in(self.session, code, day)
            self.places[code, day.year] = str(found) if found else None
        return self.places[code, day.year]

    def _home(self, demo: DemoHousehold) -> Home:
        return Home(uuid7(), self.people[demo.members[0].person], self.keys[demo.registered_by])

    def _members(self, demo: DemoHousehold) -> list[dict[str, Any]]:
        home = self.homes[demo.code]
        return [
            {"household_id": home.key, "person_id": self.people[member.person], "kind": HouseholdKind.REGISTRY,
             "role": HouseholdRole(member.role), "valid_from": member.valid_from,
             "registered_by_id": home.registered_by_id}
            for member in demo.members
        ]  # fmt: skip


def _access(person: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "partner_id": person["registered_by_id"], "giver_id": person["registered_by_id"], "person_id": person["id"],
        "level": CONTENT, "basis": REGISTERED,
        "valid_from": person["first_contact_date"], "sort_name": person["sort_name"], "search": person["search"],
    }  # fmt: skip


def _certificate(demo: DemoCertificate, home: Home, partner: DemoPartner, number: int) -> dict[str, Any]:
    typist, *colleagues = [user.name for user in partner.users]
    verifier = colleagues[0] if colleagues and number % UNVERIFIED else None
    income_only = demo.ground == CurrentGround.INCOME.value
    return {
        "household_id": home.key, "person_id": home.person_id, "registered_by_id": home.registered_by_id,
        "kind": IseeKind(demo.kind), "ground": CurrentGround(demo.ground) if demo.ground else None,
        "protocol": demo.protocol, "submitted_on": demo.submitted_on,
        "expires_on": isee_rules.expiry(demo.submitted_on, income_only=income_only),
        "isr": demo.isr, "isp": demo.isp, "se": demo.se, "ise": demo.ise, "isee": demo.isee,
        "omissions": demo.omissions, "omissions_note": OMITTED if demo.omissions else None, "uploaded_by": typist,
        "state": IseeState.VERIFIED if verifier else IseeState.UPLOADED, "verified_by": verifier,
        "verified_on": demo.submitted_on if verifier else None,
    }  # fmt: skip

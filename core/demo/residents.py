"""The demo's people, households and ISEE certificates, added at once instead of one by one."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from core.database.scope import today
from core.database.visibility import PersonAccess
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
from core.people.services.access import REGISTERED, WHOLE
from core.people.services.identity import search_text, sort_key
from core.places.gazetteer import born_in
from core.places.models import Municipality

UNVERIFIED = 7


class Residents:
    """People on their way into the registry; `keys` are the partners' by code, `towns` by ISTAT code."""

    def __init__(self, session: Session, keys: Mapping[str, UUID], towns: Mapping[str, Municipality]) -> None:
        self.session, self.keys, self.towns = session, keys, towns
        self.people: dict[int, Person] = {}
        self.households: dict[str, Household] = {}
        self.places: dict[tuple[str, int], str | None] = {}

    def register_people(self, population: Population) -> None:
        """Register everybody, and open them to the partner that met them."""
        self.people = {demo.key: self._person(demo) for demo in population.people}
        self.session.add_all(self.people.values())
        self.session.flush()
        self.session.add_all(map(_access, self.people.values()))
        self.session.flush()

    def compose_households(self, population: Population) -> None:
        """Put the registry households together."""
        self.households = {demo.code: self._household(demo) for demo in population.households}
        self.session.add_all(self.households.values())
        self.session.flush()
        for demo in population.households:
            self._fill(demo)
        self.session.flush()

    def certify(self, population: Population) -> None:
        """Record the ISEE certificates; one in seven waits to be verified, or has nobody to do it."""
        staff = {self.keys[partner.code]: partner for partner in partners()}
        for number, demo in enumerate(certificates(population, today()), start=1):
            household = self.households[demo.household]
            self.session.add(_certificate(demo, household, staff[household.registered_by_id], number))
        self.session.flush()

    def _person(self, demo: DemoPerson) -> Person:
        texts = {
            name: getattr(demo, name)
            for name in ("surname", "name", "codice_fiscale", "phone", "email", "birth_date", "birth_place",
                         "citizenship", "first_contact_date")
        }  # fmt: skip
        reason = demo.no_codice_fiscale_reason
        return Person(
            **texts, sex=Sex(demo.sex), language=Language(demo.language), residence_address=demo.address,
            birth_place_name=self._born_in(demo.birth_place, demo.birth_date),
            no_codice_fiscale_reason=NoCodiceFiscale(reason) if reason else None,
            residence_municipality_id=self.towns[demo.municipality].id, residence_postcode=demo.postcode,
            known_to_services=KnownToServices(demo.known_to_services), registered_by_id=self.keys[demo.registered_by],
            sort_name=sort_key(texts), search=search_text(texts),
        )  # fmt: skip

    def _born_in(self, code: str, day: date) -> str | None:
        if (code, day.year) not in self.places:
            found = born_in(self.session, code, day)
            self.places[code, day.year] = str(found) if found else None
        return self.places[code, day.year]

    def _household(self, demo: DemoHousehold) -> Household:
        return Household(
            code=demo.code, person_id=self.people[demo.members[0].person].id, kind=HouseholdKind.REGISTRY,
            registered_by_id=self.keys[demo.registered_by],
        )  # fmt: skip

    def _fill(self, demo: DemoHousehold) -> None:
        household = self.households[demo.code]
        self.session.add_all(
            HouseholdMember(
                household_id=household.id, person_id=self.people[member.person].id, kind=household.kind,
                role=HouseholdRole(member.role), valid_from=member.valid_from,
                registered_by_id=household.registered_by_id,
            )
            for member in demo.members
        )  # fmt: skip


def _access(person: Person) -> PersonAccess:
    return PersonAccess(
        partner_id=person.registered_by_id, person_id=person.id, level=WHOLE, basis=REGISTERED,
        valid_from=person.first_contact_date, sort_name=person.sort_name, search=person.search,
    )  # fmt: skip


def _certificate(demo: DemoCertificate, household: Household, partner: DemoPartner, number: int) -> IseeCertificate:
    typist, *colleagues = [user.name for user in partner.users]
    verifier = colleagues[0] if colleagues and number % UNVERIFIED else None
    income_only = demo.ground == CurrentGround.INCOME.value
    return IseeCertificate(
        household_id=household.id, person_id=household.person_id, registered_by_id=household.registered_by_id,
        kind=IseeKind(demo.kind), ground=CurrentGround(demo.ground) if demo.ground else None, protocol=demo.protocol,
        submitted_on=demo.submitted_on, expires_on=isee_rules.expiry(demo.submitted_on, income_only=income_only),
        isr=demo.isr, isp=demo.isp, se=demo.se, ise=demo.ise, isee=demo.isee, omissions=demo.omissions,
        omissions_note="Rapporto finanziario non dichiarato" if demo.omissions else None, uploaded_by=typist,
        state=IseeState.VERIFIED if verifier else IseeState.UPLOADED, verified_by=verifier,
        verified_on=demo.submitted_on if verifier else None,
    )  # fmt: skip

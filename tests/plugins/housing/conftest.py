"""A municipality's desk: two partners, homes, families with their ISEE, and the values shipped."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.config import read_settings
from core.parameters.models import PartnerParameter
from core.people.models import HouseholdKind, IseeKind, KnownToServices, NoCodiceFiscale, Sex
from core.people.services import compose_household, record_isee, register_person
from core.places.models import Municipality
from core.testing.two_partners import make_tables
from plugins.housing import models  # noqa: F401  its tables are made with the core's
from plugins.housing.models import LeaseKind, Regime
from plugins.housing.parameters import load_reference
from plugins.housing.services import applications, calls, dwellings, leases, schemes


@pytest.fixture
def settings(server, tmp_path):
    """A database with housing's tables too, under a template of its own."""
    urls = server.fresh(server.template("housing_tables", make_tables))
    found = read_settings({"GENERAZIONI_VAR": str(tmp_path)})
    yield replace(found, database_url=urls.app, owner_database_url=urls.owner, operator_database_url=urls.operator)
    server.drop(urls)


@pytest.fixture
def desk(session):
    return Desk(session)


class Desk:
    """Short words for what most cases need first."""

    def __init__(self, session):
        self.session = session
        load_reference(session)
        self.town = Municipality(name="Montichiari", belfiore="F471", province="BS", valid_from=date(1861, 1, 1))
        session.add(self.town)
        session.flush()

    def set(self, key, value):
        """The municipality's own value of a parameter."""
        self.session.add(
            PartnerParameter(key=key, value=value, valid_from=date(2020, 1, 1), source="Delibera di giunta")
        )
        self.session.flush()

    def home(self, code="MON-001", **rest):
        return dwellings.register_dwelling(
            self.session, code=code, regime=Regime.SAS, address="Via Roma 4", municipality=self.town, **rest
        )

    def person(self, surname="Hoxha"):
        return register_person(
            self.session, surname=surname, name="Arben", sex=Sex.MALE, birth_date=date(1984, 5, 3),
            known_to_services=KnownToServices.NO, confirm_similar=True,
            no_codice_fiscale_reason=NoCodiceFiscale.UNAVAILABLE,
        )  # fmt: skip

    def family(self, isee="7200.00", surname="Hoxha", **rest):
        person = self.person(surname)
        household = compose_household(
            self.session, person=person, kind=HouseholdKind.REGISTRY, valid_from=date(2020, 1, 1)
        )
        certificate = record_isee(
            self.session, household, kind=IseeKind.ORDINARY, submitted_on=date(2026, 1, 20), isee=Decimal(isee), **rest
        )
        return person, household, certificate

    def call(self, *homes, **rest):
        told = {
            "number": "2026/01", "title": "Alloggi sociali", "regime": Regime.SAS, "opens_on": date(2026, 3, 1),
            "closes_on": date(2026, 3, 31), "residence_required": False, "no_property_required": False, **rest,
        }  # fmt: skip
        scheme = schemes.load_demo_scheme(self.session)
        call = calls.prepare_call(self.session, homes=homes or [self.home()], scheme=scheme, **told)
        return calls.publish_call(self.session, call)

    def apply(self, call, isee="7200.00", *, family=0, housing=0, disability=False, surname="Hoxha", minute=0):
        person, household, certificate = self.family(isee, surname)
        return applications.submit_application(
            self.session, call=call, person=person, household=household, isee_certificate=certificate,
            answers={"family": Decimal(family), "housing": Decimal(housing), "disability": disability},
            on=date(2026, 3, 12), submitted_at=datetime(2026, 3, 12, 9, minute, tzinfo=UTC),
        )  # fmt: skip

    def lease(self, rent="480.00", home=None, **rest):
        told = {"kind": LeaseKind.SAS, "starts_on": date(2026, 1, 1), "tenant": rest.pop("tenant", None), **rest}
        told["tenant"] = told["tenant"] or self.person()
        return leases.sign_lease(self.session, dwelling=home or self.home(), monthly_rent=Decimal(rent), **told)

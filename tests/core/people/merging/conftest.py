"""Two sheets of one woman, with rows of every module on the second, on both databases."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.config import read_settings
from core.data_requests import services as data_requests
from core.data_requests.models import Right
from core.database.model import metadata
from core.database.scope import Scope
from core.files.models import Attachment, AttachmentCategory
from core.organisations.models import Organisation
from core.people.merging import services
from core.people.merging.places import places
from core.people.models import (
    HouseholdKind,
    IseeKind,
    KnownToServices,
    NoCodiceFiscale,
    Person,
    RelationshipKind,
    Sex,
    Tag,
)
from core.people.services import compose_household, load_tags, record_isee, register_person, relate, tag
from core.places.models import Municipality
from core.plugins.loading import load
from core.rights.models import Restriction, RestrictionGround
from core.testing.two_partners import make_tables
from plugins.guarantee_fund.models import Fund
from plugins.guarantee_fund.services import committee, funds
from plugins.housing.models import Channel, ContactOutcome, TicketKind
from plugins.housing.services import applications, support, tickets
from tests.plugins.guarantee_fund.conftest import Desk as FundDesk
from tests.plugins.housing.conftest import Desk as HousingDesk

LOG = {"audit_change", "audit_told", "audit_head", "people_merge", "people_merged_row"}


@pytest.fixture(scope="session")
def installation():
    """The program with its plugins, as it asks them."""
    return load(read_settings())


@pytest.fixture
def settings(server, tmp_path):
    urls = server.fresh(server.template("merging_tables", make_tables))
    found = read_settings({"GENERAZIONI_VAR": str(tmp_path)})
    yield replace(found, database_url=urls.app, owner_database_url=urls.owner, operator_database_url=urls.operator)
    server.drop(urls)


@pytest.fixture
def office(database, partner, installation):
    found = Office(database, partner, installation)
    found.do(furnish)
    return found


class Office:
    """A partner that registers people and merges them; short words for both."""

    def __init__(self, database, partner, installation):
        self.database, self.partner, self.installation = database, partner, installation
        self.scope = Scope(partner_id=partner, actor="Luca Neri")

    def of(self, partner):
        return Office(self.database, partner, self.installation)

    def do(self, work):
        return self.database.run(self.scope, work)

    def across(self, work):
        return self.database.run(replace(self.scope, operator=True), work)

    def person(self, **given):
        ordinary = {
            "surname": "Bonometti", "name": "Chiara", "sex": Sex.FEMALE, "birth_date": date(1984, 7, 9),
            "known_to_services": KnownToServices.NO, "confirm_similar": True,
        }  # fmt: skip
        if "codice_fiscale" not in given:
            ordinary["no_codice_fiscale_reason"] = NoCodiceFiscale.UNAVAILABLE
        return self.do(lambda session: register_person(session, **(ordinary | given)).id)

    def merge(self, winner, loser, **rest):
        told = {"reason": "La stessa persona, registrata due volte"} | rest
        return self.across(lambda session: services.merge_people(session, self.installation, winner, loser, **told).id)

    def undo(self, merge, reason="Erano due persone"):
        return self.across(lambda session: services.undo_merge(session, self.installation, merge, reason=reason).id)

    def read(self, key):
        return self.across(lambda session: session.get(Person, key))

    def fill(self, key, n=0):
        """Rows of every module that name a person."""
        self.do(lambda session: fill(session, session.get(Person, key), n))

    def checksums(self):
        """The fingerprint of each table, but for the trail and the log of merges themselves."""

        def read(session):
            found = {}
            for table in metadata.sorted_tables:
                if table.name not in LOG:
                    rows = session.execute(select(table).order_by(table.c.id)).all()
                    found[table.name] = hashlib.sha256(repr(rows).encode()).hexdigest()
            return found

        return self.across(read)

    def naming(self, key):
        """How many rows of each column name a person."""

        def count(session):
            found = (
                (p.reference.table, p.reference.column, p.rows_of(session, key))
                for p in places(session, self.installation)
            )
            return {(table, column): len(rows) for table, column, rows in found if rows}

        return self.across(count)


def furnish(session):
    """Once for a partner: a town, a scheme, a fund with its committee and some money."""
    HousingDesk(session)
    fund = FundDesk(session)
    fund.give("9000.00")


def desks(session):
    """The desks of housing and of the fund, as they were furnished."""
    housing, fund = HousingDesk.__new__(HousingDesk), FundDesk.__new__(FundDesk)
    housing.session = fund.session = session
    housing.town = session.scalars(select(Municipality)).first()
    fund.fund = session.scalars(select(Fund).where(Fund.name == "Fondo di comunità")).one()
    fund.line, fund.bank = fund.fund.lines[0], session.scalars(select(Organisation)).first()
    fund.members = [member for member in fund.fund.members if member.person_id is None]
    return housing, fund


def fill(session, person, n=0):
    """Rows of every module that name a person; those of another `n` stand on other homes and calls."""
    housing, fund = desks(session)
    household = compose_household(session, person=person, kind=HouseholdKind.REGISTRY, valid_from=date(2020, 1, 1))
    certificate = record_isee(
        session, household, kind=IseeKind.ORDINARY, submitted_on=date(2026, 1, 20), isee=Decimal("7200.00")
    )
    other = housing.person(f"Amica {n}")
    relate(session, person, kind=RelationshipKind.CAREGIVER, other_person=other)
    relate(session, other, kind=RelationshipKind.REFERENT, other_person=person)
    load_tags(session)
    tag(session, person, tag=session.scalars(select(Tag).where(Tag.code == "student")).one())
    home = housing.home(f"MON-{n:03}")
    applications.submit_application(
        session, call=housing.call(housing.home(f"CALL-{n:03}"), number=f"2026/{n}"), person=person,
        household=household, isee_certificate=certificate,
        answers={"family": Decimal(0), "housing": Decimal(0), "disability": False},
        on=date(2026, 3, 12), submitted_at=datetime(2026, 3, 12, 9, n % 60, tzinfo=UTC),
    )  # fmt: skip
    lease = housing.lease(home=home, tenant=person)
    support.record_contact(
        session, lease=lease, person=person, made_on=date(2026, 4, 1), channel=Channel.PHONE,
        outcome=ContactOutcome.APPOINTMENT,
    )  # fmt: skip
    tickets.open_ticket(session, dwelling=home, reporter=person, kind=TicketKind.WATER, subject="Perde")
    fund.approve(fund.ask(person=person, line=fund.new_line(name=f"Linea {n}")))
    committee.appoint(
        session,
        fund=funds.open_fund(session, name=f"Altro fondo {n}"),
        name="Chiara",
        valid_from=date(2026, 1, 1),
        person=person,
    )
    fund.give("50.00", organisation=None, person=person)
    session.add(
        Restriction(
            person_id=person.id, ground=RestrictionGround.ACCURACY, since=date(2026, 1, 5), lifted_on=date(2026, 1, 20),
            lifted_because="Dati corretti",
        )
    )  # fmt: skip
    data_requests.receive(session, right=Right.ACCESS, person=person)
    session.add(
        Attachment(
            entity="people_person",
            entity_id=person.id,
            name="carta.pdf",
            content_type="application/pdf",
            size=3,
            sha256="0" * 64,
            category=AttachmentCategory.IDENTITY,
            stored_as=f"{person.id}.pdf",
        )
    )
    session.flush()

"""Two partners of a shared registry: Ponte registered Chiara, Quercia would like to see her."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from core.database import scope as scopes
from core.database.scope import Scope, today
from core.jobs import declaration
from core.jobs.declaration import JobKind
from core.partners.models import Partner
from core.people.models import HouseholdKind, IseeKind, KnownToServices, Person, Sex, Tag
from core.people.services import compose_household, load_tags, record_isee, register_person, tag
from core.sharing import jobs, needs, services
from core.sharing.models import LegalGround
from core.testing.two_partners import database, neighbour, partner, settings  # noqa: F401
from tests.desk import Desk

CHIARA = "BNMCHR84L49F471K"


@pytest.fixture(autouse=True)
def housing_is_installed(monkeypatch):
    """Two modules that people are shared for: one needs the household and the ISEE, the other neither."""
    monkeypatch.setattr(needs, "_declared", dict(needs._declared))
    monkeypatch.setattr(declaration, "_declared", {})
    needs.declare("housing", lambda: "Housing", ("identity", "household", "economic situation"))
    needs.declare("startups", lambda: "Start-ups", ("identity", "contacts"))
    for key, run in (
        ("core.tell-of-request", jobs.tell_of_request), ("core.tell-of-emergency", jobs.tell_of_emergency),
        ("core.close-shares", jobs.close_what_is_over),
    ):  # fmt: skip
        declaration.declare("", [JobKind(key, key, run)])


@pytest.fixture
def ponte(database, settings, neighbour):  # noqa: F811
    """The desk of the partner that registered Chiara."""
    return desk_of(database, settings, neighbour, "Ada Blu")


@pytest.fixture
def quercia(database, settings, partner):  # noqa: F811
    """The desk of the other one."""
    return desk_of(database, settings, partner, "Luca Neri")


def desk_of(database, settings, partner, actor):  # noqa: F811
    desk = Desk(database, settings, partner)
    desk.scope = Scope(partner_id=partner, actor=actor, user_id=uuid4())
    return desk


@pytest.fixture
def chiara(ponte):
    """Chiara as Ponte knows her, with a household, a certificate and a tag."""
    ponte.database.run(Scope(operator=True, reason="tests"), load_tags)
    return ponte.do(register_chiara)


def register_chiara(session):
    person = register_person(
        session, surname="Bonometti", name="Chiara", sex=Sex.FEMALE, birth_date=date(1984, 7, 9),
        codice_fiscale=CHIARA, citizenship="IT", phone="+390305550142", iban="IT60X0542811101000000123456",
        notes="Prefers mornings", gender="woman", known_to_services=KnownToServices.NO,
    )  # fmt: skip
    household = compose_household(session, person=person, kind=HouseholdKind.ISEE)
    record_isee(session, household=household, kind=IseeKind.ORDINARY, submitted_on=today(), isee=9000)
    tag(session, person, tag=session.scalars(select(Tag).where(Tag.code == "member")).one())
    return person.id


@pytest.fixture
def share(ponte, quercia, chiara):
    """Let Quercia see Chiara; keywords say what matters to the test."""

    def given(**told):
        ordinary = {"legal_ground": LegalGround.PUBLIC_TASK}

        def give(session):
            person, taker = session.get_one(Person, chiara), session.get_one(Partner, quercia.partner)
            return services.give(session, person=person, taker=taker, **(ordinary | told)).id

        return ponte.do(give)

    return given


@pytest.fixture
def on_day(monkeypatch):
    """Let it be noon of another day."""

    def set_clock(day):
        monkeypatch.setattr(scopes, "now", lambda: datetime(day.year, day.month, day.day, 12, tzinfo=UTC))

    return set_clock


def seen(desk):
    """The surnames that a partner finds by name."""
    return desk.read(select(Person.surname).where(Person.search.contains("bonometti")))


def person_at(desk, key):
    """The person as the partner's session holds them; None when it may not see them."""
    with desk.database.session(desk.scope, writes=False) as session:
        return session.get(Person, key)

"""The demo network in a database: all of it in, exactly it out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from core.access.models import User
from core.access.passwords import matches
from core.config import Settings, read_settings
from core.database.changes import add_many
from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.database.trail import Change
from core.database.visibility import PersonAccess
from core.demo.doubles import EACH, OF
from core.demo.loader import PASSWORD, load_demo, remove_demo, sign_ins
from core.demo.models import has_demo
from core.demo.network import municipalities, partners
from core.demo.organisations import organisations
from core.demo.population import population
from core.demo.steps import DemoStep
from core.organisations.models import LegalType, Organisation
from core.organisations.services import register_organisation
from core.parameters.models import PartnerParameter
from core.partners.models import Partner, PartnerKind
from core.partners.services import modules_of, partner_by_code, register_partner
from core.people.models import Household, IseeCertificate, Person
from core.places.gazetteer import load_reference
from core.places.models import Place
from core.refusals import Refusal
from core.sharing.models import Notice, Share, ShareRequest
from core.testing.databases import DatabaseUrls, Server
from core.testing.two_partners import make_tables

OPERATOR = Scope(operator=True, actor="tests", reason="tests")


def fill(urls: DatabaseUrls) -> None:
    """The tables, the seven municipalities and the demo network."""
    make_tables(urls)
    settings = at(read_settings({"GENERAZIONI_SECRET_KEY": "0" * 32}), urls)
    database = Database(settings)
    with database.transaction(OPERATOR) as session:
        load_reference(session, only=[town.belfiore for town in municipalities()])
    load_demo(database, settings)
    database.close()


def at(settings: Settings, urls: DatabaseUrls) -> Settings:
    return replace(settings, database_url=urls.app, owner_database_url=urls.owner, operator_database_url=urls.operator)


@pytest.fixture
def loaded(server: Server, settings: Settings) -> Iterator[Database]:
    urls = server.fresh(server.template("demo", fill))
    opened = Database(at(settings, urls))
    yield opened
    opened.close()
    server.drop(urls)


def people() -> int:
    """The demo's people, and the second sheets of some."""
    return len(population().people) + EACH * len(OF)


def count(database: Database, model: type) -> int:
    with database.session(OPERATOR, writes=False) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_the_network_is_loaded_whole(loaded: Database) -> None:
    assert count(loaded, Partner) == len(partners())
    assert count(loaded, Organisation) == len(organisations()) == 123
    assert count(loaded, Place) == 11
    assert count(loaded, Person) == people()
    assert count(loaded, PersonAccess) == people() + 5
    assert (count(loaded, Share), count(loaded, ShareRequest), count(loaded, Notice)) == (6, 1, 2)
    assert count(loaded, Household) == 850
    assert 350 < count(loaded, IseeCertificate) < 500


def test_a_partner_sees_the_people_it_met_those_shared_with_it_and_no_others(loaded: Database) -> None:
    with loaded.session(OPERATOR, writes=False) as session:
        bridge = partner_by_code(session, "ILPONTE").id
    with loaded.session(Scope(partner_id=bridge), writes=False) as session:
        seen = session.scalar(select(func.count()).select_from(Person))
        assert modules_of(session) == {"housing", "guarantee_fund"}

    assert seen == sum(person.registered_by == "ILPONTE" for person in population().people) + 3 + EACH


def test_demo_users_sign_in_with_the_demo_password(loaded: Database) -> None:
    with loaded.session(OPERATOR, writes=False) as session:
        user = session.scalars(select(User).where(User.email == "giulia.ferrari@demo.example")).one()

    assert matches(user.password_hash, PASSWORD)
    assert user.email in sign_ins()


def test_where_people_come_by_https_nobody_has_the_demo_password(
    database: Database,
    settings: Settings,
) -> None:
    load_demo(database, replace(settings, public_url="https://generazioni.example"))

    with database.session(OPERATOR, writes=False) as session:
        assert set(session.scalars(select(User.password_hash))) == {""}


def test_removing_takes_the_demo_and_leaves_what_others_wrote(loaded: Database) -> None:
    with loaded.transaction(OPERATOR) as session:
        own = register_partner(session, code="QUERCIA", name="La Quercia", kind=PartnerKind.COOPERATIVE).id
    with loaded.transaction(Scope(partner_id=own)) as session:
        register_organisation(session, name="Amici della Quercia", legal_type=LegalType.ASSOCIATION)
    lines = count(loaded, Change)

    removed = remove_demo(loaded)

    assert removed > 2 * len(population().people)
    assert (count(loaded, Person), count(loaded, Household), count(loaded, Place)) == (0, 0, 0)
    assert (count(loaded, Organisation), count(loaded, User)) == (1, 0)
    assert count(loaded, Change) == lines
    with loaded.session(OPERATOR, writes=False) as session:
        assert not has_demo(session)
        assert list(session.scalars(select(Partner.code).where(Partner.active))) == ["QUERCIA"]


def test_a_removed_demo_can_be_loaded_again(loaded: Database, settings: Settings) -> None:
    remove_demo(loaded)

    load_demo(loaded, settings)

    assert count(loaded, Person) == people()
    assert count(loaded, Partner) == len(partners())


def test_a_loaded_demo_is_not_loaded_twice(loaded: Database, settings: Settings) -> None:
    with pytest.raises(Refusal, match="already here"):
        load_demo(loaded, settings)

    assert count(loaded, Person) == people()


def test_a_step_runs_for_each_partner_with_the_module_and_what_it_made_goes_too(
    database: Database,
    settings: Settings,
) -> None:
    def found(session: object) -> None:
        register_organisation(session, name="Circolo", legal_type=LegalType.INFORMAL_GROUP)  # type: ignore[arg-type]

    steps = [("housing", DemoStep("Circles", found)), ("care", DemoStep("Nobody runs it", found))]
    done: list[int] = []

    load_demo(database, settings, steps=steps, progress=done.append)
    assert sum(done) == 100
    assert count(database, Organisation) == 123 + 2

    remove_demo(database)
    assert count(database, Organisation) == 0


def test_rows_inserted_at_once_go_with_the_demo_too(loaded: Database, settings: Settings) -> None:
    def found(session: ScopedSession) -> None:
        rows = [{"key": "isee", "value": str(n), "valid_from": date(2000 + n, 1, 1), "source": "Demo"} for n in (1, 2)]
        add_many(session, PartnerParameter, rows)

    remove_demo(loaded)
    load_demo(loaded, settings, steps=[("housing", DemoStep("Values", found))])
    assert count(loaded, PartnerParameter) > 0

    remove_demo(loaded)

    assert count(loaded, PartnerParameter) == 0


def test_a_demo_that_later_rows_speak_of_is_not_removed(loaded: Database) -> None:
    with loaded.transaction(OPERATOR) as session:
        own = register_partner(session, code="QUERCIA", name="La Quercia", kind=PartnerKind.COOPERATIVE).id
        owner = session.scalars(select(Organisation).where(Organisation.name == "Comune di Montichiari")).one()
        hall = session.scalars(select(Place).limit(1)).one()
        session.add(
            Place(
                name="Sala nuova", kind=hall.kind, address="Via Roma 1", municipality_id=hall.municipality_id,
                owner_id=owner.id, registered_by_id=own,
            )
        )  # fmt: skip

    with pytest.raises(Refusal, match="later"):
        remove_demo(loaded)

    assert count(loaded, Person) == people()

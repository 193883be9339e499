"""A large registry of invented people: nobody in it twice, and nobody of it left when the demo goes."""

import pytest
from sqlalchemy import func, select

from core.config import Settings
from core.database.session import Database
from core.database.trail import Change
from core.database.visibility import PersonAccess
from core.demo.loader import load_crowd, remove_demo
from core.demo.population import crowd, population
from core.people.models import Household, HouseholdMember, Person, PersonState
from core.refusals import Refusal
from core.testing.two_partners import database, settings  # noqa: F401
from tests.core.demo.test_loader import OPERATOR, count, loaded  # noqa: F401


def test_nobody_of_the_crowd_has_the_code_number_or_address_of_another() -> None:
    demo = population().people
    people = [*demo, *(person for part in crowd(500, registrar="LEAD", together=100) for person in part.people)]

    assert len(people) >= len(demo) + 500
    for name in ("key", "codice_fiscale", "phone", "email"):
        told = [getattr(person, name) for person in people if getattr(person, name) is not None]
        assert len(told) == len(set(told)), name


def test_the_crowd_is_registered_by_the_lead_partner_with_households_and_audit_lines(loaded: Database) -> None:  # noqa: F811
    before, lines = count(loaded, Person), count(loaded, Change)
    accesses, members = count(loaded, PersonAccess), count(loaded, HouseholdMember)
    told: list[int] = []

    load_crowd(loaded, 200, progress=told.append)

    added = count(loaded, Person) - before
    assert 200 <= added == sum(told)
    assert count(loaded, PersonAccess) - accesses == added
    assert count(loaded, HouseholdMember) - members == added
    assert count(loaded, Change) - lines == 2 * added + count(loaded, Household) - 850
    with loaded.session(OPERATOR, writes=False) as session:
        last = session.scalars(select(Person).order_by(Person.id.desc()).limit(1)).one()
        trail = session.scalars(select(Change).where(Change.entity_id == last.id)).one()
    assert last.state is PersonState.ACTIVE
    assert trail.partner_id == last.registered_by_id
    assert trail.fields["surname"] == [None, last.surname]
    assert trail.fields["photo_consent"] == [None, False]


def test_the_crowd_goes_with_the_demo(loaded: Database) -> None:  # noqa: F811
    load_crowd(loaded, 50, progress=lambda _people: None)

    remove_demo(loaded)

    assert count(loaded, Person) == count(loaded, Household) == count(loaded, HouseholdMember) == 0


def test_without_the_demo_there_is_no_crowd(database: Database, settings: Settings) -> None:  # noqa: F811
    with pytest.raises(Refusal, match="load it first"):
        load_crowd(database, 10, progress=lambda _people: None)
    with database.session(OPERATOR, writes=False) as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0

"""Who lives, or is counted, together."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from core.database.scope import Scope, ScopedSession, today
from core.database.session import Database
from core.people.models import (
    Household,
    HouseholdKind,
    HouseholdMember,
    HouseholdRole,
    NoCodiceFiscale,
    Person,
)
from core.people.services import add_member, change_reference, compose_household, household_of, leave_household
from core.refusals import Forbidden, Refusal

SINCE = date(2026, 1, 1)
CHILD = HouseholdRole.CHILD


@pytest.fixture
def named(register: Any) -> Any:
    """Somebody with that name, who has no codice fiscale."""
    return lambda name: register(name=name, no_codice_fiscale_reason=NoCodiceFiscale.FOREIGNER, confirm_similar=True)


@pytest.fixture
def chiara(named: Any) -> Person:
    return named("Chiara")


@pytest.fixture
def matteo(named: Any) -> Person:
    return named("Matteo")


def test_a_household_takes_a_number_and_its_reference_person(session: ScopedSession, chiara: Person) -> None:
    household = compose_household(session, person=chiara, valid_from=SINCE)

    assert household.code == f"HOUSEHOLD/{today().year}/00001"
    assert [(one.person, one.role, one.kind) for one in household.members] == [
        (chiara, HouseholdRole.REFERENCE, HouseholdKind.REGISTRY)
    ]
    assert household_of(session, chiara) is household


def test_nobody_stands_in_two_registry_households(session: ScopedSession, chiara: Person, matteo: Person) -> None:
    first = compose_household(session, person=chiara, valid_from=SINCE, members=[(matteo, CHILD)])

    with pytest.raises(Refusal) as refused:
        compose_household(session, person=matteo, valid_from=SINCE)
    assert refused.value.field == "person"
    assert first.code in str(refused.value)

    leave_household(session, first, person=matteo, on=date(2026, 3, 31))
    second = compose_household(session, person=matteo, valid_from=date(2026, 4, 1))
    assert household_of(session, matteo, on=date(2026, 3, 31)) is first
    assert household_of(session, matteo, on=date(2026, 4, 1)) is second


def test_other_kinds_of_household_may_overlap(session: ScopedSession, chiara: Person) -> None:
    registry = compose_household(session, person=chiara)
    housing = compose_household(session, person=chiara, kind=HouseholdKind.HOUSING)

    assert household_of(session, chiara) is registry
    assert household_of(session, chiara, kind=HouseholdKind.HOUSING) is housing


def test_the_database_has_the_last_word_on_two_registry_households(session: ScopedSession, chiara: Person) -> None:
    compose_household(session, person=chiara, valid_from=SINCE)
    second = Household(person=chiara, kind=HouseholdKind.REGISTRY, code="2")
    session.add(second)
    session.flush()
    session.add(
        HouseholdMember(
            household=second, person=chiara, kind=second.kind, role=HouseholdRole.REFERENCE, valid_from=SINCE
        )
    )

    with pytest.raises(Refusal, match="already belongs to a registry household"):
        session.flush()


def test_nobody_joins_the_same_household_twice(session: ScopedSession, chiara: Person, matteo: Person) -> None:
    household = compose_household(session, person=chiara, valid_from=SINCE, members=[(matteo, CHILD)])

    with pytest.raises(Refusal):
        add_member(session, household, person=matteo, role=CHILD, valid_from=date(2026, 5, 1))


def test_a_household_has_one_reference_person(session: ScopedSession, chiara: Person, matteo: Person) -> None:
    household = compose_household(session, person=chiara, valid_from=SINCE)

    with pytest.raises(Refusal) as refused:
        add_member(session, household, person=matteo, role=HouseholdRole.REFERENCE)

    assert refused.value.field == "role"


def test_the_reference_person_leaves_last(session: ScopedSession, chiara: Person, matteo: Person) -> None:
    household = compose_household(session, person=chiara, valid_from=SINCE, members=[(matteo, CHILD)])
    with pytest.raises(Refusal):
        leave_household(session, household, person=chiara, on=today())

    change_reference(session, household, person=matteo, former_role=HouseholdRole.PARENT)
    leave_household(session, household, person=chiara, on=date(2026, 3, 31))

    assert household.person is matteo
    assert {one.person.name: one.role for one in household.members} == {
        "Chiara": HouseholdRole.PARENT, "Matteo": HouseholdRole.REFERENCE,
    }  # fmt: skip
    assert [one.person for one in household.members_on(date(2026, 4, 1))] == [matteo]


def test_nobody_leaves_before_they_came(session: ScopedSession, chiara: Person) -> None:
    household = compose_household(session, person=chiara, valid_from=SINCE)

    with pytest.raises(Refusal) as refused:
        leave_household(session, household, person=chiara, on=date(2025, 12, 31))

    assert refused.value.field == "on"


def test_a_household_is_invisible_to_the_neighbour(
    session: ScopedSession, database: Database, neighbour: UUID, chiara: Person
) -> None:
    compose_household(session, person=chiara)
    session.commit()

    with database.session(Scope(partner_id=neighbour), writes=False) as theirs:
        assert theirs.scalars(select(Household)).all() == []
        assert theirs.scalars(select(HouseholdMember)).all() == []


def test_only_its_registrar_changes_a_household(
    session: ScopedSession, database: Database, chiara: Person, matteo: Person
) -> None:
    household = compose_household(session, person=chiara)
    household.registered_by_id = matteo.id

    with session.no_autoflush, pytest.raises(Forbidden):
        add_member(session, household, person=matteo, role=CHILD)

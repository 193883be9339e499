"""What people are to each other and to organisations, and the words beside them."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.organisations.models import LegalType, Organisation
from core.organisations.services import activate, register_organisation
from core.people.models import NoCodiceFiscale, Person, Relationship, RelationshipKind, Tag
from core.people.models.tag import LISTED
from core.people.services import end_relationship, load_tags, relate, tag, tags_of, untag
from core.refusals import Refusal

SINCE = date(2026, 1, 1)


@pytest.fixture
def named(register: Any) -> Any:
    """Somebody with that name, who has no codice fiscale."""
    return lambda name: register(name=name, no_codice_fiscale_reason=NoCodiceFiscale.FOREIGNER, confirm_similar=True)


@pytest.fixture
def chiara(named: Any) -> Person:
    return named("Chiara")


@pytest.fixture
def group(session: ScopedSession) -> Organisation:
    return register_organisation(session, name="Gruppo cammino", legal_type=LegalType.INFORMAL_GROUP)


def test_a_person_is_something_to_another_for_some_time(session: ScopedSession, chiara: Person, named: Any) -> None:
    rosa = named("Rosa")
    caregiver = relate(session, chiara, kind=RelationshipKind.CAREGIVER, other_person=rosa, valid_from=SINCE)

    end_relationship(session, caregiver, on=date(2026, 6, 30))

    assert caregiver.other == "Bonometti Rosa"
    assert caregiver.holds_on(date(2026, 6, 30))
    assert not caregiver.holds_on(date(2026, 7, 1))


@pytest.mark.parametrize("kind", [RelationshipKind.MEMBER, RelationshipKind.EMPLOYEE])
def test_nobody_is_a_member_of_a_person(session: ScopedSession, chiara: Person, named: Any, kind: Any) -> None:
    with pytest.raises(Refusal) as refused:
        relate(session, chiara, kind=kind, other_person=named("Rosa"))

    assert refused.value.field == "organisation"


def test_a_relationship_has_exactly_one_other(
    session: ScopedSession, chiara: Person, named: Any, group: Organisation
) -> None:
    for others in ({}, {"other_person": named("Rosa"), "organisation": group}, {"other_person": chiara}):
        with pytest.raises(Refusal) as refused:
            relate(session, chiara, kind=RelationshipKind.REFERENT, **others)
        assert refused.value.field == "other_person"


def test_a_relationship_is_registered_once_for_the_same_days(
    session: ScopedSession, chiara: Person, group: Organisation
) -> None:
    first = relate(session, chiara, kind=RelationshipKind.MEMBER, organisation=group, valid_from=SINCE)
    with pytest.raises(Refusal):
        relate(session, chiara, kind=RelationshipKind.MEMBER, organisation=group, valid_from=date(2026, 5, 1))

    end_relationship(session, first, on=date(2026, 4, 30))

    assert relate(session, chiara, kind=RelationshipKind.MEMBER, organisation=group, valid_from=date(2026, 5, 1))


def test_an_informal_group_stands_on_three_people_and_a_referent(
    session: ScopedSession, named: Any, group: Organisation
) -> None:
    for name in ("Chiara", "Rosa"):
        relate(session, named(name), kind=RelationshipKind.MEMBER, organisation=group)
    with pytest.raises(Refusal):
        activate(session, group)

    relate(session, named("Anna"), kind=RelationshipKind.REFERENT, organisation=group)

    assert activate(session, group).state.value == "active"


def test_a_relationship_is_invisible_to_the_neighbour(
    session: ScopedSession, database: Database, neighbour: UUID, chiara: Person, group: Organisation
) -> None:
    relate(session, chiara, kind=RelationshipKind.MEMBER, organisation=group)
    session.commit()

    with database.session(Scope(partner_id=neighbour), writes=False) as theirs:
        assert theirs.scalars(select(Relationship)).all() == []


def test_tags_come_from_the_closed_list(session: ScopedSession, chiara: Person) -> None:
    assert load_tags(session) == len(LISTED)
    assert load_tags(session) == 0
    volunteer = session.scalars(select(Tag).where(Tag.code == "volunteer")).one()

    tag(session, chiara, tag=volunteer)
    assert tags_of(session, chiara) == [volunteer]
    with pytest.raises(Refusal):
        tag(session, chiara, tag=volunteer)

    untag(session, chiara, tag=volunteer)
    assert tags_of(session, chiara) == []
    with pytest.raises(Refusal):
        untag(session, chiara, tag=volunteer)

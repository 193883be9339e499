"""An informal group has no codice fiscale: three named people and a referent stand for it."""

from datetime import date, timedelta

import pytest

from core.database.scope import ScopedSession, today
from core.organisations.models import LegalType, Organisation, OrganisationState
from core.organisations.services import activate, register_organisation
from core.people.models import KnownToServices, Person, Relationship, RelationshipKind, Sex
from core.refusals import Refusal

MEMBER, REFERENT = RelationshipKind.MEMBER, RelationshipKind.REFERENT


@pytest.fixture
def group(session: ScopedSession) -> Organisation:
    return register_organisation(session, name="Mamme del quartiere", legal_type=LegalType.INFORMAL_GROUP)


def relate(session: ScopedSession, group: Organisation, *kinds: RelationshipKind, until: date | None = None) -> None:
    for number, kind in enumerate(kinds):
        person = Person(
            surname="Diop", name=f"Awa {number}", sex=Sex.FEMALE, known_to_services=KnownToServices.NO,
            first_contact_date=today(), sort_name=f"diop awa {number}", search=f"diop awa {number}",
        )  # fmt: skip
        start = today() - timedelta(days=30)
        session.add(Relationship(person=person, organisation=group, kind=kind, valid_from=start, valid_to=until))
    session.flush()


def test_three_people_with_a_referent_make_a_group(session: ScopedSession, group: Organisation) -> None:
    relate(session, group, MEMBER, MEMBER, REFERENT)

    assert activate(session, group).state is OrganisationState.ACTIVE


def test_two_people_are_too_few(session: ScopedSession, group: Organisation) -> None:
    relate(session, group, MEMBER, REFERENT)

    with pytest.raises(Refusal, match="at least 3"):
        activate(session, group)


def test_people_without_a_referent_are_not_enough(session: ScopedSession, group: Organisation) -> None:
    relate(session, group, MEMBER, MEMBER, MEMBER)

    with pytest.raises(Refusal, match="referent"):
        activate(session, group)


def test_who_has_left_does_not_count(session: ScopedSession, group: Organisation) -> None:
    relate(session, group, MEMBER, MEMBER, REFERENT, until=today() - timedelta(days=1))

    with pytest.raises(Refusal, match="at least 3"):
        activate(session, group)

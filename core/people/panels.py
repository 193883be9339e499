"""What the cards of a person's and a household's page show."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, object_session

from core.database.scope import scope_of, today
from core.people.models import Household, HouseholdMember, IseeCertificate, Person, Relationship
from core.people.services.tags import tags_of


def households_with(session: Session, person: Person) -> dict[str, Any]:
    """The households in which the person stands or stood, the present first."""
    stays = session.scalars(
        select(HouseholdMember)
        .where(HouseholdMember.person_id == person.id)
        .order_by(HouseholdMember.valid_to.desc().nulls_first(), HouseholdMember.valid_from.desc())
    ).unique()
    return {"person": person, "stays": [stay for stay in stays if stay.household is not None], "today": today()}


def members_of(session: Session, household: Household) -> dict[str, Any]:
    """Everybody who stands or stood in the household; who may not be seen has no name here."""
    return {"members": household.members, "today": today()}


def isee_of_person(session: Session, person: Person) -> dict[str, Any]:
    """The certificates of the households in which the person stands, newest first."""
    houses = select(HouseholdMember.household_id).where(HouseholdMember.person_id == person.id)
    return _certificates(session, or_(IseeCertificate.person_id == person.id, IseeCertificate.household_id.in_(houses)))


def isee_of_household(session: Session, household: Household) -> dict[str, Any]:
    """The certificates of the household, newest first."""
    return _certificates(session, IseeCertificate.household_id == household.id)


def _certificates(session: Session, condition: Any) -> dict[str, Any]:
    found = session.scalars(select(IseeCertificate).where(condition).order_by(IseeCertificate.submitted_on.desc()))
    return {"certificates": found.unique().all()}


def omissions_of(session: Session, certificate: IseeCertificate) -> dict[str, Any]:
    """Whether there are omissions, and how they were resolved."""
    return {"certificate": certificate}


def relationships_of(session: Session, person: Person) -> dict[str, Any]:
    """What the person is to others, and what others are to them."""
    found = session.scalars(
        select(Relationship)
        .where(or_(Relationship.person_id == person.id, Relationship.other_person_id == person.id))
        .order_by(Relationship.valid_from.desc())
    )
    return {"person": person, "relationships": found.unique().all()}


def tags_on(session: Session, person: Person) -> dict[str, Any]:
    """The words beside the person."""
    return {"tags": tags_of(session, person)}


def is_ours(person: Person) -> bool:
    """Whether the reader's partner registered the person, and so may change what is known of them."""
    session = object_session(person)
    return session is not None and scope_of(session).partner_id == person.registered_by_id

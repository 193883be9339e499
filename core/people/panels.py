"""What the cards of a person's and a household's page show."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.database.scope import today
from core.language import Words, _
from core.people.models import Household, HouseholdMember, IseeCertificate, Person, Relationship
from core.people.services.access import accesses_of
from core.people.services.tags import tags_of

LEVELS: dict[int, Words] = {
    1: _("Identity and contacts"), 2: _("Summaries"), 3: _("Everything, according to the role"),
}  # fmt: skip
BASES: dict[str, Words] = {"registered": _("Registered this person"), "share": _("By a share in force")}


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


def sight_of(session: Session, person: Person) -> dict[str, Any]:
    """On what grounds, how far and until when this partner sees the person."""
    rows = [
        {"level": LEVELS[one.level], "basis": BASES.get(one.basis, one.basis), "until": one.valid_to}
        for one in accesses_of(session, person)
    ]
    return {"rows": rows}

"""What the registry itself holds against making one person of two."""

from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from core.database.merging import Conflict, OnMerge, PersonReference
from core.language import _
from core.people.models import Household, HouseholdMember, Person, Relationship

REFERENCES = [
    PersonReference("people_access", "person_id", "", OnMerge.MOVE_UNLESS_THERE),
    PersonReference("people_household", "person_id", _("Households, as reference person")),
    PersonReference("people_household_member", "person_id", _("Stays in households")),
    PersonReference("people_isee_certificate", "person_id", _("ISEE certificates")),
    PersonReference("people_relationship", "person_id", _("Relationships")),
    PersonReference("people_relationship", "other_person_id", _("Relationships of others to them")),
    PersonReference("people_person_tag", "person_id", _("Tags"), OnMerge.MOVE_UNLESS_THERE),
    # What was said of a pair is said of those two sheets; the search for duplicates follows them to who stayed.
    PersonReference("people_duplicate", "person_id", "", OnMerge.STAY),
    PersonReference("people_duplicate", "other_id", "", OnMerge.STAY),
    PersonReference("people_merge", "person_id", ""),
    PersonReference("people_merge", "merged_id", "", OnMerge.STAY),
]


def conflicts_in_registry(session: Session, winner: Person, loser: Person) -> list[Conflict]:
    """Two people who live together, or are something to each other, are hardly one: that is settled first."""
    return [*_related(session, winner.id, loser.id), *_together(session, winner.id, loser.id)]


def _related(session: Session, winner: UUID, loser: UUID) -> list[Conflict]:
    wanted = select(Relationship).where(
        or_(
            and_(Relationship.person_id == winner, Relationship.other_person_id == loser),
            and_(Relationship.person_id == loser, Relationship.other_person_id == winner),
        )
    )
    return [
        Conflict(_("One is the other’s %(kind)s: nobody is that to oneself.", kind=one.kind.label),
                 one.registered_by_id, one)
        for one in session.scalars(wanted).unique()
    ]  # fmt: skip


def _together(session: Session, winner: UUID, loser: UUID) -> list[Conflict]:
    mine, theirs = aliased(HouseholdMember), aliased(HouseholdMember)
    overlap = and_(
        or_(mine.valid_to.is_(None), mine.valid_to >= theirs.valid_from),
        or_(theirs.valid_to.is_(None), theirs.valid_to >= mine.valid_from),
    )
    wanted = (
        select(Household)
        .join(mine, mine.household_id == Household.id)
        .join(theirs, theirs.household_id == Household.id)
        .where(mine.person_id == winner, theirs.person_id == loser, overlap)
    )
    return [
        Conflict(_("Both live in the household %(code)s at the same time: take one of them out first.", code=one.code),
                 one.registered_by_id, one)
        for one in session.scalars(wanted).unique()
    ]  # fmt: skip

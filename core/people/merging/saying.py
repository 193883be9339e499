"""What is said of a pair: that somebody thinks they are one, or that they are two for good."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.language import _
from core.people.merging.finding import waiting
from core.people.models import Duplicate, DuplicateState, Person
from core.people.rules.duplicates import likeness
from core.people.services.roster import traits_of
from core.refusals import Refusal


def report_duplicate(session: Session, person: Person, *, other: Person) -> Duplicate:
    """Put two sheets on the list by hand; a pair that was taken for two people waits again."""
    if person is other or person.id == other.id:
        raise Refusal(_("Choose the other sheet: this is the same one."), field="other")
    pair = (min(person.id, other.id), max(person.id, other.id))
    wanted = select(Duplicate).where(Duplicate.person_id == pair[0], Duplicate.other_id == pair[1])
    duplicate = session.scalars(wanted).unique().first()
    if duplicate is None:
        duplicate = waiting(pair, likeness(traits_of(person), traits_of(other)))
        session.add(duplicate)
    duplicate.state, duplicate.reported = DuplicateState.WAITING, True
    session.flush()
    return duplicate


def not_the_same(session: Session, duplicate: Duplicate, *, note: str | None = None) -> Duplicate:
    """Say that these are two people: they are not proposed again."""
    duplicate.state, duplicate.note = DuplicateState.DIFFERENT, note
    session.flush()
    return duplicate

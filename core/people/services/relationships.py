"""What people are to each other and to organisations."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.database.scope import scope_of, today
from core.language import _
from core.organisations.models import Organisation
from core.people.models import BETWEEN_PEOPLE, Person, Relationship, RelationshipKind
from core.refusals import Forbidden, Refusal


def relate(
    session: Session,
    person: Person,
    *,
    kind: RelationshipKind,
    valid_from: date | None = None,
    other_person: Person | None = None,
    organisation: Organisation | None = None,
    valid_to: date | None = None,
) -> Relationship:
    """Register what the person is to another person or to an organisation: to exactly one of them."""
    since = valid_from or today()
    _check_other(person, kind, other_person, organisation)
    if valid_to is not None and valid_to < since:
        raise Refusal(_("The last day cannot come before the first."), field="valid_to")
    _refuse_twin(session, person, kind=kind, other=other_person or organisation, first=since, last=valid_to)
    relationship = Relationship(
        person=person, kind=kind, other_person=other_person, organisation=organisation,
        valid_from=since, valid_to=valid_to,
    )  # fmt: skip
    session.add(relationship)
    session.flush()
    return relationship


def end_relationship(session: Session, relationship: Relationship, *, on: date) -> Relationship:
    """Mark the last day on which it holds."""
    scope = scope_of(session)
    if not scope.operator and relationship.registered_by_id != scope.partner_id:
        raise Forbidden(_("Only the partner that registered this relationship may change it."))
    if on < relationship.valid_from:
        raise Refusal(_("The last day cannot come before the first."), field="on")
    relationship.valid_to = on
    session.flush()
    return relationship


def _check_other(
    person: Person, kind: RelationshipKind, other_person: Person | None, organisation: Organisation | None
) -> None:
    if (other_person is None) == (organisation is None):
        raise Refusal(_("Choose either another person or an organisation."), field="other_person")
    if other_person is None:
        return
    if other_person.id == person.id:
        raise Refusal(_("Choose another person: nobody is related to themselves."), field="other_person")
    if kind not in BETWEEN_PEOPLE:
        raise Refusal(_("“%(kind)s” is said of an organisation: choose one.", kind=kind.label), field="organisation")


def _refuse_twin(
    session: Session,
    person: Person,
    *,
    kind: RelationshipKind,
    other: Person | Organisation | None,
    first: date,
    last: date | None,
) -> None:
    to = Relationship.other_person_id if isinstance(other, Person) else Relationship.organisation_id
    same = select(Relationship.id).where(
        Relationship.person_id == person.id,
        Relationship.kind == kind,
        to == (other.id if other else None),
        or_(Relationship.valid_to.is_(None), Relationship.valid_to >= first),
    )
    if last is not None:
        same = same.where(Relationship.valid_from <= last)
    if session.scalars(same).first() is not None:
        raise Refusal(_("This relationship is already registered for some of those days."), field="kind")

"""Putting households together, and who comes and goes."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from core.database.scope import scope_of, today
from core.language import _
from core.numbering.services import next_number
from core.people.models import Household, HouseholdKind, HouseholdMember, HouseholdRole, Person
from core.refusals import Forbidden, Refusal

SERIES = "HOUSEHOLD"


def compose_household(
    session: Session,
    *,
    person: Person,
    kind: HouseholdKind = HouseholdKind.REGISTRY,
    valid_from: date | None = None,
    members: Iterable[tuple[Person, HouseholdRole]] = (),
) -> Household:
    """Put a household together around its reference person; it takes the next number of the year."""
    since = valid_from or today()
    _refuse_second(session, person, kind=kind, valid_from=since, valid_to=None)
    household = Household(person=person, kind=kind, code=next_number(session, SERIES, on=today()))
    session.add(household)
    session.flush()
    add_member(session, household, person=person, role=HouseholdRole.REFERENCE, valid_from=since)
    for member, role in members:
        add_member(session, household, person=member, role=role, valid_from=since)
    return household


def add_member(
    session: Session,
    household: Household,
    *,
    person: Person,
    role: HouseholdRole,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> HouseholdMember:
    """Let somebody into a household; a registry household takes nobody who stands in another one."""
    _refuse_stranger(session, household)
    since = valid_from or today()
    if valid_to is not None and valid_to < since:
        raise Refusal(_("The last day cannot come before the first."), field="valid_to")
    if (role is HouseholdRole.REFERENCE) != (person.id == household.person_id):
        raise Refusal(
            _("The reference person is %(name)s: choose another role.", name=household.person)
            if role is HouseholdRole.REFERENCE
            else _("%(name)s is the reference person of this household.", name=person),
            field="role",
        )
    _refuse_second(session, person, kind=household.kind, valid_from=since, valid_to=valid_to, household=household)
    member = HouseholdMember(
        household=household, person=person, kind=household.kind, role=role, valid_from=since, valid_to=valid_to
    )
    session.add(member)
    session.flush()
    return member


def leave_household(session: Session, household: Household, *, person: Person, on: date) -> HouseholdMember:
    """Mark the last day of somebody's stay; the reference person leaves last."""
    _refuse_stranger(session, household)
    member = next((one for one in household.members if one.person_id == person.id and one.valid_to is None), None)
    if member is None:
        raise Refusal(_("%(name)s does not belong to this household now.", name=person), field="person")
    if on < member.valid_from:
        raise Refusal(_("The last day cannot come before the first."), field="on")
    others = [one for one in household.members if one is not member and (one.valid_to is None or one.valid_to > on)]
    if person.id == household.person_id and others:
        raise Refusal(_("Others stay in this household: choose another reference person first."), field="person")
    member.valid_to = on
    session.flush()
    return member


def change_reference(
    session: Session, household: Household, *, person: Person, former_role: HouseholdRole
) -> Household:
    """Make a present member the reference person; the former one keeps a role beside them."""
    _refuse_stranger(session, household)
    present = {one.person_id: one for one in household.members_on(today())}
    if person.id == household.person_id:
        raise Refusal(_("%(name)s is already the reference person.", name=person), field="person")
    if person.id not in present:
        raise Refusal(_("%(name)s does not belong to this household now.", name=person), field="person")
    if former_role is HouseholdRole.REFERENCE:
        raise Refusal(_("A household has one reference person: choose another role."), field="former_role")
    if former := present.get(household.person_id):
        former.role = former_role
    present[person.id].role = HouseholdRole.REFERENCE
    household.person = person
    session.flush()
    return household


def household_of(
    session: Session, person: Person, *, kind: HouseholdKind = HouseholdKind.REGISTRY, on: date | None = None
) -> Household | None:
    """The household of that kind in which the person stands on a day, among those that may be seen."""
    day = on or today()
    member = session.scalars(_stays(person, kind, day, day)).first()
    return member.household if member else None


def _stays(person: Person, kind: HouseholdKind, first: date, last: date | None) -> Select[HouseholdMember]:
    """The stays of a person in households of a kind that touch a period."""
    found = select(HouseholdMember).where(
        HouseholdMember.person_id == person.id,
        HouseholdMember.kind == kind,
        or_(HouseholdMember.valid_to.is_(None), HouseholdMember.valid_to >= first),
    )
    return found if last is None else found.where(HouseholdMember.valid_from <= last)


def _refuse_second(
    session: Session,
    person: Person,
    *,
    kind: HouseholdKind,
    valid_from: date,
    valid_to: date | None,
    household: Household | None = None,
) -> None:
    for stay in session.scalars(_stays(person, kind, valid_from, valid_to)).unique():
        if household is not None and stay.household_id == household.id:
            raise Refusal(_("%(name)s already belongs to this household in those days.", name=person), field="person")
        if kind is HouseholdKind.REGISTRY:
            where = stay.household.code if stay.household else _("another partner's household")
            raise Refusal(
                _(
                    "%(name)s already belongs to a registry household in those days (%(where)s): "
                    "mark when they leave it first.",
                    name=person,
                    where=where,
                ),
                field="person",
            )


def _refuse_stranger(session: Session, household: Household) -> None:
    scope = scope_of(session)
    if not scope.operator and household.registered_by_id != scope.partner_id:
        raise Forbidden(_("Only the partner that registered this household may change it."))

"""Applications on paper, taken in from an office's list with the person, the household and the ISEE they speak of."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import (
    Household,
    HouseholdRole,
    IseeCertificate,
    IseeKind,
    Person,
    Refusal,
    _,
    compose_household,
    find_or_register,
    household_of,
    record_isee,
    show_money,
    today,
)
from plugins.housing.models import Application
from plugins.housing.services.applications import ADULT, take_in_application

APPLICANT = ("surname", "name", "phone", "residence_address", "residence_municipality", "residence_postcode")
Members = Sequence[tuple[str, HouseholdRole]]


def receive_application(
    session: Session,
    *,
    person: str,
    received_on: date,
    household: Household | None = None,
    members: Members | None = None,
    minors: int | None = None,
    isee: Decimal | None = None,
    dsu_protocol: str | None = None,
    dsu_on: date | None = None,
    dsu_kind: IseeKind | None = None,
    **told: Any,
) -> Application:
    """Take in an application as a line of a list tells it, registering whatever of it is not there yet.

    `person` is a codice fiscale; `told` registers an applicant whom nobody knows (surname, name, …) and
    holds the rest of the application. `members` are the others of the household: None when the list does
    not say, empty when there are none. `minors` is compared with the household and never written.
    """
    registering = {name: told.pop(name, None) for name in (*APPLICANT, "confirm_similar")}
    with speaking_of(codice_fiscale="person"):
        applicant = find_or_register(session, codice_fiscale=person, **registering)
    day = min(received_on, today())
    household = household or household_of(session, applicant, on=day)
    if members is not None:
        household = _household(session, household, applicant, members, day)
    if household is not None:
        _compare_minors(household, minors, day)
    certificate = None
    if isee is not None or dsu_on is not None or dsu_protocol:
        certificate = _certificate(session, household, isee, dsu_protocol, (dsu_kind or IseeKind.ORDINARY, dsu_on))
    with speaking_of(household="members", isee_certificate="dsu_on", first_choice="homes", second_choice="homes"):
        return take_in_application(
            session, person=applicant, household=household, isee_certificate=certificate, received_on=received_on,
            **told,
        )  # fmt: skip


@contextmanager
def speaking_of(**places: str) -> Iterator[None]:
    """Let a refusal inside name the list's column instead of the field of the service that refused."""
    try:
        yield
    except Refusal as refusal:
        refusal.field = places.get(refusal.field or "", refusal.field)
        raise


def minors_among(snapshot: Mapping[str, Any]) -> int:
    """How many of a household as it was copied were under age."""
    return sum(one["age"] is not None and one["age"] < ADULT for one in snapshot["members"])


def _household(
    session: Session, household: Household | None, applicant: Person, members: Members, day: date
) -> Household:
    """The applicant's household, put together as the list says when there is none; else they must agree."""
    others = [(_known(session, code), role) for code, role in members]
    if household is None:
        with speaking_of(person="members", role="members"):
            return compose_household(session, person=applicant, valid_from=day, members=others)
    registered = {one.person_id for one in household.members_on(day)}
    if registered != {applicant.id, *(one.id for one, _role in others)}:
        names = ", ".join(str(one.person) for one in household.members_on(day))
        raise Refusal(
            _("The household %(code)s in the registry is another one (%(names)s): correct it, or leave this empty.",
              code=household.code, names=names), field="members",
        )  # fmt: skip
    return household


def _known(session: Session, code: str) -> Person:
    try:
        return find_or_register(session, codice_fiscale=code)
    except Refusal as refusal:
        message = _("%(code)s: %(reason)s", code=code, reason=refusal)
        raise Refusal(message, field="members") from refusal


def _compare_minors(household: Household, minors: int | None, day: date) -> None:
    ages = [one.person.age_on(day) for one in household.members_on(day) if one.person is not None]
    counted = sum(age is not None and age < ADULT for age in ages)
    if minors is not None and minors != counted:
        raise Refusal(
            _("The household %(code)s has %(n)s minors that day: correct this, or its members.",
              code=household.code, n=counted), field="minors",
        )  # fmt: skip


def _certificate(
    session: Session, household: Household | None, isee: Decimal | None, protocol: str | None,
    declared: tuple[IseeKind, date | None],
) -> IseeCertificate | None:  # fmt: skip
    """The certificate with that protocol, or a new one, still to be verified by somebody else."""
    kind, submitted_on = declared
    same = select(IseeCertificate).where(IseeCertificate.protocol == protocol)
    if protocol and (found := session.scalars(same).first()):
        if isee is not None and found.isee != isee:
            amount = show_money(found.isee)
            raise Refusal(_("The certificate with this protocol says %(amount)s.", amount=amount), field="isee")
        return found
    if isee is None:
        raise Refusal(_("Write the ISEE of this DSU."), field="isee")
    if submitted_on is None:
        raise Refusal(_("Write the day of the DSU: the ISEE is valid from it."), field="dsu_on")
    if household is None:
        return None
    with speaking_of(protocol="dsu_protocol", submitted_on="dsu_on", kind="dsu_kind", ground="dsu_kind"):
        return record_isee(session, household, kind=kind, submitted_on=submitted_on, isee=isee, protocol=protocol)

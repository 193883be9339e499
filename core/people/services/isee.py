"""ISEE certificates: typed in by one person, verified by another, and fit or not for a decision."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database.scope import scope_of, today
from core.language import _
from core.language.formats import show_date, show_money
from core.people.models import (
    CurrentGround,
    Household,
    IseeCertificate,
    IseeKind,
    IseeScale,
    IseeState,
    OmissionsResolution,
)
from core.people.rules import isee as isee_rules
from core.refusals import Forbidden, Refusal

AMOUNTS = ("isr", "isp", "se", "ise", "isee")


def record_isee(
    session: Session,
    household: Household,
    *,
    kind: IseeKind,
    submitted_on: date,
    isr: Decimal | None = None,
    isp: Decimal | None = None,
    se: Decimal | None = None,
    ise: Decimal | None = None,
    isee: Decimal | None = None,
    ground: CurrentGround | None = None,
    scale_version: IseeScale | None = None,
    omissions: bool = False,
    **rest: Any,
) -> IseeCertificate:
    """Type in a certificate; ISE and ISEE are computed from ISR, ISP and the scale, or checked against them.

    `rest` are protocol and omissions_note. Its last valid day follows from kind and ground.
    """
    if submitted_on > today():
        raise Refusal(_("The DSU cannot have been submitted in the future."), field="submitted_on")
    _check_ground(kind, ground)
    amounts = _amounts(isr=isr, isp=isp, se=se, ise=ise, isee=isee)
    _refuse_twin(session, rest.get("protocol"))
    scope = scope_of(session)
    certificate = IseeCertificate(
        household=household, person_id=household.person_id, kind=kind, ground=ground, submitted_on=submitted_on,
        expires_on=_last_day(kind, ground, submitted_on), scale_version=scale_version or IseeScale.ORDINARY_2013,
        omissions=omissions, uploaded_by_id=scope.user_id, uploaded_by=scope.actor, **amounts, **rest,
    )  # fmt: skip
    session.add(certificate)
    session.flush()
    return certificate


def _check_ground(kind: IseeKind, ground: CurrentGround | None) -> None:
    if kind is IseeKind.CURRENT and ground is None:
        raise Refusal(_("Say what changed: a current ISEE for income alone lasts six months."), field="ground")
    if kind is not IseeKind.CURRENT and ground is not None:
        raise Refusal(_("Only a current ISEE says what changed: leave it empty."), field="ground")


def _amounts(**typed: Decimal | None) -> dict[str, Decimal | None]:
    """The amounts with those computed that were left empty; typed ones that disagree are refused."""
    for field in AMOUNTS:
        amount = typed[field]
        if amount is not None and (amount < 0 or (field == "se" and amount == 0)):
            raise Refusal(_("Write a number that is not negative."), field=field)
    if typed["isr"] is not None and typed["isp"] is not None:
        typed["ise"] = _agreed("ise", typed["ise"], isee_rules.ise(typed["isr"], typed["isp"]))
    if typed["ise"] is not None and typed["se"] is not None:
        typed["isee"] = _agreed("isee", typed["isee"], isee_rules.isee(typed["ise"], typed["se"]))
    if typed["isee"] is None:
        raise Refusal(_("Write the ISEE, or ISR, ISP and the scale that it comes from."), field="isee")
    return typed


def _agreed(field: str, typed: Decimal | None, computed: Decimal) -> Decimal:
    if typed is not None and typed != computed:
        raise Refusal(
            _("The other amounts give %(amount)s: check what you typed.", amount=show_money(computed)),
            field=field,
        )
    return computed


def _refuse_twin(session: Session, protocol: str | None) -> None:
    if protocol and session.scalars(select(IseeCertificate).where(IseeCertificate.protocol == protocol)).first():
        raise Refusal(_("A certificate with this protocol is already registered."), field="protocol")


def _last_day(kind: IseeKind, ground: CurrentGround | None, submitted_on: date) -> date:
    """Half a year for a current ISEE that only brought the income up to date, else the end of the year."""
    return isee_rules.expiry(submitted_on, income_only=kind is IseeKind.CURRENT and ground is CurrentGround.INCOME)


def verify_isee(session: Session, certificate: IseeCertificate) -> IseeCertificate:
    """Say that what was typed is what the document says; two pairs of eyes, so never those that typed it."""
    _refuse_stranger(session, certificate)
    scope = scope_of(session)
    if certificate.state is not IseeState.UPLOADED:
        raise Refusal(_("This certificate is already verified."))
    if (certificate.uploaded_by_id, certificate.uploaded_by) == (scope.user_id, scope.actor):
        raise Refusal(_("You typed this certificate in: a colleague verifies it."))
    certificate.state, certificate.verified_by, certificate.verified_on = IseeState.VERIFIED, scope.actor, today()
    session.flush()
    return certificate


def resolve_omissions(
    session: Session, certificate: IseeCertificate, *, resolution: OmissionsResolution, reason: str | None = None
) -> IseeCertificate:
    """Say how omissions were dealt with, so that a decision may stand on the value; a risk wants a reason."""
    _refuse_stranger(session, certificate)
    if not certificate.omissions:
        raise Refusal(_("This certificate reports no omissions."), field="resolution")
    reason = (reason or "").strip() or None
    if resolution is OmissionsResolution.RISK_ACCEPTED and reason is None:
        raise Refusal(_("Write why the risk is accepted."), field="reason")
    certificate.resolution, certificate.resolution_reason = resolution, reason
    session.flush()
    return certificate


def refuse_unusable(certificate: IseeCertificate, *, on: date) -> None:
    """Refuse to let a municipal decision of that day stand on the certificate, and say why."""
    if certificate.scale_version is not IseeScale.ORDINARY_2013:
        raise Refusal(_("This ISEE was made with the family scale of 2026: ask for the one of 2013."), field="isee")
    if not certificate.is_valid_on(on):
        raise Refusal(
            _("The ISEE certificate was valid until %(day)s: ask for a new one.", day=show_date(certificate.expires_on))
            if on > certificate.expires_on
            else _("The ISEE certificate is valid from %(day)s.", day=show_date(certificate.submitted_on)),
            field="isee",
        )
    if certificate.state is not IseeState.VERIFIED:
        raise Refusal(_("The ISEE certificate is not verified yet: a colleague of who typed it does."), field="isee")
    if certificate.needs_resolution:
        raise Refusal(_("The ISEE certificate reports omissions: say how they were resolved first."), field="isee")


def certificate_on(session: Session, household: Household, *, on: date) -> IseeCertificate | None:
    """The latest certificate of the household, of the scale of 2013, in force on a day."""
    found = (
        select(IseeCertificate)
        .where(
            IseeCertificate.household_id == household.id,
            IseeCertificate.scale_version == IseeScale.ORDINARY_2013,
            IseeCertificate.submitted_on <= on,
            IseeCertificate.expires_on >= on,
        )
        .order_by(IseeCertificate.submitted_on.desc(), IseeCertificate.id.desc())
    )
    return session.scalars(found).first()


def _refuse_stranger(session: Session, certificate: IseeCertificate) -> None:
    scope = scope_of(session)
    if not scope.operator and certificate.registered_by_id != scope.partner_id:
        raise Forbidden(_("Only the partner that registered this certificate may change it."))

"""ISEE certificates: amounts that agree, a last valid day, two pairs of eyes."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.people.models import (
    CurrentGround,
    Household,
    HouseholdKind,
    IseeCertificate,
    IseeKind,
    IseeScale,
    IseeStanding,
    IseeState,
    OmissionsResolution,
)
from core.people.rules.isee import equivalence
from core.people.services import (
    certificate_on,
    compose_household,
    record_isee,
    refuse_unusable,
    resolve_omissions,
    verify_isee,
)
from core.refusals import Refusal

ON = date(2026, 7, 1)


@pytest.fixture
def household(session: ScopedSession, register: Any) -> Household:
    return compose_household(session, person=register(codice_fiscale="BNMCHR84L49F471K"), kind=HouseholdKind.ISEE)


@pytest.fixture
def record(session: ScopedSession, household: Household) -> Any:
    """Type in an ordinary certificate; keywords say what matters to the test."""
    ordinary = {"kind": IseeKind.ORDINARY, "submitted_on": date(2026, 3, 10), "isee": Decimal("7200.00")}
    return lambda **given: record_isee(session, household, **(ordinary | given))


def test_ise_and_isee_come_from_income_assets_and_scale(record: Any) -> None:
    scale = equivalence(3, minors=1, children=1, parents_worked=True)

    certificate = record(isr=Decimal("24350.00"), isp=Decimal("18000.00"), se=scale, isee=None)

    assert certificate.se == Decimal("2.24")
    assert (certificate.ise, certificate.isee) == (Decimal("27950.00"), Decimal("12477.68"))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"isr": Decimal("24350.00"), "isp": Decimal("18000.00"), "ise": Decimal("27950.01")}, "ise"),
        ({"ise": Decimal("27950.00"), "se": Decimal("2.24"), "isee": Decimal("12477.67")}, "isee"),
        ({"isee": None}, "isee"),
        ({"isee": Decimal("-0.01")}, "isee"),
        ({"se": Decimal(0)}, "se"),
        ({"submitted_on": date(2999, 1, 1)}, "submitted_on"),
        ({"kind": IseeKind.CURRENT}, "ground"),
        ({"ground": CurrentGround.INCOME}, "ground"),
    ],
)
def test_amounts_that_disagree_are_refused(record: Any, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        record(**given)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("kind", "ground", "submitted_on", "last_day"),
    [
        (IseeKind.ORDINARY, None, date(2026, 3, 10), date(2026, 12, 31)),
        (IseeKind.CURRENT, CurrentGround.INCOME, date(2026, 8, 31), date(2027, 2, 28)),
        (IseeKind.CURRENT, CurrentGround.INCOME, date(2026, 9, 15), date(2027, 3, 15)),
        (IseeKind.CURRENT, CurrentGround.ASSETS, date(2026, 9, 15), date(2026, 12, 31)),
    ],
)
def test_a_certificate_is_valid_on_its_last_day_and_not_on_the_next(
    record: Any, kind: IseeKind, ground: CurrentGround | None, submitted_on: date, last_day: date
) -> None:
    certificate = record(kind=kind, ground=ground, submitted_on=submitted_on)

    assert certificate.expires_on == last_day
    assert certificate.is_valid_on(last_day)
    assert not certificate.is_valid_on(date.fromordinal(last_day.toordinal() + 1))
    assert not certificate.is_valid_on(date.fromordinal(submitted_on.toordinal() - 1))


def test_an_old_certificate_shows_that_it_expired(record: Any) -> None:
    assert record(submitted_on=date(2020, 3, 10)).standing is IseeStanding.EXPIRED


def test_who_typed_a_certificate_does_not_verify_it(
    session: ScopedSession, database: Database, partner: UUID, record: Any
) -> None:
    certificate = record()
    with pytest.raises(Refusal):
        verify_isee(session, certificate)
    session.commit()

    with database.session(Scope(partner_id=partner, actor="Maria Bertoli")) as colleagues:
        seen = colleagues.get_one(IseeCertificate, certificate.id)
        verify_isee(colleagues, seen)

        assert (seen.state, seen.verified_by) == (IseeState.VERIFIED, "Maria Bertoli")
        with pytest.raises(Refusal):
            verify_isee(colleagues, seen)


def test_a_decision_stands_on_a_verified_certificate_in_force(record: Any) -> None:
    certificate = record()
    with pytest.raises(Refusal, match="verified"):
        refuse_unusable(certificate, on=ON)

    certificate.state = IseeState.VERIFIED
    refuse_unusable(certificate, on=ON)
    for day in (date(2027, 1, 1), date(2026, 3, 9)):
        with pytest.raises(Refusal, match="valid"):
            refuse_unusable(certificate, on=day)


def test_omissions_bar_decisions_until_they_are_resolved(session: ScopedSession, record: Any) -> None:
    certificate = record(omissions=True, omissions_note="A bank account is missing")
    certificate.state = IseeState.VERIFIED
    with pytest.raises(Refusal, match="omissions"):
        refuse_unusable(certificate, on=ON)
    with pytest.raises(Refusal) as refused:
        resolve_omissions(session, certificate, resolution=OmissionsResolution.RISK_ACCEPTED, reason="  ")
    assert refused.value.field == "reason"

    resolve_omissions(session, certificate, resolution=OmissionsResolution.RISK_ACCEPTED, reason="Ten euro")

    refuse_unusable(certificate, on=ON)


def test_the_family_scale_serves_no_municipal_decision(
    session: ScopedSession, household: Household, record: Any
) -> None:
    family = record(scale_version=IseeScale.FAMILY_2026, submitted_on=date(2026, 5, 1))
    family.state = IseeState.VERIFIED
    ordinary = record()

    with pytest.raises(Refusal, match="2013"):
        refuse_unusable(family, on=ON)
    assert certificate_on(session, household, on=ON) is ordinary
    assert certificate_on(session, household, on=date(2027, 1, 1)) is None


def test_a_protocol_is_typed_once(record: Any) -> None:
    record(protocol="INPS-ISEE-2026-1")

    with pytest.raises(Refusal) as refused:
        record(protocol="INPS-ISEE-2026-1")

    assert refused.value.field == "protocol"

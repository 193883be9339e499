"""Whose a movement of the bank is: each reason, how sure it is, and when nothing is said."""

from decimal import Decimal

import pytest

from plugins.housing.rules.matching import (
    Confidence,
    MatchIndex,
    MatchReason,
    Movement,
    expected_amounts,
    propose,
)

TENANT, FLATMATE = "IT60X0542811101000000123456", "IT79R0323901600000000067001"


@pytest.fixture
def index():
    found = MatchIndex(iuvs={"001234567890123456": "a"}, end_to_ends={"SDD-7": "b"})
    for key, number, name in (("a", "LEASE/2026/00001", "Hoxha Arben"), ("b", "LEASE/2026/00012", "Bonetti Sara")):
        found.add_number(number, key)
        found.add_name(name, key)
        found.amounts[key] = {Decimal(480)}
    found.add_iban(TENANT, "a")
    found.add_iban(FLATMATE, "a")
    found.add_iban(FLATMATE, "b")
    return found


@pytest.mark.parametrize(
    ("told", "lease", "reason", "confidence"),
    [
        ({"text": "Pagamento /RFB/001234567890123456/480.00"}, "a", MatchReason.IUV, Confidence.SURE),
        ({"end_to_end": "SDD-7"}, "b", MatchReason.END_TO_END, Confidence.SURE),
        ({"text": "Canone lease 2026 00012 marzo"}, "b", MatchReason.NUMBER, Confidence.SURE),
        ({"end_to_end": "LEASE-2026-00001"}, "a", MatchReason.NUMBER, Confidence.SURE),
        ({"iban": TENANT}, "a", MatchReason.IBAN, Confidence.SURE),
        ({"iban": TENANT, "amount": Decimal(479)}, "a", MatchReason.IBAN, Confidence.LIKELY),
        ({"counterpart": "BONETTI SARA ANNA"}, "b", MatchReason.NAME, Confidence.LIKELY),
        ({"text": "affitto di Arben HOXHA", "amount": Decimal(500)}, "a", MatchReason.NAME, Confidence.POSSIBLE),
    ],
)
def test_a_movement_is_recognised(index, told, lease, reason, confidence):
    found = propose(Movement(**{"amount": Decimal(480), **told}), index)

    assert (found.lease, found.reason, found.confidence) == (lease, reason, confidence)


@pytest.mark.parametrize(
    "told",
    [
        {"text": "LEASE/2026/00099"},
        {"text": "LEASE/2026/000012"},
        {"text": "LEASE/2026/00001 e LEASE/2026/00012"},
        {"iban": FLATMATE},
        {"counterpart": "Sara"},
        {"counterpart": "Bonetti Arben"},
        {},
    ],
)
def test_who_could_be_two_or_nobody_is_not_proposed(index, told):
    assert propose(Movement(Decimal(480), **told), index) is None


def test_a_reference_goes_before_the_payer(index):
    found = propose(Movement(Decimal(480), text="LEASE/2026/00012", iban=TENANT), index)

    assert found.lease == "b"


def test_what_a_tenant_would_pay_is_a_charge_a_due_day_or_the_whole_debt():
    owed = [("feb", Decimal(480)), ("feb", Decimal(40)), ("mar", Decimal(480))]

    assert expected_amounts(owed) == {Decimal(480), Decimal(40), Decimal(520), Decimal(1000)}

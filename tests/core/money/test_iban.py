"""IBAN: check digits of everybody, and the CIN of Italian ones."""

import pytest
from stdnum.iso7064 import mod_97_10

from core.money.iban import cin, read_iban
from core.refusals import Refusal


def italian(account: str) -> str:
    return f"IT{mod_97_10.calc_check_digits(account + 'IT')}{account}"


def test_spaces_and_case_do_not_matter() -> None:
    assert read_iban("it60 X054 2811 1010 0000 0123 456") == "IT60X0542811101000000123456"


def test_foreign_accounts_have_no_cin() -> None:
    assert read_iban("DE89 3704 0044 0532 0130 00") == "DE89370400440532013000"


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("IT60X054281110100000012345", "27 characters"),
        ("IT61X0542811101000000123456", "check digits"),
        (italian("Y0542811101000000123456"), "CIN"),
        (italian(cin("0542811101000000123436") + "05428111010000001234٣6"), "check digits"),
        ("", "check digits"),
    ],
)
def test_a_wrong_iban_is_refused_saying_which_check_failed(code: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        read_iban(code)

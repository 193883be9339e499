"""Partita IVA and codice fiscale of organisations."""

import pytest

from core.organisations.rules import check_codice_fiscale, check_partita_iva
from core.refusals import Refusal


@pytest.mark.parametrize("code", ["02342520158", "IT 0234 2520 158"])
def test_a_right_number_is_kept_bare(code: str) -> None:
    assert check_partita_iva(code) == "02342520158"


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("02342520157", "last digit"),
        ("0234252015", "11 digits: this has 10"),
        ("0234252015A", "11 digits"),
        ("00000000000", "zeros"),
        ("٠٢٣٤٢٥٢٠١٥٨", "11 digits"),
    ],
)
def test_a_wrong_number_is_refused_saying_what_is_wrong(code: str, why: str) -> None:
    with pytest.raises(Refusal, match=why) as refused:
        check_partita_iva(code)

    assert refused.value.field == "partita_iva"


@pytest.mark.parametrize("code", ["02342520158", "RSSMRA79B11C566R"])
def test_an_organisation_has_eleven_digits_or_its_owners_code(code: str) -> None:
    assert check_codice_fiscale(code) == code


def test_a_sole_traders_code_is_checked_as_a_persons() -> None:
    with pytest.raises(Refusal, match="check character"):
        check_codice_fiscale("RSSMRA79B11C566Q")

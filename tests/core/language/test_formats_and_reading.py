"""What is shown can be read back; what cannot be read is told how to mend."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.language import speaking
from core.language.formats import show_date, show_datetime, show_money, show_month, show_number, show_percent, show_time
from core.language.matching import normalise
from core.language.reading import (
    read_boolean,
    read_date,
    read_decimal,
    read_email,
    read_integer,
    read_money,
    read_phone,
    read_time,
)
from core.refusals import Refusal

languages = st.sampled_from(["it", "en"])


@given(languages, st.integers(-(10**14), 10**14).map(lambda n: Decimal(n).scaleb(-2)))
def test_an_amount_shown_is_read_back(language: str, amount: Decimal) -> None:
    with speaking(language):
        assert read_money(show_money(amount)) == amount


@given(languages, st.dates())
def test_a_date_shown_is_read_back(language: str, day: date) -> None:
    with speaking(language):
        assert read_date(show_date(day)) == read_date(day.isoformat()) == day


@given(st.times().map(lambda moment: moment.replace(second=0, microsecond=0)))
def test_an_hour_shown_is_read_back(moment: time) -> None:
    assert read_time(show_time(moment)) == moment


@pytest.mark.parametrize(
    ("language", "amount", "shown"),
    [
        ("it", "1234.56", "1.234,56\u00a0€"),
        ("en", "1234.56", "1,234.56\u00a0€"),
        ("it", "0.125", "0,13\u00a0€"),
        ("it", "-0.001", "0,00\u00a0€"),
    ],
)
def test_amounts_are_written_as_the_language_does(language: str, amount: str, shown: str) -> None:
    with speaking(language):
        assert show_money(Decimal(amount)) == shown


def test_instants_are_shown_in_italian_time_summer_and_winter() -> None:
    assert show_datetime(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == "01/01/2027 00:30"
    assert show_datetime(datetime(2026, 7, 1, 8, 41, tzinfo=UTC)) == "01/07/2026 10:41"


def test_numbers_percentages_and_months() -> None:
    assert show_number(Decimal("1234.5")) == "1.234,5"
    assert show_percent(Decimal("12.5")) == "13%"
    assert show_month(date(2026, 12, 1)) == "dicembre 2026"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,56 €", "1234.56"),
        ("1.234.567", "1234567"),
        ("0,125", "0.125"),
        ("-3,5", "-3.5"),
        ("1234,5", "1234.5"),
    ],
)
def test_numbers_are_read_in_both_spellings(text: str, number: str) -> None:
    assert read_decimal(text) == Decimal(number)


@pytest.mark.parametrize(
    ("read", "text", "why"),
    [
        (read_money, "1.234", "read in two ways: write 1234 if it is thousands"),
        (read_money, "1,234", "read in two ways"),
        (read_money, "480,005", "two ways|fractions of a cent"),
        (read_money, "0,005", "fractions of a cent"),
        (read_money, "99999999999999", "too large"),
        (read_decimal, "1e999999999", "not a number"),
        (read_decimal, "1_000", "not a number"),
        (read_decimal, "NaN", "not a number"),
        (read_decimal, "1.2.3", "not a number"),
        (read_decimal, "", "not a number"),
        (read_date, "01/13/2026", "month 13 does not exist"),
        (read_date, "31/02/2026", "day 31 does not exist"),
        (read_date, "1/2/26", "four digits"),
        (read_date, "Tuesday", "“Tuesday” is not a date"),
        (read_time, "25:00", "not an hour"),
        (read_time, "morning", "not an hour"),
        (read_integer, "1,5", "not a whole number"),
        (read_boolean, "maybe", "yes or no"),
        (read_phone, "call me", "not a telephone number"),
        (read_phone, "12", "too many or too few digits"),
        (read_email, "maria@", "not an e-mail address"),
    ],
)
def test_what_cannot_be_read_says_how_to_mend_it(read: Callable[[str], object], text: str, why: str) -> None:
    with speaking("en"), pytest.raises(Refusal, match=why):
        read(text)


@pytest.mark.parametrize(("text", "answer"), [("Sì", True), ("x", True), ("1", True), ("NO", False), ("0", False)])
def test_yes_and_no_in_either_language(text: str, answer: bool) -> None:
    assert read_boolean(text) is answer


def test_telephones_become_international_and_are_italian_by_default() -> None:
    assert read_phone("030 5550142") == "+390305550142"
    assert read_phone("+44 20 7946 0958") == "+442079460958"


def test_addresses_are_kept_and_thousands_read() -> None:
    assert read_email(" Maria@Esempio.it ") == "Maria@esempio.it"
    assert read_integer("1.234") == 1234


@pytest.mark.parametrize(
    ("text", "plain"),
    [("  D’Àngelo-Rossi ", "dangelo rossi"), ("Łukasz Ødegård", "lukasz odegard"), ("Straße Æsir", "strasse aesir")],
)
def test_names_are_comparable_however_typed(text: str, plain: str) -> None:
    assert normalise(text) == plain

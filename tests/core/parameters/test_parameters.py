"""Values in force on a day: a partner's own before the network's, never two at once, never a guess."""

from datetime import date
from decimal import Decimal

import pytest

from core.database.scope import ScopedSession
from core.parameters import declaration
from core.parameters.declaration import ParameterKind, declare, kind_of
from core.parameters.models import NetworkParameter
from core.parameters.plugin import parameters
from core.parameters.reference_values import load_reference
from core.parameters.services import (
    amend_parameter,
    date_of,
    decimal_of,
    integer_of,
    rows_of,
    seed,
    set_network_parameter,
    set_parameter,
    value_of,
    withdraw_parameter,
)
from core.refusals import Refusal

KINDS = [
    ParameterKind("test.months", "Deposit months", "integer", municipal=True),
    ParameterKind("test.share", "Share", "percent"),
    ParameterKind("test.ceiling", "Ceiling", "money"),
    ParameterKind("test.patron", "Patron saint", "date"),
    ParameterKind("test.bands", "Bands", "table"),
]
YEAR = {"valid_from": date(2026, 1, 1), "valid_to": date(2026, 12, 31), "source": "DGC 12/2026"}


@pytest.fixture(autouse=True)
def declared_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(declaration, "_declared", {})
    declare([*KINDS, *parameters()])


def test_a_value_holds_on_its_first_and_on_its_last_day(session: ScopedSession) -> None:
    set_network_parameter(session, key="test.months", value="3", **YEAR)

    assert integer_of(session, "test.months", on=date(2026, 1, 1)) == 3
    assert integer_of(session, "test.months", on=date(2026, 12, 31)) == 3


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2027, 1, 1)])
def test_a_day_without_a_value_is_refused_by_name(session: ScopedSession, day: date) -> None:
    set_network_parameter(session, key="test.months", value="3", **YEAR)

    with pytest.raises(Refusal, match=f"Deposit months.*test.months.*{day:%d/%m/%Y}"):
        value_of(session, "test.months", on=day)


def test_a_partners_own_value_comes_before_the_networks(session: ScopedSession) -> None:
    set_network_parameter(session, key="test.months", value="3", **YEAR)
    own = set_parameter(session, key="test.months", value="2", **YEAR)

    assert integer_of(session, "test.months", on=date(2026, 6, 1)) == 2

    withdraw_parameter(session, own)

    assert integer_of(session, "test.months", on=date(2026, 6, 1)) == 3


def test_a_partners_own_value_is_nobody_elses(session: ScopedSession, neighbours_session: ScopedSession) -> None:
    set_parameter(session, key="test.months", value="2", **YEAR)
    session.commit()

    with pytest.raises(Refusal):
        value_of(neighbours_session, "test.months", on=date(2026, 6, 1))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        # touching the first day, inside, around, from the last day on
        (date(2025, 1, 1), date(2026, 1, 1)),
        (date(2026, 3, 1), date(2026, 4, 1)),
        (date(2025, 1, 1), date(2027, 1, 1)),
        (date(2026, 12, 31), None),
    ],
)
def test_two_values_never_share_a_day(session: ScopedSession, start: date, end: date | None) -> None:
    set_parameter(session, key="test.months", value="2", **YEAR)

    with pytest.raises(Refusal, match="01/01/2026") as refused:
        set_parameter(session, key="test.months", value="1", valid_from=start, valid_to=end, source="DGC 1/2026")

    assert refused.value.field == "valid_from"


def test_values_may_follow_each_other_without_a_gap(session: ScopedSession) -> None:
    set_parameter(session, key="test.months", value="2", **YEAR)
    around = {"key": "test.months", "source": "DGC 1/2026"}

    set_parameter(session, value="1", valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31), **around)
    set_parameter(session, value="3", valid_from=date(2027, 1, 1), **around)

    held = [integer_of(session, "test.months", on=date(year, 12, 31)) for year in (2025, 2026, 2027)]
    assert held == [1, 2, 3]


def test_nothing_starts_after_a_value_that_has_no_end(session: ScopedSession) -> None:
    open_ended = set_parameter(session, key="test.months", value="2", valid_from=date(2026, 1, 1), source="DGC 1/2026")

    with pytest.raises(Refusal):
        set_parameter(session, key="test.months", value="1", valid_from=date(2030, 1, 1), source="DGC 9/2029")

    amend_parameter(session, open_ended, valid_to=date(2029, 12, 31))
    set_parameter(session, key="test.months", value="1", valid_from=date(2030, 1, 1), source="DGC 9/2029")
    assert integer_of(session, "test.months", on=date(2030, 1, 1)) == 1


def test_correcting_a_value_does_not_collide_with_itself(session: ScopedSession) -> None:
    own = set_parameter(session, key="test.months", value="2", **YEAR)

    amend_parameter(session, own, value="1")

    assert value_of(session, "test.months", on=date(2026, 6, 1)) == "1"


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("test.months", "2.5", "value"),
        ("test.share", "NaN", "value"),
        ("test.ceiling", "10.005", "value"),
        ("test.patron", "2026-02-30", "value"),
        ("test.bands", " ", "value"),
        ("test.unknown", "1", "key"),
    ],
)
def test_a_value_is_what_its_parameter_holds(session: ScopedSession, key: str, value: str, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        set_parameter(session, key=key, value=value, **YEAR)

    assert refused.value.field == field


def test_a_value_needs_its_source(session: ScopedSession) -> None:
    with pytest.raises(Refusal, match="act or decision"):
        set_parameter(session, key="test.months", value="2", valid_from=date(2026, 1, 1), source=" ")


def test_values_come_back_as_what_they_are(session: ScopedSession) -> None:
    for key, value in (("test.ceiling", "1234.50"), ("test.patron", "2026-04-24"), ("test.bands", "0; 100\n100; 80")):
        set_parameter(session, key=key, value=value, **YEAR)
    day = date(2026, 6, 1)

    assert decimal_of(session, "test.ceiling", on=day) == Decimal("1234.50")
    assert date_of(session, "test.patron", on=day) == date(2026, 4, 24)
    assert rows_of(session, "test.bands", on=day) == [["0", "100"], ["100", "80"]]


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(1990, 12, 15), "5"),
        (date(1990, 12, 16), "10"),
        (date(2020, 2, 29), "0.05"),
        (date(2023, 12, 31), "5"),
        (date(2026, 7, 1), "1.6"),
    ],
)
def test_legal_interest_is_known_for_every_year(session: ScopedSession, day: date, rate: str) -> None:
    load_reference(session)

    assert decimal_of(session, "legal_interest", on=day) == Decimal(rate)


def test_seeding_again_adds_nothing_and_keeps_what_was_edited(session: ScopedSession) -> None:
    assert load_reference(session) == 38
    row = session.query(NetworkParameter).filter_by(key="legal_interest", valid_from=date(2026, 1, 1)).one()
    amend_parameter(session, row, value="1.7")

    assert load_reference(session) == 0
    assert decimal_of(session, "legal_interest", on=date(2026, 7, 1)) == Decimal("1.7")


def test_seeding_leaves_the_days_that_somebody_already_filled(session: ScopedSession) -> None:
    set_network_parameter(session, key="test.months", value="2", valid_from=date(2025, 7, 1), source="DGC 3/2025")

    assert seed(session, [("test.months", "3", date(2026, 1, 1), date(2026, 12, 31), "L. 431/1998")]) == 0
    assert value_of(session, "test.months", on=date(2026, 6, 1)) == "2"


def test_the_same_key_declared_with_another_meaning_is_an_error() -> None:
    declare(KINDS)

    with pytest.raises(ValueError, match="declared twice"):
        declare([ParameterKind("test.months", "Weeks", "integer")])
    assert kind_of("test.months") == KINDS[0]

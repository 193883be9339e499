"""Municipalities and states are loaded once, quickly, and found as they were on the day of a birth."""

from datetime import date

import pytest
from sqlalchemy import func, select

from core.database.scope import ScopedSession
from core.places.models import Country, Municipality
from core.places.services import born_in, load_reference

SEVEN = {"A034", "B394", "B450", "B817", "F471", "H230", "M070"}


def test_tests_may_load_the_seven_municipalities_alone(session: ScopedSession) -> None:
    load_reference(session, only=SEVEN)

    present = session.scalars(select(Municipality).where(Municipality.current)).all()
    assert {municipality.belfiore for municipality in present} == SEVEN


def test_all_of_italy_and_the_states_load_only_once(session: ScopedSession) -> None:
    load_reference(session)

    assert session.scalar(select(func.count()).select_from(Municipality).where(Municipality.current)) > 7_800
    assert load_reference(session) == 0


def test_what_changed_since_the_last_load_is_corrected(session: ScopedSession) -> None:
    load_reference(session, only=SEVEN)
    montichiari = session.scalars(
        select(Municipality).where(Municipality.belfiore == "F471", Municipality.current)
    ).one()
    montichiari.postcode = "00000"
    session.flush()

    assert load_reference(session, only=SEVEN) == 1
    session.expire(montichiari)
    assert (montichiari.postcode, montichiari.istat_code) == ("25018", "017113")


@pytest.mark.parametrize(
    ("day", "name"),
    [(date(1956, 1, 1), "Riva"), (date(1975, 1, 1), "Riva Del Garda"), (date(2020, 1, 1), "Riva Del Garda")],
)
def test_a_birthplace_has_the_name_it_had(session: ScopedSession, day: date, name: str) -> None:
    load_reference(session, only={"H330"})

    found = born_in(session, "H330", day)

    assert found is not None
    assert (found.name.casefold(), found.belfiore) == (name.casefold(), "H330")


def test_a_state_is_found_by_its_code(session: ScopedSession) -> None:
    load_reference(session, only={"Z100"})

    found = born_in(session, "Z100", date(1990, 1, 1))

    assert isinstance(found, Country)
    assert found.name == "Albania"


def test_an_unknown_code_means_nothing(session: ScopedSession) -> None:
    assert born_in(session, "X999", date(1990, 1, 1)) is None

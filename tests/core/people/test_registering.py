"""A person is registered with what identifies them, and nothing wrong gets in."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.database.field import now
from core.database.scope import ScopedSession, today
from core.database.session import finish
from core.database.trail import Change
from core.database.visibility import PersonAccess
from core.people.models import KnownToServices, NoCodiceFiscale, PersonState, Sex
from core.people.services import (
    activate_person,
    amend_person,
    archive_person,
    mark_deceased,
    reactivate,
)
from core.places.models import Municipality
from core.refusals import Refusal, Refusals

CHIARA = "BNMCHR84L49F471K"


def test_a_codice_fiscale_brings_date_and_place_of_birth(session: ScopedSession, register: Any) -> None:
    session.add(Municipality(name="Montichiari", belfiore="F471", province="BS", valid_from=date(1861, 3, 17)))
    session.flush()

    person = register(birth_date=None, codice_fiscale=" bnmchr84l49f471k ")

    assert person.codice_fiscale == CHIARA
    assert (person.birth_date, person.birth_place) == (date(1984, 7, 9), "F471")
    assert person.birth_place_name == "Montichiari (BS)"
    assert person.first_contact_date == today()


def test_a_wrong_check_character_is_refused(register: Any) -> None:
    with pytest.raises(Refusal) as refused:
        register(codice_fiscale="BNMCHR84L49F471J")

    assert refused.value.field == "codice_fiscale"


def test_registering_opens_the_person_to_its_registrar_alone(
    session: ScopedSession, register: Any, partner: Any
) -> None:
    person = register(codice_fiscale=CHIARA)

    [access] = session.scalars(select(PersonAccess))
    assert (access.partner_id, access.person_id, access.level, access.basis) == (partner, person.id, 3, "registered")
    assert (access.valid_from, access.valid_to, access.sort_name) == (today(), None, person.sort_name)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"surname": "  "}, "surname"),
        ({"name": "x" * 101}, "name"),
        ({"birth_date": date(1899, 12, 31)}, "birth_date"),
        ({"birth_date": date(2999, 1, 1)}, "birth_date"),
        ({"first_contact_date": date(2999, 1, 1)}, "first_contact_date"),
        ({"residence_postcode": "2501"}, "residence_postcode"),
        ({"birth_place": "Atlantis"}, "birth_place"),
        ({"citizenship": "Atlantis"}, "citizenship"),
        ({"codice_fiscale": CHIARA, "no_codice_fiscale_reason": NoCodiceFiscale.ANONYMOUS}, "no_codice_fiscale_reason"),
        ({}, "codice_fiscale"),
        ({"no_codice_fiscale_reason": NoCodiceFiscale.FOREIGNER, "birth_date": None}, "birth_date"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(register: Any, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        register(**given)

    assert refused.value.field == field


def test_all_that_is_wrong_is_told_at_once(register: Any) -> None:
    with pytest.raises(Refusals) as refused:
        register(surname="", birth_date=date(2999, 1, 1))

    assert [one.field for one in refused.value.refusals] == ["surname", "birth_date"]


@pytest.mark.parametrize(
    "typed",
    [
        {"surname": "Bianchi"},
        {"name": "Clara"},
        {"birth_date": date(1984, 7, 10)},
        {"sex": Sex.MALE},
    ],
)
def test_a_codice_fiscale_that_says_otherwise_wants_a_reason(register: Any, typed: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        register(codice_fiscale=CHIARA, **typed)
    assert refused.value.field == "mismatch_reason"

    person = register(codice_fiscale=CHIARA, mismatch_reason="Changed abroad", **typed)
    assert person.mismatch_reason == "Changed abroad"


def test_a_reason_without_a_mismatch_is_not_kept(register: Any) -> None:
    assert register(codice_fiscale=CHIARA, mismatch_reason="None really").mismatch_reason is None


def test_an_anonymous_person_may_have_no_date_of_birth(register: Any) -> None:
    person = register(birth_date=None, no_codice_fiscale_reason=NoCodiceFiscale.ANONYMOUS)

    assert (person.state, person.age, person.age_band) == (PersonState.ACTIVE, None, None)


def test_a_draft_becomes_active_once_it_is_complete(session: ScopedSession, register: Any) -> None:
    draft = register(draft=True)
    with pytest.raises(Refusal):
        activate_person(session, draft)
    with pytest.raises(Refusal):
        amend_person(session, draft, draft=False, phone="+390305550142")

    amend_person(session, draft, draft=False, codice_fiscale=CHIARA)

    assert draft.state is PersonState.ACTIVE
    with pytest.raises(Refusal) as refused:
        amend_person(session, draft, draft=True)
    assert refused.value.field == "draft"


def test_a_new_name_reaches_the_rows_that_lists_start_from(session: ScopedSession, register: Any) -> None:
    person = register(no_codice_fiscale_reason=NoCodiceFiscale.FOREIGNER)

    amend_person(session, person, surname="Dell'Oro", phone="+390305550142")

    [access] = session.scalars(select(PersonAccess))
    assert access.sort_name == person.sort_name != ""
    assert "390305550142" in access.search == person.search
    assert person.full_name == "Dell'Oro Chiara"


def test_what_services_knew_settles_after_thirty_days(session: ScopedSession, register: Any) -> None:
    person = register(codice_fiscale=CHIARA)
    amend_person(session, person, known_to_services=KnownToServices.UNKNOWN)
    person.created_at = now() - timedelta(days=31)

    with pytest.raises(Refusal) as refused:
        amend_person(session, person, known_to_services=KnownToServices.YES)
    assert refused.value.field == "reason"

    amend_person(session, person, known_to_services=KnownToServices.YES, reason="The service wrote to us")
    assert person.known_to_services is KnownToServices.YES


def test_the_states_a_person_goes_through(session: ScopedSession, register: Any) -> None:
    person = register(codice_fiscale=CHIARA)

    archive_person(session, person, reason="Moved away")
    assert person.state is PersonState.ARCHIVED
    reactivate(session, person, reason="Came back")
    mark_deceased(session, person, on=today())
    assert (person.state, person.deceased_on) == (PersonState.DECEASED, today())
    reactivate(session, person, reason="It was a namesake")
    assert (person.state, person.deceased_on) == (PersonState.ACTIVE, None)


@pytest.mark.parametrize("day", [date(2999, 1, 1), date(1984, 7, 8)])
def test_nobody_dies_tomorrow_or_before_being_born(session: ScopedSession, register: Any, day: date) -> None:
    with pytest.raises(Refusal) as refused:
        mark_deceased(session, register(codice_fiscale=CHIARA), on=day)

    assert refused.value.field == "on"


def test_why_a_person_was_archived_stands_in_the_trail(session: ScopedSession, register: Any) -> None:
    archive_person(session, register(codice_fiscale=CHIARA), reason="Moved away")
    finish(session)

    lines = session.scalars(select(Change).where(Change.entity == "people_person"))
    assert {line.reason for line in lines} == {"Moved away"}


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(1984, 7, 9), date(2026, 7, 8), 41),
        (date(1984, 7, 9), date(2026, 7, 9), 42),
        (date(2024, 2, 29), date(2025, 2, 28), 0),
        (date(2024, 2, 29), date(2025, 3, 1), 1),
    ],
)
def test_an_age_changes_on_the_birthday(register: Any, born: date, on: date, age: int) -> None:
    person = register(birth_date=born, no_codice_fiscale_reason=NoCodiceFiscale.FOREIGNER)

    assert person.age_on(on) == age

"""The demo's people are many, plausible and valid, and the same at every start."""

from collections import Counter
from datetime import date

import pytest

from core.access.users import read_email
from core.demo.certificates import certificates
from core.demo.network import municipalities, partners
from core.demo.population import AS_OF, OPENED, Population, omocodia, population
from core.language.matching import normalise
from core.language.reading import read_phone
from core.people.models import (
    CurrentGround,
    HouseholdRole,
    IseeKind,
    KnownToServices,
    Language,
    NoCodiceFiscale,
    Sex,
)
from core.people.rules import codice_fiscale, isee
from core.places.reference import municipalities as all_municipalities
from core.places.reference import states

TODAY = date(2026, 7, 1)


@pytest.fixture(scope="module")
def people() -> Population:
    return population()


def test_there_are_about_two_thousand_people_in_850_households(people: Population) -> None:
    assert 1_900 <= len(people.people) <= 2_100
    assert len(people.households) == 850
    assert Counter(member.person for home in people.households for member in home.members) == Counter(
        person.key for person in people.people
    )


def test_they_are_always_the_same(people: Population) -> None:
    again = population.__wrapped__()
    made = certificates(again, TODAY)

    assert again == people
    assert made == certificates(people, TODAY)


def test_codici_fiscali_are_valid_unique_and_say_what_is_written(people: Population) -> None:
    codes = [person.codice_fiscale for person in people.people if person.codice_fiscale]

    assert len(set(codes)) == len(codes)
    for person in people.people:
        if person.codice_fiscale:
            assert codice_fiscale.check(person.codice_fiscale) == person.codice_fiscale
            assert not codice_fiscale.mismatches(
                person.codice_fiscale, surname=person.surname, name=person.name, sex=person.sex,
                birth_date=person.birth_date, birth_place=person.birth_place,
            )  # fmt: skip


def test_a_few_have_substituted_digits_and_a_few_have_no_code_but_a_reason(people: Population) -> None:
    substituted = [one for one in people.people if one.codice_fiscale and not one.codice_fiscale[14].isdigit()]
    without = [one for one in people.people if one.codice_fiscale is None]

    assert 3 <= len(substituted) <= 20
    assert {one.no_codice_fiscale_reason for one in without} == {"foreigner", "unavailable"}
    assert all((one.codice_fiscale is None) == (one.no_codice_fiscale_reason is not None) for one in people.people)


def test_omocodia_substitutes_from_the_right() -> None:
    assert omocodia("BNMCHR84L49F471K", 0) == "BNMCHR84L49F471K"
    assert omocodia("BNMCHR84L49F471K", 1) == "BNMCHR84L49F47MC"
    assert omocodia("BNMCHR84L49F471K", 7) == "BNMCHRUQLQVFQTMV"


def test_everybody_was_born_where_a_place_had_that_code_on_the_day(people: Population) -> None:
    stretches: dict[str, list[tuple[date, date]]] = {row["belfiore"]: [(date.min, date.max)] for row in states()}
    for row in all_municipalities():
        stretches.setdefault(row["belfiore"], []).append((row["valid_from"], row["valid_to"] or date.max))

    astray = [
        person
        for person in people.people
        if not any(first <= person.birth_date <= last for first, last in stretches[person.birth_place])
    ]
    assert astray == []


def test_values_are_those_the_registries_know(people: Population) -> None:
    countries = {row["iso_code"] for row in states()} | {"IT"}
    codes, towns = {partner.code for partner in partners()}, {town.istat_code for town in municipalities()}
    for person in people.people:
        Sex(person.sex), KnownToServices(person.known_to_services), Language(person.language)
        if person.no_codice_fiscale_reason:
            NoCodiceFiscale(person.no_codice_fiscale_reason)
        assert person.citizenship in countries
        assert person.municipality in towns
        assert person.registered_by in codes
        assert OPENED <= person.first_contact_date <= AS_OF
        assert person.birth_date <= person.first_contact_date


def test_no_two_people_look_the_same(people: Population) -> None:
    names = Counter((normalise(one.surname), normalise(one.name), one.birth_date) for one in people.people)
    phones = Counter(one.phone for one in people.people if one.phone)
    emails = Counter(one.email for one in people.people if one.email)

    assert max(names.values()) == max(phones.values()) == max(emails.values()) == 1


def test_telephones_and_addresses_are_well_made_and_reach_nobody(people: Population) -> None:
    for person in people.people:
        if person.phone:
            assert read_phone(person.phone) == person.phone
            assert person.phone.startswith(("+39030555", "+39320000"))
        if person.email:
            assert read_email(person.email) == person.email
            assert person.email.endswith("@demo.example")


def test_names_keep_their_accents_and_apostrophes(people: Population) -> None:
    surnames = {person.surname for person in people.people}

    assert surnames >= {"D’Adda", "N’Diaye", "Ștefănescu", "Çela", "El Amrani", "Kaur"}


def test_a_household_has_one_reference_person_and_children_younger_than_their_parents(people: Population) -> None:
    for home in people.households:
        roles = [HouseholdRole(member.role) for member in home.members]
        assert roles.count(HouseholdRole.REFERENCE) == 1
        assert roles[0] is HouseholdRole.REFERENCE
        born = {member.role: people.person(member.person).birth_date for member in home.members}
        if "child" in born:
            assert born["child"].year - born["reference"].year >= 18
        assert {people.person(member.person).registered_by for member in home.members} == {home.registered_by}
        assert all(OPENED <= member.valid_from <= AS_OF for member in home.members)


def test_about_half_of_the_households_have_a_certificate_whose_amounts_agree(people: Population) -> None:
    made = certificates(people, TODAY)

    assert 380 <= len(made) <= 470
    assert len({one.protocol for one in made}) == len({one.household for one in made}) == len(made)
    for one in made:
        assert one.ise == isee.ise(one.isr, one.isp)
        assert one.isee == isee.isee(one.ise, one.se)
        assert (IseeKind(one.kind) is IseeKind.CURRENT) == (one.ground is not None)
        assert one.ground is None or CurrentGround(one.ground)
        assert one.submitted_on <= TODAY


def test_certificates_are_mostly_in_force_and_some_expired_whenever_the_demo_is_loaded(people: Population) -> None:
    for day in (date(2027, 1, 1), TODAY, date(2028, 2, 29)):
        made = certificates(people, day)
        valid = [one for one in made if isee.expiry(one.submitted_on, income_only=one.kind == "current") >= day]
        assert 0.7 < len(valid) / len(made) < 1


def test_another_seed_makes_other_people_with_other_numbers(people: Population) -> None:
    others = population(seed=7, households=60, first_phone=6000)

    codes = {one.codice_fiscale for one in people.people if one.codice_fiscale}
    assert not codes & {one.codice_fiscale for one in others.people}
    phones = {one.phone for one in people.people if one.phone}
    assert not phones & {one.phone for one in others.people}

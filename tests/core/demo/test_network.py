"""The demo's partners, organisations and places: as many as the territory has, and all valid."""

from itertools import pairwise

from core.access.users import read_email
from core.demo.network import municipalities, partners
from core.demo.organisations import companies, network, organisations, valid_number
from core.demo.places import places
from core.organisations.models import LegalType, PartnerStatus, RuntsSection
from core.organisations.rules import check_codice_fiscale, check_partita_iva
from core.organisations.runts import check_sections
from core.partners.models import PartnerKind
from core.places.models import PlaceKind, Weekday

ROLES = {
    "sysadmin", "org_manager", "operator", "municipal", "case_manager", "facilitator", "committee", "accountant",
    "auditor",
}  # fmt: skip
TOWNS = {town.istat_code for town in municipalities()}


def test_the_territory_has_seven_municipalities_and_its_residents() -> None:
    assert len(TOWNS) == 7
    assert sum(town.residents for town in municipalities()) == 66_669


def test_the_lead_municipality_comes_first_and_two_partners_run_housing() -> None:
    assert (partners()[0].code, partners()[0].lead) == ("MONTICHIARI", True)
    assert [partner.code for partner in partners() if "housing" in partner.modules] == ["MONTICHIARI", "ILPONTE"]
    assert {PartnerKind(partner.kind) for partner in partners()} >= {PartnerKind.MUNICIPALITY, PartnerKind.COOPERATIVE}


def test_every_partner_has_somebody_responsible() -> None:
    for partner in partners():
        assert any("org_manager" in user.roles for user in partner.users), partner.name


def test_users_play_every_role_with_an_address_of_their_own() -> None:
    users = [user for partner in partners() for user in partner.users]

    assert {role for user in users for role in user.roles} == ROLES
    assert len({user.email for user in users}) == len(users)
    assert all(read_email(user.email) == user.email for user in users)


def test_the_network_is_83_organisations_and_40_companies_each_with_its_name_and_number() -> None:
    assert (len(network()), len(companies())) == (83, 40)
    assert len({found.name for found in organisations()}) == 123
    assert len({found.codice_fiscale for found in organisations()}) == 123


def test_numbers_types_and_register_sections_hold() -> None:
    for found in organisations():
        check_codice_fiscale(found.codice_fiscale)
        if found.partita_iva:
            check_partita_iva(found.partita_iva)
        section = RuntsSection(found.runts_section) if found.runts_section else None
        check_sections(LegalType(found.legal_type), section, None)
        PartnerStatus(found.partner_status)
        assert found.municipality in TOWNS


def test_a_number_is_made_with_the_right_check_digit() -> None:
    assert valid_number(234_252, "015") == "02342520158"


def test_each_partner_is_among_the_organisations() -> None:
    told = {found.partner: found.name for found in organisations() if found.partner}

    assert told == {partner.code: partner.name for partner in partners()}
    assert [found.name for found in organisations() if found.partner_status == "lead"] == ["Comune di Montichiari"]


def test_eleven_places_came_back_into_use_six_of_them_at_the_start() -> None:
    assert len(places()) == 11
    assert sum(place.reactivated_on.year == 2016 for place in places()) == 6


def test_places_belong_to_organisations_and_open_for_stretches_that_do_not_touch() -> None:
    names = {found.name for found in organisations()}
    for place in places():
        PlaceKind(place.kind)
        assert {place.owner, place.operated_by} <= names
        assert place.municipality in TOWNS
        assert all(room.capacity > 0 and room.area > 0 for room in place.rooms)
        hours = sorted((Weekday(span.weekday), span.opens, span.closes) for span in place.opening_hours)
        assert all(0 <= opens < closes <= 1440 for _day, opens, closes in hours)
        assert all(one[0] != two[0] or one[2] < two[1] for one, two in pairwise(hours))

"""Organisations enter the registry with numbers that stand, and never twice."""

from datetime import date, timedelta
from typing import Any

import pytest

from core.database.scope import Scope, ScopedSession, today
from core.database.session import Database
from core.organisations.models import LegalType, Organisation, OrganisationState, RuntsSection
from core.organisations.services import (
    activate,
    add_iban,
    amend_organisation,
    cease,
    register_organisation,
    remove_iban,
    remove_organisation,
)
from core.refusals import Forbidden, NotFound, Refusal

COOPERATIVE = {"name": "La Quercia", "legal_type": LegalType.SOCIAL_COOPERATIVE_A, "codice_fiscale": "02342520158"}


def register(session: ScopedSession, **given: Any) -> Organisation:
    return register_organisation(session, **(COOPERATIVE | given))


def test_an_organisation_is_proposed_then_active_then_ceased(session: ScopedSession) -> None:
    organisation = register(session)
    assert organisation.state is OrganisationState.PROPOSED

    activate(session, organisation)
    assert organisation.state is OrganisationState.ACTIVE

    cease(session, organisation, on=today(), reason="Dissolved")
    assert (organisation.state, organisation.ceased_on) == (OrganisationState.CEASED, today())


def test_numbers_are_kept_without_spaces_and_in_capitals(session: ScopedSession) -> None:
    organisation = register(session, codice_fiscale=" 0234 2520158 ", sdi_code="ab12c3d")

    assert (organisation.codice_fiscale, organisation.sdi_code) == ("02342520158", "AB12C3D")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"codice_fiscale": "02342520157"}, "codice_fiscale"),
        ({"partita_iva": "0234252015"}, "partita_iva"),
        ({"sdi_code": "12345"}, "sdi_code"),
        ({"ateco": "88,99"}, "ateco"),
        ({"runts_number": 12}, "runts_section"),
        ({"runts_section": RuntsSection.D, "runts_number": 0}, "runts_number"),
        ({"runts_section": RuntsSection.D, "runts_date": date(2999, 1, 1)}, "runts_date"),
    ],
)
def test_a_wrong_number_is_refused_beside_its_field(session: ScopedSession, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        register(session, **given)

    assert refused.value.field == field


def test_the_same_codice_fiscale_opens_the_existing_organisation(session: ScopedSession) -> None:
    register(session)

    with pytest.raises(Refusal, match="La Quercia") as refused:
        register(session, name="Quercia soc. coop.")
    assert refused.value.field == "codice_fiscale"


def test_a_vat_number_may_be_shared_only_by_bodies_that_a_codice_fiscale_tells_apart(session: ScopedSession) -> None:
    bank = {"legal_type": LegalType.BANK, "partita_iva": "02342520158"}
    register(session, name="Banca Uno", **(bank | {"codice_fiscale": "00348170101"}))
    register(session, name="Banca Due", **(bank | {"codice_fiscale": "02342520158"}))

    with pytest.raises(Refusal) as refused:
        register(session, name="Banca Tre", **(bank | {"codice_fiscale": None}))
    assert refused.value.field == "partita_iva"


def test_an_organisation_without_codice_fiscale_is_not_activated(session: ScopedSession) -> None:
    organisation = register(session, codice_fiscale=None)

    with pytest.raises(Refusal, match="informal group") as refused:
        activate(session, organisation)
    assert refused.value.field == "codice_fiscale"


def test_an_active_organisation_keeps_its_codice_fiscale(session: ScopedSession) -> None:
    organisation = activate(session, register(session))

    with pytest.raises(Refusal):
        amend_organisation(session, organisation, codice_fiscale=None)
    assert organisation.codice_fiscale == "02342520158"


def test_only_a_proposed_organisation_is_removed(session: ScopedSession) -> None:
    organisation = activate(session, register(session))

    with pytest.raises(Refusal, match="ceased"):
        remove_organisation(session, organisation)

    proposed = register(session, name="Il Ponte", codice_fiscale="00348170101")
    remove_organisation(session, proposed)
    assert session.get(Organisation, proposed.id) is None


def test_nothing_ceases_tomorrow(session: ScopedSession) -> None:
    with pytest.raises(Refusal) as refused:
        cease(session, register(session), on=today() + timedelta(days=1), reason="Dissolved")
    assert refused.value.field == "on"


def test_accounts_are_added_once_and_taken_away(session: ScopedSession) -> None:
    organisation = register(session, ibans=["IT60 X054 2811 1010 0000 0123 456"])

    with pytest.raises(Refusal, match="already"):
        add_iban(session, organisation, iban="IT60X0542811101000000123456")

    remove_iban(session, organisation, iban="IT60X0542811101000000123456")
    assert organisation.ibans == []


def test_everybody_reads_an_organisation_and_its_registrar_alone_changes_it(
    database: Database, partner: Any, neighbour: Any
) -> None:
    key = database.run(Scope(partner_id=partner), lambda session: register(session).id)

    with database.session(Scope(partner_id=neighbour)) as theirs:
        organisation = theirs.get_one(Organisation, key)
        with pytest.raises(Forbidden):
            amend_organisation(theirs, organisation, name="Rovere")
        organisation.name = "Rovere"
        with pytest.raises(NotFound):
            theirs.flush()

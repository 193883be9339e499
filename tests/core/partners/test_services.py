"""Partners and the modules they run."""

from uuid import UUID

import pytest
from sqlalchemy import select

from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.database.trail import ChainHead
from core.partners.models import ModuleSwitch, Partner, PartnerKind
from core.partners.services import (
    dependants,
    modules_of,
    partner_by_code,
    register_partner,
    switch_off,
    switch_on,
)
from core.refusals import NotFound, Refusal

INSTALLED = {"housing", "guarantee_fund", "impact"}
NEEDS = {"guarantee_fund": {"housing"}, "impact": {"guarantee_fund"}}


def register(database: Database, code: str) -> Partner:
    def work(session: ScopedSession) -> Partner:
        return register_partner(session, code=code, name=f" {code} ", kind=PartnerKind.MUNICIPALITY)

    return database.run(Scope(operator=True), work)


def test_a_partner_has_its_code_in_capitals_and_the_head_of_its_trail(database: Database) -> None:
    partner = register(database, " visano ")

    assert (partner.code, partner.name, partner.language) == ("VISANO", "visano", "it")
    with database.session(Scope(partner_id=partner.id)) as session:
        assert session.scalars(select(ChainHead)).one().sequence == 0
        assert partner_by_code(session, "Visano").id == partner.id


@pytest.mark.parametrize("code", ["", "A", "1A", "A B", "À1", "A" * 21, "AB'--"])
def test_a_code_is_short_and_plain(database: Database, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        register(database, code)

    assert refused.value.field == "code"


def test_two_partners_do_not_share_a_code(database: Database) -> None:
    register(database, "VISANO")

    with pytest.raises(Refusal, match="VISANO"):
        register(database, "visano")


def test_only_the_operator_registers_partners(database: Database, partner: UUID) -> None:
    with database.session(Scope(partner_id=partner)) as session, pytest.raises(NotFound):
        register_partner(session, code="VISANO", name="Visano", kind=PartnerKind.OTHER)


def test_an_unknown_code_is_nobody(database: Database) -> None:
    with database.session(Scope()) as session, pytest.raises(NotFound, match="NOBODY"):
        partner_by_code(session, "NOBODY")


def test_a_module_goes_on_for_one_partner_alone(session: ScopedSession, neighbours_session: ScopedSession) -> None:
    assert switch_on(session, "housing", known=INSTALLED)
    session.commit()

    assert modules_of(session) == {"housing"}
    assert modules_of(neighbours_session) == frozenset()


def test_switching_twice_changes_once(session: ScopedSession) -> None:
    assert switch_on(session, "housing", known=INSTALLED)
    assert not switch_on(session, "housing", known=INSTALLED)
    assert switch_off(session, "housing") == {"housing"}
    assert switch_off(session, "housing") == frozenset()
    assert switch_on(session, "housing", known=INSTALLED)

    assert len(session.scalars(select(ModuleSwitch)).all()) == 1


def test_what_is_not_installed_does_not_go_on(session: ScopedSession) -> None:
    with pytest.raises(NotFound, match="games"):
        switch_on(session, "games", known=INSTALLED)


def test_what_a_module_needs_must_be_on_first(session: ScopedSession) -> None:
    with pytest.raises(Refusal, match="housing"):
        switch_on(session, "guarantee_fund", known=INSTALLED, requirements=NEEDS)
    switch_on(session, "housing", known=INSTALLED, requirements=NEEDS)

    assert switch_on(session, "guarantee_fund", known=INSTALLED, requirements=NEEDS)


def test_switching_off_takes_along_what_cannot_do_without(session: ScopedSession) -> None:
    for key in ("housing", "guarantee_fund"):
        switch_on(session, key, known=INSTALLED, requirements=NEEDS)

    assert switch_off(session, "housing", requirements=NEEDS) == {"housing", "guarantee_fund"}
    assert modules_of(session) == frozenset()


def test_dependants_are_found_however_far() -> None:
    assert dependants("housing", NEEDS) == {"housing", "guarantee_fund", "impact"}
    assert dependants("impact", NEEDS) == {"impact"}


def test_what_is_not_installed_any_more_still_goes_off(session: ScopedSession) -> None:
    session.add(ModuleSwitch(key="gone", enabled=True))
    session.flush()

    assert switch_off(session, "gone") == {"gone"}

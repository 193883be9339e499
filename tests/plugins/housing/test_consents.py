"""Somebody takes back the consent by which this partner knew them: what is not signed yet forgets them."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from core.database.scope import Scope
from core.partners.models import Partner
from core.people.models import KnownToServices, NoCodiceFiscale, Person, Sex
from core.people.services import register_person
from core.sharing import services as sharing
from core.sharing.models import LegalGround, Share
from plugins.housing.models import Lease, LeaseKind, LeaseState, LeaseTenant
from plugins.housing.services import consents, leases
from tests.plugins.housing.conftest import Desk


@pytest.fixture
def shared(database, partner, neighbour):
    """A person of the neighbour's that this partner sees by a consent: their key, and the share's."""

    def share(session):
        sharing.write_notice(session, title="Informativa", text="A text", valid_from=date(2026, 1, 1))
        person = register_person(
            session, surname="Hoxha", name="Arben", sex=Sex.MALE, birth_date=date(1984, 5, 3),
            known_to_services=KnownToServices.NO, no_codice_fiscale_reason=NoCodiceFiscale.UNAVAILABLE,
        )  # fmt: skip
        taker = session.get_one(Partner, partner)
        given = sharing.give(session, person=person, taker=taker, legal_ground=LegalGround.CONSENT)
        return person.id, given.id

    return database.run(Scope(partner_id=neighbour, actor="Ada Blu"), share)


def withdraw(database, neighbour, key):
    scope = Scope(partner_id=neighbour, actor="Ada Blu")
    database.run(scope, lambda session: sharing.withdraw_consent(session, session.get_one(Share, key)))


def hear(database, partner, neighbour, person):
    """What the listener does at this partner."""
    scope = Scope(partner_id=partner, actor="generazioni")
    told = {"person_id": person, "taker_id": partner, "giver_id": neighbour}
    database.run(scope, lambda session: consents.forget_drafts(session, **told))


def drafted(database, partner, person, *, beside=False, sign=False):
    def prepare(session):
        desk = Desk(session)
        told = {"kind": LeaseKind.SAS, "starts_on": date(2026, 1, 1), "monthly_rent": Decimal(480)}
        if beside:
            told["second_tenant"] = desk.person("Bonetti")
        tenant = session.get_one(Person, person)
        verb = leases.sign_lease if sign else leases.prepare_lease
        return verb(session, dwelling=desk.home(), tenant=tenant, **told).id

    return database.run(Scope(partner_id=partner, actor="Luca Neri"), prepare)


def count(database, partner, model):
    with database.session(Scope(partner_id=partner), writes=False) as session:
        return session.scalar(select(func.count()).select_from(model))


def test_a_draft_with_nobody_else_is_thrown_away(database, partner, neighbour, shared):
    person, share = shared
    drafted(database, partner, person)
    withdraw(database, neighbour, share)

    hear(database, partner, neighbour, person)
    hear(database, partner, neighbour, person)

    assert count(database, partner, Lease) == 0


def test_who_signs_beside_them_keeps_the_draft(database, partner, neighbour, shared):
    person, share = shared
    drafted(database, partner, person, beside=True)
    withdraw(database, neighbour, share)

    hear(database, partner, neighbour, person)

    assert (count(database, partner, Lease), count(database, partner, LeaseTenant)) == (1, 1)


def test_a_signed_lease_stays_without_the_name(database, partner, neighbour, shared):
    person, share = shared
    key = drafted(database, partner, person, sign=True)
    withdraw(database, neighbour, share)

    hear(database, partner, neighbour, person)

    with database.session(Scope(partner_id=partner), writes=False) as session:
        lease = session.get_one(Lease, key)
        assert (lease.state, lease.tenant_names) == (LeaseState.SIGNED, "")


def test_while_another_share_shows_them_nothing_is_forgotten(database, partner, neighbour, shared):
    person, _share = shared
    drafted(database, partner, person)

    hear(database, partner, neighbour, person)

    assert count(database, partner, Lease) == 1

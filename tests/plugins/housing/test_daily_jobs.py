"""What housing does by itself every morning, done by a worker: ladder and plans, repairs nobody contests."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.database.scope import today
from core.jobs import declaration
from core.jobs.models import JobState
from core.partners.services import switch_on
from plugins.housing import jobs, plugin
from plugins.housing.models import LadderStep, MaintenanceTicket, TicketKind, TicketState
from plugins.housing.rules.ledger import ChargeKind
from plugins.housing.services import ledger, tickets
from tests.desk import Desk as Office
from tests.plugins.housing.conftest import Desk


@pytest.fixture(autouse=True)
def only_housings_kinds(monkeypatch):
    monkeypatch.setattr(declaration, "_declared", {})
    declaration.declare("housing", plugin.jobs())


def office_of(database, settings, partner, prepare):
    office = Office(database, settings, partner)

    def begin(session):
        switch_on(session, "housing", known=["housing"])
        prepare(Desk(session))

    office.do(begin)
    return office


def kind(key):
    return next(one for one in plugin.jobs() if one.key == key)


def test_a_worker_follows_all_leases_in_arrears_and_a_second_time_adds_nothing(
    settings, database, partner, monkeypatch
):
    monkeypatch.setattr(jobs, "AT_ONCE", 2)

    def three_in_debt(desk):
        for code in ("A", "B", "C"):
            lease = desk.lease(home=desk.home(code), tenant=desk.person(f"Hoxha {code}"))
            due = today() - timedelta(days=6)
            ledger.add_charge(desk.session, lease, kind=ChargeKind.RENT, due_on=due, amount=Decimal("480.00"))

    office = office_of(database, settings, partner, three_in_debt)

    for _time in range(2):
        key = office.start(kind("housing.follow-arrears"))
        office.work()
        job = office.job(key)
        assert (job.state, job.done, job.total) == (JobState.DONE, 3, 3)

    assert len(office.read(select(LadderStep))) == 3


def test_a_worker_closes_the_repairs_that_nobody_contested(settings, database, partner):
    def mended(desk):
        opened = datetime.now(UTC) - timedelta(days=20)
        ticket = tickets.open_ticket(
            desk.session, kind=TicketKind.OTHER, subject="Serratura", dwelling=desk.home(), opened_at=opened
        )
        tickets.solve_ticket(desk.session, ticket, outcome="Nuova", solved_at=opened + timedelta(days=1))

    office = office_of(database, settings, partner, mended)

    office.start(kind("housing.close-tickets"))
    office.work()

    assert [one.state for one in office.read(select(MaintenanceTicket))] == [TicketState.CLOSED]

"""Housing's deadlines on the agenda: on their days, as numbers, for who may see them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from core.database.scope import today
from plugins.housing import agenda
from plugins.housing.models import Channel, ContactOutcome, InspectionOutcome, InspectionPurpose, TicketKind
from plugins.housing.rules.ledger import ChargeKind
from plugins.housing.services import inspections, ladder, leases, ledger, plans, support, tickets

FAR = (date(2026, 1, 1), date(2027, 12, 31))


@pytest.fixture
def officer(desk):
    """A desk whose session may see all of housing."""
    names = ("calls", "rankings", "assignments", "leases", "plans", "steps", "support-contacts", "inspections")
    may = frozenset(f"housing.{name}.see" for name in names)
    desk.session.info["scope"] = replace(desk.session.info["scope"], permissions=may)
    return desk


def running(desk):
    return leases.activate_lease(desk.session, desk.lease(ends_on=date(2027, 12, 31)))


def titles(found):
    return [(item.day, str(item.title)) for item in found]


def test_calls_open_and_close_on_the_agenda(officer):
    call = officer.call(opens_on=today() - timedelta(days=1), closes_on=today() + timedelta(days=30))

    assert titles(agenda.calls(officer.session, *FAR)) == [(call.closes_on, "Call 2026/01 closes")]


def test_leases_instalments_steps_and_contacts_stand_on_their_days(officer):
    lease = running(officer)
    due = today() - timedelta(days=6)
    ledger.add_charge(officer.session, lease, kind=ChargeKind.RENT, due_on=due, amount=300)
    [step] = ladder.propose_steps(officer.session, on=today())
    support.record_contact(
        officer.session, lease=lease, made_on=today(), channel=Channel.PHONE, outcome=ContactOutcome.APPOINTMENT,
        next_on=today() + timedelta(days=3),
    )  # fmt: skip

    assert titles(agenda.leases(officer.session, *FAR)) == [
        (step.due_on, f"Reminder, lease {lease.number}"),
        (today() + timedelta(days=3), f"Contact, lease {lease.number}"),
        (date(2027, 12, 31), f"Lease {lease.number} ends"),
    ]  # fmt: skip

    plan = plans.propose_plan(officer.session, lease, count=2, first_due=date(2027, 1, 10))
    plans.accept_as_tenant(officer.session, plan, on=today())
    plans.accept_as_manager(officer.session, plan, on=today())
    plans.activate_plan(officer.session, plan)

    told = titles(agenda.leases(officer.session, *FAR))
    assert (date(2027, 1, 10), f"Instalment 1 of plan {plan.number}") in told
    assert not [title for _day, title in told if title.startswith("Reminder")]


def test_a_repair_stands_on_its_day_in_italy(officer):
    opened = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)  # half past midnight of the 25th, when the clocks go back
    made = tickets.open_ticket(
        officer.session, kind=TicketKind.GAS, subject="Odore", dwelling=officer.home(), opened_at=opened
    )

    [item] = agenda.repairs(officer.session, *FAR)

    assert (item.day, str(item.title), item.tone) == (date(2026, 10, 25), f"Repair {made.number}", "bad")


def test_homes_to_visit_again_are_told_by_their_code(officer):
    inspections.record_inspection(
        officer.session, dwelling=officer.home(), made_on=date(2026, 3, 1), purpose=InspectionPurpose.PERIODIC,
        inspector="L. Neri", outcome=InspectionOutcome.GOOD, next_on=date(2027, 3, 1),
    )  # fmt: skip

    assert titles(agenda.homes(officer.session, *FAR)) == [(date(2027, 3, 1), "Visit to MON-001")]


def test_nobody_sees_what_their_role_does_not_open_nor_a_neighbours(officer, neighbours_session):
    running(officer)
    scope = officer.session.info["scope"]
    neighbours_session.info["scope"] = replace(neighbours_session.info["scope"], permissions=scope.permissions)
    officer.session.info["scope"] = replace(scope, permissions=frozenset())

    assert agenda.leases(officer.session, *FAR) == []
    officer.session.info["scope"] = scope
    assert len(agenda.leases(officer.session, *FAR)) == 1
    assert agenda.leases(neighbours_session, *FAR) == []


def test_each_source_asks_one_question(officer):
    running(officer)
    asked = []

    def note(connection, cursor, statement, *rest):
        asked.append(statement)

    engine = officer.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        for source in agenda.SOURCES:
            source.load(officer.session, *FAR)
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert len(asked) == len(agenda.SOURCES)

"""Repairs with their target, handovers that move lease and home, meters, damages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.access.permissions import covers
from core.organisations.models import LegalType
from core.organisations.services import register_organisation
from core.refusals import Refusal
from plugins.housing.access import PRESETS
from plugins.housing.models import (
    Charge,
    Condition,
    DwellingState,
    HandoverKind,
    InspectionOutcome,
    InspectionPurpose,
    LeaseState,
    MaintenanceTicket,
    MeterKind,
    Reporter,
    TicketKind,
    TicketState,
)
from plugins.housing.rules.ledger import ChargeKind
from plugins.housing.services import dwellings, handovers, inspections, leases, meters, tickets

OPENED = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)


def ticket(desk, kind=TicketKind.HEATING, **rest):
    return tickets.open_ticket(
        desk.session, kind=kind, subject="Non parte", dwelling=rest.pop("dwelling", None) or desk.home(),
        opened_at=rest.pop("opened_at", OPENED), **rest,
    )  # fmt: skip


def report(desk, lease, kind=HandoverKind.DELIVERY, made_on=date(2026, 1, 2)):
    return handovers.open_handover(
        desk.session, lease=lease, kind=kind, made_on=made_on, present="A. Neri, tenant", keys=2, remarks=None
    )


def sign(desk, made, **rest):
    return handovers.sign_handover(
        desk.session, made, landlord_signed_on=made.made_on, tenant_signed_on=made.made_on, **rest
    )


def test_gas_is_urgent_and_heating_is_not(desk):
    gas = ticket(desk, TicketKind.GAS)
    heating = ticket(desk, dwelling=gas.dwelling)

    assert (gas.urgent, gas.target_at) == (True, OPENED + timedelta(hours=24))
    assert (heating.urgent, heating.target_at.date()) == (False, date(2026, 5, 19))


def test_a_ticket_is_of_a_home_or_of_a_building_never_of_both_or_neither(desk):
    with pytest.raises(Refusal, match="one of the two") as refused:
        tickets.open_ticket(desk.session, kind=TicketKind.LIFT, subject="Fermo")
    assert refused.value.field == "dwelling"


def test_a_tenant_who_reports_is_named(desk):
    with pytest.raises(Refusal, match="Choose the tenant"):
        ticket(desk, reported_by=Reporter.TENANT)


def test_assessing_a_ticket_as_urgent_moves_its_target(desk):
    made = ticket(desk)

    tickets.assess_ticket(desk.session, made, kind=TicketKind.GAS, urgent=True)

    assert (made.state, made.target_at) == (TicketState.TRIAGE, OPENED + timedelta(hours=24))


def test_the_database_marks_what_is_late_until_it_is_solved(desk):
    late = ticket(desk, TicketKind.WATER)
    in_time = ticket(desk, dwelling=late.dwelling, opened_at=datetime.now(UTC))
    desk.session.expire_all()
    assert (late.late, in_time.late) == (True, False)

    tickets.solve_ticket(desk.session, late, outcome="Guarnizione nuova", cost=Decimal("85.00"))
    desk.session.expire_all()

    assert desk.session.scalars(select(MaintenanceTicket).where(MaintenanceTicket.late)).all() == []


def test_a_ticket_goes_to_a_supplier_and_closes_by_itself_after_ten_days(desk):
    made = ticket(desk)
    supplier = register_organisation(desk.session, name="Idraulica Po", legal_type=LegalType.COMPANY)
    tickets.assign_ticket(desk.session, made, supplier=supplier, visit_on=date(2026, 5, 6))
    tickets.start_repair(desk.session, made)
    tickets.solve_ticket(desk.session, made, outcome="Pompa", solved_at=datetime(2026, 5, 6, 9, 0, tzinfo=UTC))

    early = tickets.close_unanswered(desk.session, at=datetime(2026, 5, 15, 9, 0, tzinfo=UTC))
    then = tickets.close_unanswered(desk.session, at=datetime(2026, 5, 16, 9, 0, tzinfo=UTC))

    assert (early, then) == ([], [made])
    assert (made.state, made.closed_because) == (TicketState.CLOSED, "Nobody contested it in 10 days")


def test_a_repair_that_does_not_hold_is_open_again_with_the_reason(desk):
    made = ticket(desk)
    tickets.solve_ticket(desk.session, made, outcome="Fatto")

    tickets.reopen_ticket(desk.session, made, reason="Perde ancora")

    assert (made.state, made.solved_at, made.description) == (TicketState.TRIAGE, None, "Perde ancora")


def test_a_visit_opens_a_ticket_with_what_it_found(desk):
    visit = inspections.record_inspection(
        desk.session, dwelling=desk.home(), made_on=date(2026, 3, 1), purpose=InspectionPurpose.PERIODIC,
        inspector="L. Neri", outcome=InspectionOutcome.WORKS_NEEDED, findings="Umidità in bagno",
    )  # fmt: skip

    made = inspections.ask_repair(desk.session, visit, kind=TicketKind.STRUCTURE, subject="Umidità")

    assert (made.dwelling, made.description) == (visit.dwelling, "Umidità in bagno")


def test_a_home_with_repairs_is_not_removed(desk):
    made = ticket(desk)

    with pytest.raises(Refusal, match="repairs, readings or visits"):
        dwellings.remove_dwelling(desk.session, made.dwelling)


def test_signing_the_delivery_makes_the_lease_active_and_the_home_occupied(desk):
    lease = desk.lease()
    made = report(desk, lease)

    sign(desk, made)

    assert (lease.state, lease.dwelling.state) == (LeaseState.ACTIVE, DwellingState.OCCUPIED)
    with pytest.raises(Refusal, match="never changed"):
        handovers.add_item(desk.session, made, name="Cucina", condition=Condition.NEW)


def test_a_report_without_the_tenants_signature_says_why(desk):
    made = report(desk, desk.lease())

    with pytest.raises(Refusal, match="write why among the remarks") as refused:
        handovers.sign_handover(desk.session, made, landlord_signed_on=made.made_on)
    assert refused.value.field == "tenant_signed_on"


def returned(desk, **rest):
    """A lease delivered with a kitchen and two doors, terminated, its return being written."""
    lease = desk.lease(**rest)
    delivery = report(desk, lease)
    handovers.add_item(desk.session, delivery, name="Cucina", condition=Condition.NEW)
    handovers.add_item(desk.session, delivery, name="Porta", room="Camera", condition=Condition.GOOD, quantity=2)
    handovers.add_reading(desk.session, delivery, kind=MeterKind.GAS, serial="G1", value=Decimal("120.5"))
    sign(desk, delivery)
    leases.terminate_lease(desk.session, lease, ends_on=date(2026, 6, 30), reason="Disdetta")
    return report(desk, lease, HandoverKind.RETURN, date(2026, 6, 30))


def test_a_return_begins_with_what_was_delivered_and_charges_the_damages_once(desk):
    made = returned(desk)
    kitchen, doors = made.items
    assert [(one.name, one.delivered, one.quantity) for one in made.items] == [
        ("Cucina", Condition.NEW, 1), ("Porta", Condition.GOOD, 2),
    ]  # fmt: skip
    handovers.amend_item(desk.session, doors, condition=Condition.DAMAGED, damage=Decimal("180.00"))
    with pytest.raises(Refusal, match="damaged or missing"):
        handovers.amend_item(desk.session, kitchen, condition=Condition.WORN, damage=Decimal("10.00"))
    kitchen.damage = None
    sign(desk, made, works_needed=True)

    charge = handovers.charge_damages(desk.session, made, due_on=date(2026, 7, 31))

    assert (charge.kind, charge.amount, charge.due_on) == (ChargeKind.DAMAGES, Decimal("180.00"), date(2026, 7, 31))
    assert made.lease.dwelling.state is DwellingState.IN_MAINTENANCE
    with pytest.raises(Refusal, match="already charged"):
        handovers.charge_damages(desk.session, made, due_on=date(2026, 7, 31))
    assert len(desk.session.scalars(select(Charge)).all()) == 1


def test_a_lease_closes_after_the_report_of_return(desk):
    made = returned(desk)
    with pytest.raises(Refusal, match="report of its return"):
        leases.close_lease(desk.session, made.lease)

    sign(desk, made)
    leases.close_lease(desk.session, made.lease)

    assert (made.lease.state, made.lease.dwelling.state) == (LeaseState.CLOSED, DwellingState.BEING_RETURNED)


def test_a_meter_read_lower_than_before_is_refused_unless_it_is_new(desk):
    made = returned(desk)
    with pytest.raises(Refusal, match=r"said 120,5") as refused:
        handovers.add_reading(desk.session, made, kind=MeterKind.GAS, serial="G1", value=Decimal("119.9"))
    assert refused.value.field == "value"
    with pytest.raises(Refusal, match="the meter G1"):
        handovers.add_reading(desk.session, made, kind=MeterKind.GAS, serial="G2", value=Decimal(500))

    new = handovers.add_reading(
        desk.session, made, kind=MeterKind.GAS, serial="G2", value=Decimal("0.4"), replaced=True
    )

    assert new.dwelling.readings[-1] is new


def test_a_meter_is_read_once_a_day(desk):
    told = {"dwelling": desk.home(), "kind": MeterKind.WATER, "serial": "W1", "read_on": date(2026, 2, 1)}
    meters.record_reading(desk.session, value=Decimal(10), **told)

    with pytest.raises(Refusal, match="already read"):
        meters.record_reading(desk.session, value=Decimal(11), **told)


def test_neighbours_see_no_ticket(desk, neighbours_session):
    ticket(desk)

    assert neighbours_session.scalars(select(MaintenanceTicket)).all() == []


@pytest.mark.parametrize("role", ["operator", "accountant"])
def test_who_repairs_and_who_keeps_accounts_never_open_an_application(role):
    hidden = ("housing.applications.see", "housing.rankings.see", "housing.applications.export")

    assert not [one for one in hidden if any(covers(pattern, one) for pattern in PRESETS[role])]

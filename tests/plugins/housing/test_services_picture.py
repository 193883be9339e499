"""The arrears picture: what one line tells, what narrows the lines, and that their number costs nothing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event

from core.database.scope import today
from plugins.housing.models import Channel, PlanState
from plugins.housing.rules.arrears import AlertReason
from plugins.housing.rules.ladder import Rung
from plugins.housing.rules.ledger import ChargeKind
from plugins.housing.services import ladder, leases, ledger, picture, plans, support
from plugins.housing.services.picture import LastPayment, Wanted

FIFTEENTH = date(2026, 7, 15)


def seven_rents(desk):
    lease = desk.lease()
    leases.activate_lease(desk.session, lease)
    for month in range(1, 8):
        ledger.charge_month(desk.session, month=date(2026, month, 1))
    ledger.record_payment(desk.session, lease, amount=Decimal("1260.00"), paid_on=date(2026, 3, 20))
    return lease


def in_debt(desk, code, days, amount="480.00"):
    lease = desk.lease(home=desk.home(code), starts_on=date(2025, 1, 1), tenant=desk.person(f"Rossi {code}"))
    due = today() - timedelta(days=days)
    ledger.add_charge(desk.session, lease, kind=ChargeKind.RENT, due_on=due, amount=Decimal(amount))
    return lease


def test_seven_rents_and_1260_euro_are_told_by_age_on_15_july(desk):
    lease = seven_rents(desk)

    [line] = picture.pictures(desk.session, on=FIFTEENTH, notes=True)

    told = line.arrears
    assert told.lease is lease
    assert [one.amount for one in told.buckets[1:]] == [Decimal(n) for n in ("480", "480", "480", "660", "0.00")]
    assert (told.late, told.oldest.due, told.oldest.owed) == (Decimal("2100.00"), date(2026, 3, 5), Decimal("180.00"))
    assert told.reasons == [AlertReason.RENT_LATE]
    assert line.paid == LastPayment(date(2026, 3, 20), Decimal("1260.00"))
    assert (line.next.kind, line.next.day) == (Rung.REMINDER, date(2026, 3, 10))
    assert [one.amount for one in picture.totals([line])] == [one.amount for one in told.buckets]


def test_what_was_paid_later_does_not_count_yet(desk):
    seven_rents(desk)

    [line] = picture.pictures(desk.session, on=date(2026, 3, 19), notes=True)

    assert (line.arrears.late, line.paid) == (Decimal("1440.00"), None)


def test_a_payment_taken_back_is_not_the_last_one(desk):
    lease = in_debt(desk, "A", 10)
    real = ledger.record_payment(desk.session, lease, amount=Decimal("10.00"), paid_on=today() - timedelta(days=2))
    mistaken = ledger.record_payment(desk.session, lease, amount=Decimal("20.00"), paid_on=today())
    ledger.reverse_payment(desk.session, mistaken, reason="Insoluto")

    [line] = picture.pictures(desk.session, on=today(), notes=False)

    assert line.paid == LastPayment(real.paid_on, Decimal("10.00"))


def test_the_note_is_told_only_to_who_may_read_it(desk):
    lease = in_debt(desk, "A", 10)
    support.write_note(desk.session, lease, text="Ha perso il lavoro")

    [told], [kept] = (picture.pictures(desk.session, on=today(), notes=may) for may in (True, False))

    assert (told.note, kept.note) == ("Ha perso il lavoro", None)


def test_the_next_step_is_the_first_to_be_done_then_the_one_that_comes(desk):
    in_debt(desk, "A", 21)
    reminder, contact = ladder.propose_steps(desk.session, on=today())
    [line] = picture.pictures(desk.session, on=today(), notes=False)
    assert line.next.step_id == reminder.id

    for step in (reminder, contact):
        ladder.complete_step(desk.session, step, done_on=today(), channel=Channel.PHONE, note="Parlato")
    [line] = picture.pictures(desk.session, on=today(), notes=False)

    assert (line.next.kind, line.next.step_id) == (Rung.NOTICE, None)
    assert line.next.day == reminder.debt_since + timedelta(days=45)


def test_lines_are_narrowed_by_age_name_plan_and_what_comes_next(desk):
    old, young = in_debt(desk, "OLD", 100), in_debt(desk, "YOUNG", 10)
    plan = plans.propose_plan(desk.session, old, count=3, first_due=today())
    lines = picture.pictures(desk.session, on=today(), notes=False)

    def found(**wanted):
        return [line.arrears.lease for line in picture.narrowed(lines, Wanted(**wanted))]

    assert found() == [old, young]
    assert found(serious=True) == [old]
    assert (found(age=4), found(age=1)) == ([old], [young])
    assert (found(text="rossi young"), found(text=old.number)) == ([young], [old])
    assert (found(plan=plan.state.value), found(plan="none")) == ([old], [young])
    assert plan.state is PlanState.PROPOSED
    assert found(step=Rung.REMINDER) == [old, young]


@pytest.mark.parametrize("count", [1, 12])
def test_the_picture_asks_as_many_questions_of_one_lease_as_of_many(desk, count):
    for n in range(count):
        in_debt(desk, f"N{n}", 30 + n)
    desk.session.expunge_all()
    asked = []

    def note(connection, cursor, statement, *rest):
        asked.append(statement)

    engine = desk.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        lines = picture.pictures(desk.session, on=today(), notes=True)
        assert all(line.arrears.lease.tenant_names for line in lines)
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert (len(lines), len(asked)) == (count, 7)

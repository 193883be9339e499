"""A debt followed: steps of the ladder, contacts before the law, plans kept, fallen and made again."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.access.permissions import covers
from core.database.scope import today
from core.events.models import Event
from core.refusals import Refusal
from plugins.housing.access import PRESETS
from plugins.housing.models import Channel, ContactOutcome, LadderStep, PlanState, StepState
from plugins.housing.rules.ladder import Rung
from plugins.housing.rules.ledger import ChargeKind
from plugins.housing.services import ladder, leases, ledger, plans, recovery, support


def owing(desk, *, days=70, amount="480.00", rents=1):
    """A lease with rents unpaid, the first one so many days late today, the others a day after each other."""
    lease = desk.lease(starts_on=date(2025, 1, 1))
    leases.activate_lease(desk.session, lease)
    for n in range(rents):
        due = today() - timedelta(days=days - n)
        ledger.add_charge(desk.session, lease, kind=ChargeKind.RENT, due_on=due, amount=Decimal(amount))
    desk.session.refresh(lease)
    return lease


def pay(desk, lease, amount):
    return ledger.record_payment(desk.session, lease, amount=Decimal(amount), paid_on=today())


def steps(lease):
    return {step.kind: step.state for step in lease.ladder_steps}


def contact(desk, lease, **rest):
    return support.record_contact(
        desk.session, lease=lease, made_on=today(), channel=Channel.PHONE, outcome=ContactOutcome.NOT_REACHED, **rest
    )


def test_each_step_is_proposed_once_on_its_day(desk):
    lease = owing(desk, days=21)

    first = ladder.propose_steps(desk.session, on=today())
    second = ladder.propose_steps(desk.session, on=today())

    assert [(step.kind, step.due_on - step.debt_since) for step in first] == [
        (Rung.REMINDER, timedelta(days=5)), (Rung.CONTACT, timedelta(days=20)),
    ]  # fmt: skip
    assert second == []
    assert first[0].owed == Decimal("480.00")
    assert lease.ladder_steps == first


def test_the_social_contact_is_told_to_whoever_follows_households(desk):
    lease = owing(desk, days=20)

    ladder.propose_steps(desk.session, on=today())

    [event] = desk.session.scalars(select(Event).where(Event.name == "housing.contact_proposed"))
    assert event.facts == {"lease": {"key": str(lease.id)}}


def test_a_debt_that_is_paid_closes_its_steps_and_a_new_one_begins_again(desk):
    lease = owing(desk, days=50)
    [reminder, *_rest] = ladder.propose_steps(desk.session, on=today())
    ladder.complete_step(desk.session, reminder, done_on=today(), channel=Channel.LETTER)

    pay(desk, lease, "480.00")

    assert [step.state for step in lease.ladder_steps] == [StepState.DONE, StepState.SETTLED, StepState.SETTLED]
    ledger.add_charge(
        desk.session, lease, kind=ChargeKind.RENT, due_on=today() - timedelta(days=6), amount=Decimal("480.00")
    )
    assert [step.kind for step in ladder.propose_steps(desk.session, on=today())] == [Rung.REMINDER]


def test_when_the_oldest_rent_is_paid_what_waits_is_counted_from_the_next_one(desk):
    lease = owing(desk, days=50)
    ledger.add_charge(
        desk.session, lease, kind=ChargeKind.RENT, due_on=today() - timedelta(days=6), amount=Decimal("480.00")
    )
    reminder, _contact, notice = ladder.propose_steps(desk.session, on=today())

    pay(desk, lease, "480.00")

    assert (reminder.state, reminder.due_on) == (StepState.DUE, today() - timedelta(days=1))
    assert notice.state is StepState.SETTLED
    assert ladder.propose_steps(desk.session, on=today()) == []


def test_a_step_says_who_did_it_and_a_contact_how_it_went(desk):
    owing(desk, days=21)
    reminder, social = ladder.propose_steps(desk.session, on=today())

    ladder.complete_step(desk.session, reminder, done_on=today(), channel=Channel.MAIL)

    assert (reminder.done_by, reminder.state) == ("Luca Neri", StepState.DONE)
    with pytest.raises(Refusal, match="how the contact went") as refused:
        ladder.complete_step(desk.session, social, done_on=today(), channel=Channel.PHONE)
    assert refused.value.field == "note"


def test_a_step_is_not_done_before_the_debt_nor_in_the_future(desk):
    owing(desk, days=6)
    [reminder] = ladder.propose_steps(desk.session, on=today())

    for day in (reminder.debt_since, today() + timedelta(days=1)):
        with pytest.raises(Refusal, match="after the debt fell due"):
            ladder.complete_step(desk.session, reminder, done_on=day, channel=Channel.LETTER)


def test_no_debt_goes_to_law_without_a_documented_contact(desk):
    lease = owing(desk)
    ladder.propose_steps(desk.session, on=today())

    with pytest.raises(Refusal, match="Document an attempt"):
        ladder.go_to_law(desk.session, lease, note="Terzo anno")
    contact(desk, lease)
    desk.session.refresh(lease)
    step = ladder.go_to_law(desk.session, lease, note="Terzo anno")

    assert (step.kind, step.state) == (Rung.LEGAL, StepState.DUE)
    assert steps(lease)[Rung.CONTACT] is StepState.DONE
    with pytest.raises(Refusal, match="already stands"):
        ladder.go_to_law(desk.session, lease, note="Di nuovo")


def test_a_contact_about_an_older_debt_does_not_open_the_way_to_law(desk):
    lease = owing(desk, days=30)
    support.record_contact(
        desk.session, lease=lease, made_on=today() - timedelta(days=31), channel=Channel.HOME,
        outcome=ContactOutcome.MET,
    )  # fmt: skip

    with pytest.raises(Refusal, match="Document an attempt"):
        ladder.go_to_law(desk.session, lease, note="Subito")


def agreed(desk, lease, *, count=3, first_due=None):
    plan = plans.propose_plan(desk.session, lease, count=count, first_due=first_due or today() + timedelta(days=15))
    plans.accept_as_tenant(desk.session, plan, on=today())
    plans.accept_as_manager(desk.session, plan, on=today())
    return plans.activate_plan(desk.session, plan)


def test_2100_euro_in_nine_instalments_from_10_september(desk):
    lease = desk.lease()
    ledger.add_charge(desk.session, lease, kind=ChargeKind.RENT, due_on=date(2026, 1, 5), amount=Decimal("2100.00"))
    desk.session.refresh(lease)

    plan = plans.propose_plan(desk.session, lease, count=9, first_due=date(2026, 9, 10), on=date(2026, 7, 15))

    assert [one.amount for one in plan.instalments] == [*[Decimal("233.33")] * 8, Decimal("233.36")]
    assert (plan.total, plan.instalments[-1].due_on) == (Decimal("2100.00"), date(2027, 5, 10))
    assert [(one.charge.due_on, one.amount) for one in plan.covered] == [(date(2026, 1, 5), Decimal("2100.00"))]


def test_a_plan_is_accepted_when_both_signed_and_the_ladder_rests_while_it_runs(desk):
    lease = owing(desk)
    ladder.propose_steps(desk.session, on=today())
    plan = plans.propose_plan(desk.session, lease, count=3, first_due=today() + timedelta(days=15))
    assert steps(lease)[Rung.PLAN] is StepState.DONE
    plans.accept_as_tenant(desk.session, plan, on=today())
    assert plan.state is PlanState.PROPOSED

    plans.accept_as_manager(desk.session, plan, on=today())
    plans.activate_plan(desk.session, plan)

    assert (plan.state, plan.manager_name) == (PlanState.ACTIVE, "Luca Neri")
    assert steps(lease)[Rung.REMINDER] is StepState.RESTING
    assert ladder.propose_steps(desk.session, on=today()) == []
    with pytest.raises(Refusal, match="ladder rests"):
        ladder.go_to_law(desk.session, lease, note="No")


def test_nobody_accepts_twice_or_in_the_future(desk):
    plan = plans.propose_plan(desk.session, owing(desk), count=3, first_due=today())
    with pytest.raises(Refusal, match="not in the future"):
        plans.accept_as_tenant(desk.session, plan, on=today() + timedelta(days=1))
    plans.accept_as_tenant(desk.session, plan, on=today())

    with pytest.raises(Refusal, match="already decided"):
        plans.accept_as_tenant(desk.session, plan, on=today())


def test_one_plan_at_a_time_and_only_for_a_debt(desk):
    lease = owing(desk)
    plans.propose_plan(desk.session, lease, count=3, first_due=today())
    desk.session.refresh(lease)

    with pytest.raises(Refusal, match="already being kept"):
        plans.propose_plan(desk.session, lease, count=3, first_due=today())
    with pytest.raises(Refusal, match="Nothing is past due"):
        plans.propose_plan(desk.session, desk.lease(home=desk.home("MON-2")), count=3, first_due=today())


def test_a_payment_for_the_plan_settles_what_it_covers_and_counts_to_the_first_instalments(desk):
    lease = owing(desk, rents=2)
    plan = agreed(desk, lease)
    ledger.add_charge(
        desk.session, lease, kind=ChargeKind.COSTS, due_on=today() - timedelta(days=1), amount=Decimal("30.00")
    )

    plans.pay_instalment(desk.session, plan, amount=Decimal("400.00"), paid_on=today())

    assert plan.paid == Decimal("400.00")
    assert [one.owed for one in plan.schedule] == [Decimal("0.00"), Decimal("240.00"), Decimal("320.00")]


def test_a_plan_that_is_paid_is_kept_and_one_whose_payment_is_taken_back_goes_on(desk):
    lease = owing(desk)
    plan = agreed(desk, lease)

    payment = pay(desk, lease, "480.00")
    assert (plan.state, plan.ended_on) == (PlanState.KEPT, today())
    ledger.reverse_payment(desk.session, payment, reason="Insoluto")

    assert (plan.state, plan.ended_on, plan.paid) == (PlanState.ACTIVE, None, Decimal("0.00"))


@pytest.mark.parametrize(
    ("paid", "days", "state"),
    [
        # from the first instalment, due on day 0, one every month: 160 euro each
        ("0.00", 29, PlanState.ACTIVE),
        ("0.00", 33, PlanState.FALLEN),
        ("160.00", 33, PlanState.ACTIVE),
        ("100.00", 31, PlanState.FALLEN),
    ],
)
def test_a_plan_falls_with_two_missed_in_a_row_or_one_a_month_late(desk, paid, days, state):
    lease = owing(desk)
    plan = agreed(desk, lease, first_due=today())
    if Decimal(paid):
        plans.pay_instalment(desk.session, plan, amount=Decimal(paid), paid_on=today())

    recovery.review_lease(desk.session, lease, on=today() + timedelta(days=days))

    assert plan.state is state


def test_when_a_plan_falls_the_steps_wait_again(desk):
    lease = owing(desk)
    ladder.propose_steps(desk.session, on=today())
    plan = agreed(desk, lease, first_due=today())

    ladder.propose_steps(desk.session, on=today() + timedelta(days=40))

    assert plan.state is PlanState.FALLEN
    assert steps(lease)[Rung.NOTICE] is StepState.DUE


def test_renegotiating_makes_a_new_plan_of_what_is_left(desk):
    lease = owing(desk)
    plan = agreed(desk, lease)
    plans.pay_instalment(desk.session, plan, amount=Decimal("80.00"), paid_on=today())

    new = plans.renegotiate_plan(
        desk.session, plan, count=10, first_due=today() + timedelta(days=20), reason="Cassa integrazione"
    )

    assert (plan.state, new.state, new.replaces_id) == (PlanState.RENEGOTIATED, PlanState.PROPOSED, plan.id)
    assert (new.total, new.instalments[0].amount) == (Decimal("400.00"), Decimal("40.00"))


def test_the_last_note_is_the_one_shown(desk):
    lease = owing(desk)
    for text in ("Ha perso il lavoro a maggio", "Colloquio fissato"):
        note = support.write_note(desk.session, lease, text=text)
    desk.session.refresh(lease)

    assert support.note_of(lease) is note
    assert note.written_by == "Luca Neri"


@pytest.mark.parametrize(
    ("role", "reads"), [("case_manager", True), ("municipal", True), ("operator", False), ("accountant", False)]
)
def test_the_social_note_is_for_who_follows_the_household(role, reads):
    assert any(covers(pattern, "housing.social-notes.see") for pattern in PRESETS[role]) is reads


def test_neighbours_see_no_step(desk, neighbours_session):
    owing(desk)
    ladder.propose_steps(desk.session, on=today())

    assert neighbours_session.scalars(select(LadderStep)).all() == []

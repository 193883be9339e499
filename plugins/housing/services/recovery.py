"""What a payment or a new day changes about a debt: plans kept or fallen, steps that come, rest or close."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from core.api import announce, values_of
from plugins.housing.models import Charge, LadderStep, Lease, PlanState, RepaymentPlan, StepState
from plugins.housing.rules.arrears import days_late, oldest_open
from plugins.housing.rules.ladder import LadderDays, Rung, reached, steps_of
from plugins.housing.rules.ledger import OpenCharge, open_principal
from plugins.housing.rules.plans import PlanLimits, has_fallen, is_kept
from plugins.housing.services.arrears import open_on

LADDER = ("housing.reminder_days", "housing.contact_days", "housing.notice_days", "housing.plan_days")
WATCHED = (PlanState.ACTIVE, PlanState.KEPT)


def review_lease(session: Session, lease: Lease, *, on: date) -> list[LadderStep]:
    """Bring plan and ladder of one lease up to the day; the steps that were added."""
    plans = [_review_plan(session, plan, on) for plan in lease.plans if plan.state in WATCHED or plan.is_running]
    late = [charge for charge in open_on(lease.charges, on) if days_late(charge.due, on) > 0]
    return _review_ladder(session, lease, late, on, resting=any(plan.is_running for plan in plans))


def leases_to_review(session: Session, *, on: date, after: UUID | None = None) -> list[UUID]:
    """The keys, in order, of leases with something past due, a step not closed or a plan under way."""
    wanted = (
        select(Lease.id)
        .where(
            or_(
                Lease.charges.any((Charge.due_on < on) & Charge.reverses_id.is_(None)),
                Lease.ladder_steps.any(LadderStep.settled_on.is_(None)),
                Lease.plans.any(RepaymentPlan.state == PlanState.ACTIVE),
            )
        )
        .order_by(Lease.id)
    )
    return list(session.scalars(wanted if after is None else wanted.where(Lease.id > after)))


def leases(session: Session, keys: Sequence[UUID]) -> list[Lease]:
    """Leases with all that a review reads, in the order of their keys."""
    wanted = select(Lease).where(Lease.id.in_(keys)).order_by(Lease.id)
    loads = (selectinload(Lease.charges), selectinload(Lease.ladder_steps), selectinload(Lease.plans))
    return list(session.scalars(wanted.options(*loads)).unique())


def ladder_days(session: Session, *, on: date) -> LadderDays:
    """When each step comes, as the parameters say."""
    return days_from(values_of(session, *LADDER, on=on))


def days_from(told: Mapping[str, str]) -> LadderDays:
    """The days of the steps among the values of parameters."""
    return LadderDays(*(int(told[key]) for key in LADDER))


def plan_limits(session: Session, *, on: date) -> PlanLimits:
    """What a plan bears, as the parameters say."""
    told = values_of(session, "housing.plan_missed", "housing.plan_late_days", on=on)
    return PlanLimits(in_a_row=int(told["housing.plan_missed"]), days_late=int(told["housing.plan_late_days"]))


def open_steps(lease: Lease) -> list[LadderStep]:
    """The steps about the present debt, done or not."""
    return [step for step in lease.ladder_steps if step.settled_on is None]


def _review_plan(session: Session, plan: RepaymentPlan, on: date) -> RepaymentPlan:
    """Kept when all is paid, fallen past its limits; a kept one whose payment is taken back goes on."""
    if plan.state not in WATCHED:
        return plan
    schedule = plan.schedule
    state = PlanState.ACTIVE
    if is_kept(schedule):
        state = PlanState.KEPT
    elif has_fallen(schedule, on, plan_limits(session, on=on)):
        state = PlanState.FALLEN
    if state is not plan.state:
        plan.state, plan.ended_on = state, None if state is PlanState.ACTIVE else on
    return plan


def _review_ladder(
    session: Session, lease: Lease, late: list[OpenCharge], on: date, *, resting: bool
) -> list[LadderStep]:
    present = open_steps(lease)
    oldest = oldest_open(late)
    if oldest is None:
        _settle(present, on)
        session.flush()
        return []
    _rest(present, resting=resting)
    _date_again(session, present, oldest, open_principal(late), on)
    added = [] if resting else _add_reached(session, lease, oldest, open_principal(late), on)
    session.flush()
    return added


def _settle(steps: Iterable[LadderStep], on: date) -> None:
    """The debt is paid: what was to be done closes by itself, what was done belongs to the past."""
    for step in steps:
        step.settled_on = on
        if step.state is not StepState.DONE:
            step.state = StepState.SETTLED


def _date_again(session: Session, steps: Iterable[LadderStep], oldest: OpenCharge, owed: Decimal, on: date) -> None:
    """When the oldest debt was paid, what nobody did yet is counted from the next one; what is too early closes."""
    waiting = [step for step in steps if step.done_on is None and step.kind is not Rung.LEGAL]
    moved = [step for step in waiting if step.debt_since != oldest.due]
    if not moved:
        return
    days = dict(steps_of(oldest.due, ladder_days(session, on=on)))
    for step in moved:
        step.debt_since, step.due_on, step.owed = oldest.due, days[step.kind], owed
        if step.due_on > on:
            _settle([step], on)


def _rest(steps: Iterable[LadderStep], *, resting: bool) -> None:
    """While a plan is kept nothing is asked; when it is over the steps wait again."""
    before, after = (StepState.DUE, StepState.RESTING) if resting else (StepState.RESTING, StepState.DUE)
    for step in steps:
        if step.state is before:
            step.state = after


def _add_reached(session: Session, lease: Lease, oldest: OpenCharge, owed: Decimal, on: date) -> list[LadderStep]:
    there: set[Rung] = {step.kind for step in open_steps(lease)}
    days = ladder_days(session, on=on)
    added = []
    for rung, day in reached(oldest.due, on, days):
        if rung not in there:
            step = LadderStep(kind=rung, debt_since=oldest.due, owed=owed, due_on=day)
            session.add(step)
            step.lease = lease
            added.append(step)
            if rung is Rung.CONTACT:
                # Whoever follows households may offer help; nothing but the lease's key is told.
                announce(session, "housing.contact_proposed", lease=lease.id)
    return added

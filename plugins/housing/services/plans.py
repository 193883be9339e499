"""Repayment plans: proposed, accepted by both, kept to with payments, made again when life changes."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from core.api import Refusal, _, next_number, scope_of, today
from plugins.housing.models import (
    Charge,
    CoveredCharge,
    Instalment,
    Lease,
    Payment,
    PaymentMethod,
    PlanState,
    RepaymentPlan,
    StepState,
)
from plugins.housing.rules.arrears import days_late
from plugins.housing.rules.ladder import Rung
from plugins.housing.rules.ledger import NOTHING
from plugins.housing.rules.plans import plan_instalments
from plugins.housing.services import ledger, recovery

SERIES = "PLAN"
MOST_INSTALMENTS = 120
UNDECIDED = (PlanState.PROPOSED, PlanState.ACCEPTED, PlanState.ACTIVE)


def propose_plan(
    session: Session, lease: Lease, *, count: int, first_due: date, on: date | None = None
) -> RepaymentPlan:
    """Propose to pay in equal instalments all that is past due on the day, costs and interest too."""
    if any(plan.state in UNDECIDED for plan in lease.plans):
        raise Refusal(_("A plan of this lease is already being kept or discussed."))
    return _propose(session, lease, count, first_due, on or today())


def _propose(session: Session, lease: Lease, count: int, first_due: date, day: date) -> RepaymentPlan:
    if not 1 <= count <= MOST_INSTALMENTS:
        raise Refusal(_("Write from 1 to %(n)s instalments.", n=MOST_INSTALMENTS), field="count")
    if first_due < day:
        raise Refusal(_("The first instalment is due today or later."), field="first_due")
    charges = [charge for charge in lease.charges if charge.owed > 0 and days_late(charge.due_on, day) > 0]
    total = sum((charge.owed for charge in charges), NOTHING)
    if not charges:
        raise Refusal(_("Nothing is past due on this lease."))
    schedule = plan_instalments(total, count, first_due)
    if schedule[0].amount <= 0:
        raise Refusal(_("The debt is too small for so many instalments."), field="count")
    plan = RepaymentPlan(number=next_number(session, SERIES, on=day), total=total, proposed_on=day)
    session.add(plan)
    plan.lease = lease
    plan.instalments = [Instalment(order=one.number, due_on=one.due, amount=one.amount) for one in schedule]
    plan.covered = [CoveredCharge(charge=charge, amount=charge.owed) for charge in charges]
    _close_proposal_step(session, lease, plan)
    session.flush()
    return plan


def _close_proposal_step(session: Session, lease: Lease, plan: RepaymentPlan) -> None:
    for step in recovery.open_steps(lease):
        if step.kind is Rung.PLAN and step.state is StepState.DUE:
            step.done_on, step.done_by = plan.proposed_on, scope_of(session).actor
            step.note, step.state = plan.number, StepState.DONE


def accept_as_tenant(session: Session, plan: RepaymentPlan, *, on: date) -> RepaymentPlan:
    """The tenant signs the plan."""
    _check_acceptance(plan, plan.tenant_accepted_on, on)
    plan.tenant_accepted_on = on
    return _accepted(session, plan)


def accept_as_manager(session: Session, plan: RepaymentPlan, *, on: date) -> RepaymentPlan:
    """Who manages the home signs the plan."""
    _check_acceptance(plan, plan.manager_accepted_on, on)
    plan.manager_accepted_on, plan.manager_name = on, scope_of(session).actor
    return _accepted(session, plan)


def _accepted(session: Session, plan: RepaymentPlan) -> RepaymentPlan:
    if plan.tenant_accepted_on and plan.manager_accepted_on:
        plan.state = PlanState.ACCEPTED
        recovery.review_lease(session, plan.lease, on=today())
    session.flush()
    return plan


def _check_acceptance(plan: RepaymentPlan, before: date | None, on: date) -> None:
    if plan.state is not PlanState.PROPOSED or before is not None:
        raise Refusal(_("This was already decided: the plan is %(state)s.", state=plan.state.label))
    if not plan.proposed_on <= on <= today():
        raise Refusal(_("A plan is accepted after it was proposed, not in the future."), field="on")


def activate_plan(session: Session, plan: RepaymentPlan, *, on: date | None = None) -> RepaymentPlan:
    """From now on instalments are watched, and the ladder rests while they are paid."""
    plan.active_on, plan.state = on or today(), PlanState.ACTIVE
    recovery.review_lease(session, plan.lease, on=plan.active_on)
    return plan


def withdraw_plan(session: Session, plan: RepaymentPlan, *, reason: str) -> RepaymentPlan:
    """Give up a plan that is not active yet."""
    plan.state, plan.reason, plan.ended_on = PlanState.WITHDRAWN, reason, today()
    recovery.review_lease(session, plan.lease, on=plan.ended_on)
    return plan


def renegotiate_plan(
    session: Session, plan: RepaymentPlan, *, count: int, first_due: date, reason: str, on: date | None = None
) -> RepaymentPlan:
    """Put a new proposal in the place of an active plan: what is left of it and whatever fell due meanwhile."""
    day = on or today()
    plan.state, plan.reason, plan.ended_on = PlanState.RENEGOTIATED, reason, day
    session.flush()
    new = _propose(session, plan.lease, count, first_due, day)
    new.replaces_id = plan.id
    session.flush()
    return new


def pay_instalment(
    session: Session, plan: RepaymentPlan, *, amount: Decimal, paid_on: date, method: PaymentMethod | None = None,
    reference: str | None = None,
) -> Payment:  # fmt: skip
    """Take in a payment declared for the plan: it settles what the plan covers, the oldest first (art. 1193 c.c.)."""
    covered: list[Charge] = sorted((one.charge for one in plan.covered), key=lambda one: (one.due_on, str(one.id)))
    declared = [charge.id for charge in covered if charge.owed > 0]
    return ledger.record_payment(
        session, plan.lease, amount=amount, paid_on=paid_on, declared=declared, method=method, reference=reference
    )

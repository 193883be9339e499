"""The arrears picture: of each lease the debt by age, whether it is serious, and what comes next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from plugins.housing.models import LadderStep, Payment, PlanState, RepaymentPlan, SocialNote, StepState
from plugins.housing.rules.arrears import BUCKET_ENDS, Bucket
from plugins.housing.rules.ladder import LadderDays, Rung, next_step
from plugins.housing.rules.ledger import NOTHING, OpenCharge
from plugins.housing.services.arrears import LeaseArrears, arrears_by_lease
from plugins.housing.services.recovery import ladder_days

RUNNING = (PlanState.ACCEPTED, PlanState.ACTIVE)


@dataclass(frozen=True)
class NextStep:
    """What is to be done about a debt and when; `step_id` is there when its day has come."""

    kind: Rung
    day: date
    step_id: UUID | None = None


@dataclass(frozen=True)
class LastPlan:
    """The last plan of a lease and where it stands."""

    plan_id: UUID
    number: str
    state: PlanState


@dataclass(frozen=True)
class LastPayment:
    """The last day that money came in, and how much."""

    day: date
    amount: Decimal


@dataclass(frozen=True)
class Picture:
    """All that one line of the page tells of a lease."""

    arrears: LeaseArrears
    paid: LastPayment | None
    note: str | None
    next: NextStep | None
    plan: LastPlan | None


@dataclass(frozen=True)
class Wanted:
    """What the lines are narrowed to; nothing narrows nothing."""

    text: str = ""
    serious: bool = False
    age: int | None = None
    plan: str = ""
    step: Rung | None = None


def pictures(session: Session, *, on: date, notes: bool) -> list[Picture]:
    """Every lease with something past due on the day, the largest debt first; `notes` for who may read them."""
    owing = arrears_by_lease(session, on=on)
    keys = [one.lease.id for one in owing]
    paid, told = _last_payments(session, keys, on), _last_notes(session, keys) if notes else {}
    steps, plans, days = _open_steps(session, keys), _last_plans(session, keys), ladder_days(session, on=on)
    return [
        Picture(
            one, paid.get(one.lease.id), note=told.get(one.lease.id), plan=plans.get(one.lease.id),
            next=_next(one.oldest, steps.get(one.lease.id, []), plans.get(one.lease.id), days),
        )
        for one in owing
    ]  # fmt: skip


def narrowed(lines: Iterable[Picture], wanted: Wanted) -> list[Picture]:
    """The lines that answer to all that is wanted."""
    return [line for line in lines if _answers(line, wanted)]


def _answers(line: Picture, wanted: Wanted) -> bool:
    lease, plan = line.arrears.lease, line.plan.state.value if line.plan else "none"
    named = f"{lease.number} {lease.dwelling.code} {lease.tenant_names}".casefold()
    return (
        all(word in named for word in wanted.text.casefold().split())
        and (not wanted.serious or bool(line.arrears.reasons))
        and (wanted.age is None or age_of(line.arrears) == wanted.age)
        and (not wanted.plan or wanted.plan == plan)
        and (wanted.step is None or (line.next is not None and line.next.kind is wanted.step))
    )


def age_of(arrears: LeaseArrears) -> int:
    """In which bucket the oldest debt stands, counted from the one not yet due."""
    return sum(arrears.days > end for end in BUCKET_ENDS)


def totals(lines: Sequence[Picture]) -> list[Bucket]:
    """The lines' debts added up bucket by bucket; empty without lines."""
    columns = zip(*(line.arrears.buckets for line in lines), strict=True)
    return [
        Bucket(column[0].first_day, column[0].last_day, sum((one.amount for one in column), NOTHING))
        for column in columns
    ]


def _next(
    oldest: OpenCharge | None, steps: list[LadderStep], plan: LastPlan | None, days: LadderDays
) -> NextStep | None:
    if oldest is None or (plan is not None and plan.state in RUNNING):
        return None
    due = min((step for step in steps if step.state is StepState.DUE), key=lambda one: one.due_on, default=None)
    if due is not None:
        return NextStep(due.kind, due.due_on, due.id)
    coming = next_step(oldest.due, days, {step.kind for step in steps})
    return NextStep(*coming) if coming else None


def _last_payments(session: Session, keys: list[UUID], on: date) -> dict[UUID, LastPayment]:
    """What came in last on each lease; what was taken back does not count."""
    taken_back = select(Payment.reverses_id).where(Payment.reverses_id.is_not(None))
    real = (Payment.lease_id.in_(keys), Payment.reverses_id.is_(None), Payment.id.not_in(taken_back))
    last = (
        select(Payment.lease_id, func.max(Payment.paid_on).label("day"))
        .where(*real, Payment.paid_on <= on)
        .group_by(Payment.lease_id)
        .subquery()
    )
    wanted = (
        select(Payment.lease_id, Payment.paid_on, Payment.amount)
        .join(last, (last.c.lease_id == Payment.lease_id) & (last.c.day == Payment.paid_on))
        .where(*real)
    )
    found: dict[UUID, LastPayment] = {}
    for key, day, amount in session.execute(wanted):
        found[key] = LastPayment(day, amount + (found[key].amount if key in found else NOTHING))
    return found


def _last_notes(session: Session, keys: list[UUID]) -> dict[UUID, str]:
    wanted = select(SocialNote.lease_id, SocialNote.text).where(SocialNote.lease_id.in_(keys))
    rows = session.execute(wanted.order_by(SocialNote.written_on, SocialNote.id))
    return {row.lease_id: row.text for row in rows}


def _open_steps(session: Session, keys: list[UUID]) -> dict[UUID, list[LadderStep]]:
    found: dict[UUID, list[LadderStep]] = {}
    wanted = select(LadderStep).where(LadderStep.lease_id.in_(keys), LadderStep.settled_on.is_(None))
    for step in session.scalars(wanted).unique():
        found.setdefault(step.lease_id, []).append(step)
    return found


def _last_plans(session: Session, keys: list[UUID]) -> dict[UUID, LastPlan]:
    plan = RepaymentPlan
    wanted = select(plan.lease_id, plan.id, plan.number, plan.state).where(plan.lease_id.in_(keys))
    rows = session.execute(wanted.order_by(plan.proposed_on, plan.id))
    return {lease_id: LastPlan(key, number, state) for lease_id, key, number, state in rows}

"""The arrears picture: of each lease the debt by age, whether it is serious, and what comes next."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import String, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from core.api import values_of
from plugins.housing.models import LadderStep, Payment, PlanState, RepaymentPlan, SocialNote, StepState
from plugins.housing.rules.arrears import BUCKET_ENDS, AlertLimits, Bucket
from plugins.housing.rules.ladder import LadderDays, Rung, next_step
from plugins.housing.rules.ledger import NOTHING, OpenCharge
from plugins.housing.services.arrears import LIMITS, LeaseArrears, arrears_by_lease, limits_from
from plugins.housing.services.recovery import LADDER, days_from

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
class OpenStep:
    """A step about the present debt, done or not."""

    key: UUID
    kind: Rung
    state: StepState
    due_on: date


@dataclass
class WorkOn:
    """What is being done about a lease's debt."""

    steps: list[OpenStep] = field(default_factory=list)
    plan: LastPlan | None = None
    note: str | None = None


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
    limits, days = _limits(session, on)
    owing = arrears_by_lease(session, on=on, limits=limits)
    keys = [one.lease.id for one in owing]
    paid, work = _last_payments(session, keys, on), _work_on(session, keys)
    return [
        Picture(
            one, paid.get(one.lease.id), note=work[one.lease.id].note if notes else None,
            plan=work[one.lease.id].plan, next=_next(one.oldest, work[one.lease.id], days),
        )
        for one in owing
    ]  # fmt: skip


def _limits(session: Session, on: date) -> tuple[AlertLimits, LadderDays]:
    """All that the parameters say of arrears, asked at once."""
    told = values_of(session, *LIMITS, *LADDER, on=on)
    return limits_from(told), days_from(told)


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


def _next(oldest: OpenCharge | None, work: WorkOn, days: LadderDays) -> NextStep | None:
    if oldest is None or (work.plan is not None and work.plan.state in RUNNING):
        return None
    due = min((step for step in work.steps if step.state is StepState.DUE), key=lambda one: one.due_on, default=None)
    if due is not None:
        return NextStep(due.kind, due.due_on, due.key)
    coming = next_step(oldest.due, days, {step.kind for step in work.steps})
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


def _work_on(session: Session, keys: list[UUID]) -> dict[UUID, WorkOn]:
    """Open steps, the last plan and the last note of each lease, with one question to the database."""
    step, plan, note = LadderStep, RepaymentPlan, SocialNote
    told = (
        select(literal("step").label("about"), step.lease_id, step.id, cast(step.kind, String).label("text"),
               cast(step.state, String).label("state"), step.due_on.label("day")).where(step.settled_on.is_(None)),
        select(literal("plan"), plan.lease_id, plan.id, plan.number, cast(plan.state, String), plan.proposed_on),
        select(literal("note"), note.lease_id, note.id, note.text, literal(""), note.written_on),
    )  # fmt: skip
    found: dict[UUID, WorkOn] = defaultdict(WorkOn)
    rows = union_all(*(one.where(one.selected_columns.lease_id.in_(keys)) for one in told)).order_by("day", "id")
    for row in session.execute(rows):
        work = found[row.lease_id]
        if row.about == "step":
            work.steps.append(OpenStep(row.id, Rung(row.text), StepState(row.state), row.day))
        elif row.about == "plan":
            work.plan = LastPlan(row.id, row.text, PlanState(row.state))
        else:
            work.note = row.text
    return found

"""Repayment plans: instalments of a debt, and when a plan falls."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from core.api import instalments

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class PlanInstalment:
    """A part of the debt, the day it is due and what was paid of it."""

    number: int
    due: date
    amount: Decimal
    paid: Decimal = NOTHING

    @property
    def owed(self) -> Decimal:
        """What is left to pay of it."""
        return self.amount - self.paid


@dataclass(frozen=True)
class PlanLimits:
    """What a plan bears: fewer missed instalments in a row than `in_a_row`, none later than `days_late`."""

    in_a_row: int
    days_late: int


def plan_instalments(total: Decimal, count: int, first: date) -> list[PlanInstalment]:
    """Equal instalments on the same day of following months; the last takes the remaining cents."""
    return [
        PlanInstalment(number, due, amount)
        for number, (due, amount) in enumerate(instalments(total, count, first), start=1)
    ]


def with_paid(plan: Sequence[PlanInstalment], paid: Decimal) -> list[PlanInstalment]:
    """The instalments with what was paid counted to them, the first ones first."""
    told = []
    for instalment in plan:
        share = max(NOTHING, min(paid, instalment.amount))
        told.append(replace(instalment, paid=share))
        paid -= share
    return told


def has_fallen(plan: Sequence[PlanInstalment], on: date, limits: PlanLimits) -> bool:
    """Whether the plan is lost: too many instalments in a row missed, or one unpaid for too long."""
    missed = [instalment.owed > 0 and instalment.due < on for instalment in plan]
    too_late = any(instalment.owed > 0 and (on - instalment.due).days > limits.days_late for instalment in plan)
    return too_late or _longest_run(missed) >= limits.in_a_row


def is_kept(plan: Sequence[PlanInstalment]) -> bool:
    """Whether every instalment is paid."""
    return all(instalment.owed <= 0 for instalment in plan)


def _longest_run(missed: Sequence[bool]) -> int:
    longest = current = 0
    for one in missed:
        current = current + 1 if one else 0
        longest = max(longest, current)
    return longest

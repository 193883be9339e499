"""Random histories of a fund: the books balance, what is available is as by R-G2, nothing is ever below zero.

What is available is recomputed here from the rows alone, by sums that share no code with the program.
"""

import os
import random
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from sqlalchemy import text

from core.refusals import Refusal
from plugins.guarantee_fund.models import GuaranteeState, LineKind
from plugins.guarantee_fund.rules.schedules import Repayment
from plugins.guarantee_fund.services import calls, funds, guarantees, loans
from plugins.guarantee_fund.services.position import position_of
from tests.plugins.guarantee_fund.conftest import Desk

# Ten thousand prove it, 2,500 with each leverage on each database; a few keep it proved (HISTORIES=2500 for all).
HISTORIES, STEPS = int(os.environ.get("HISTORIES", "12")), 14
FIRST = date(2026, 3, 2)
ENDED = {"repaid", "expired", "called", "in_recovery", "closed_recovered", "closed_lost", "revoked", "lapsed"}
WAITING = {"requested", "contested", "accepted", "to_pay"}


def cents(session, statement):
    return Decimal(session.execute(text(statement)).scalar() or 0) / 100


def half_up(amount):
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def exposure_of(session):
    """ΣE from guarantees, loans and calls as they stand in the tables."""
    whole = Decimal(0)
    rows = session.execute(text(
        "select g.id, g.state, g.amount, g.coverage, l.kind from guarantee_fund_guarantee g"
        " join guarantee_fund_line l on l.id = g.line_id"
    )).all()  # fmt: skip
    for key, state, amount, coverage, kind in rows:
        loan = session.execute(
            text("select sum(i.principal - i.principal_paid) from guarantee_fund_instalment i"
                 " join guarantee_fund_loan n on n.id = i.loan_id where n.guarantee_id = :key"), {"key": key},
        ).scalar()  # fmt: skip
        paid = session.execute(
            text("select sum(amount) from guarantee_fund_call where guarantee_id = :key and state = 'paid'"),
            {"key": key},
        ).scalar()  # fmt: skip
        if kind == "rent_guarantee" and state in {"called", "in_recovery", "closed_recovered", "closed_lost"}:
            whole += Decimal(amount - (paid or 0)) / 100
        elif state in ENDED or (kind == "deposit_advance" and state != "approved"):
            continue
        elif loan is not None:
            whole += half_up(Decimal(loan) / 100 * Decimal(coverage) / 10000)
        else:
            whole += Decimal(amount - (paid or 0)) / 100
    return whole


def check(session, desk, costs):
    capital = (
        cents(session, "select sum(amount) from guarantee_fund_contribution")
        - cents(session, "select sum(amount) from guarantee_fund_call where state = 'paid'")
        + cents(session, "select sum(fund_share) from guarantee_fund_recovery")
        - cents(session, "select sum(advanced) from guarantee_fund_guarantee")
        - costs
    )
    waiting = ", ".join(f"'{state}'" for state in WAITING)
    provisions = cents(session, f"select sum(amount) from guarantee_fund_call where state in ({waiting})")
    position = position_of(session, desk.fund)
    told = exposure_of(session)

    assert (position.capital, position.provisions, position.exposure) == (capital, provisions, told)
    assert position.available == half_up(desk.fund.leverage * (capital - provisions)) - told
    assert cents(session, "select min(exposure) from guarantee_fund_guarantee") >= 0
    debited, credited = (
        dict(session.execute(text(f"select {side}, sum(amount) from guarantee_fund_posting group by 1")).all())
        for side in ("debit", "credit")
    )
    assert sum(debited.values()) == sum(credited.values())
    issued = "select sum(exposure) from guarantee_fund_guarantee where issued_on is not null"
    assert Decimal(debited.get("9000", 0) - credited.get("9000", 0)) / 100 == cents(session, issued)


class History:
    """One fund's life, a random step at a time; a rule may refuse a step, and then nothing of it stays."""

    def __init__(self, session, desk, lines, chance):
        self.session, self.desk, self.lines, self.chance = session, desk, lines, chance
        self.costs, self.day = Decimal(0), FIRST
        self.given, self.loans, self.calls = [], [], []

    def amount(self, most):
        return Decimal(self.chance.randint(1, most * 100)) / 100

    def contribute(self):
        self.desk.give(self.amount(20000), on=self.day)

    def approve(self):
        line = self.chance.choice(self.lines)
        rent = {"monthly_rent": self.amount(600)} if line.kind is LineKind.RENT else {}
        asked = self.desk.ask(str(self.amount(8000)), line=line, person=self.person, **rent)
        self.given.append(self.desk.approve(asked, coverage=Decimal(self.chance.randint(1, 100)), on=self.day))

    def put_to_work(self):
        found = self.chance.choice([one for one in self.given if one.state is GuaranteeState.APPROVED])
        if found.line.kind is LineKind.DEPOSIT:
            guarantees.pay_advance(self.session, found, on=self.day)
            return
        guarantees.issue(self.session, found, on=self.day)
        if found.line.kind is LineKind.RENT:
            guarantees.activate(self.session, found)
            return
        self.loans.append(loans.disburse_loan(
            self.session, found, disbursed_on=self.day, first_due=self.day + timedelta(days=30),
            repayment=self.chance.choice([Repayment.FRENCH, Repayment.CONSTANT_PRINCIPAL]), rate=self.amount(6),
            count=self.chance.randint(1, 12),
        ))  # fmt: skip

    def repay(self):
        loan = self.chance.choice(self.loans)
        loans.pay_loan(self.session, loan, amount=self.amount(3000), paid_on=self.day)

    def call(self):
        found = self.chance.choice([one for one in self.given if one.state is GuaranteeState.ACTIVE])
        owed = found.loan.outstanding if found.loan else None
        self.calls.append(self.desk.call(
            found, requested_on=self.day, notice_on=self.day, unpaid=owed, unpaid_months=self.chance.randint(1, 14)
        ))  # fmt: skip

    def pay_call(self):
        call = self.chance.choice(self.calls)
        if self.chance.random() < 0.2:
            calls.turn_down(self.session, call, reason="No", on=self.day)
            return
        with self.desk.signed_in("manager"):
            calls.accept_as_manager(self.session, call)
        with self.desk.signed_in("accountant"):
            calls.accept_as_accountant(self.session, call)
        calls.pay_call(self.session, call, paid_on=self.day)

    def recover(self):
        calls.recover(self.session, self.chance.choice(self.calls), amount=self.amount(2000), on=self.day)

    def write_off(self):
        calls.write_off(self.session, self.chance.choice(self.calls), reason="Irrecuperabile", on=self.day)

    def charge(self):
        amount = self.amount(50)
        funds.charge_cost(self.session, self.desk.fund, amount=amount, on=self.day, reason="Spese")
        self.costs += amount

    def advance_back(self):
        found = self.chance.choice([one for one in self.given if one.advanced > 0])
        guarantees.return_advance(self.session, found, amount=self.amount(500), on=self.day)

    def end(self):
        found = self.chance.choice(self.given)
        self.chance.choice([
            lambda: guarantees.revoke(self.session, found, reason="Rinuncia", on=self.day),
            lambda: guarantees.expire(self.session, found, on=self.day + timedelta(days=4000)),
        ])()  # fmt: skip

    def step(self):
        self.day += timedelta(days=self.chance.randint(0, 40))
        act = self.chance.choice([
            self.contribute, self.approve, self.approve, self.approve, self.put_to_work, self.put_to_work, self.repay,
            self.repay, self.call, self.pay_call, self.pay_call, self.recover, self.write_off, self.charge,
            self.advance_back, self.end,
        ])  # fmt: skip
        kept = (list(self.given), list(self.loans), list(self.calls), self.costs)
        try:
            with self.session.begin_nested():
                act()
        except (Refusal, IndexError):
            self.given, self.loans, self.calls, self.costs = kept
            self.session.expire_all()
            return False
        return True


@pytest.mark.parametrize("leverage", ["1", "2.5"])
def test_whatever_happens_the_fund_reconciles(session, leverage):
    desk = Desk(session, leverage=leverage)
    lines = [desk.line, desk.new_line(LineKind.RENT, "Affitti"), desk.new_line(LineKind.DEPOSIT, "Cauzioni")]
    person, done = desk.household(), 0
    session.flush()
    for seed in range(HISTORIES):
        outer = session.begin_nested()
        history = History(session, desk, lines, random.Random(f"{leverage} {seed}"))  # noqa: S311  a history to be told again
        history.person = person
        history.contribute()
        for _step in range(STEPS):
            done += history.step()
        check(session, desk, history.costs)
        outer.rollback()
        session.expire_all()

    assert done > HISTORIES * STEPS / 4, "hardly anything happened"

"""Loans repaid, calls accepted by two people, recoveries shared: GF-3 to GF-6 through the services."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.refusals import Refusal, Refusals
from plugins.guarantee_fund.models import CallState, GuaranteeState, LineKind, LoanState
from plugins.guarantee_fund.rules.journal import Account
from plugins.guarantee_fund.rules.schedules import Repayment
from plugins.guarantee_fund.services import calls, guarantees, journal, loans
from plugins.guarantee_fund.services.calls import SamePerson
from plugins.guarantee_fund.services.position import position_of


def euro(told):
    return Decimal(told)


@pytest.fixture
def rich(desk):
    desk.give("100000")
    return desk


def test_a_french_loan_is_written_down_with_its_schedule(rich):
    loan = rich.lent("5000", repayment=Repayment.FRENCH, rate="2.40", count=12)

    assert [loan.rows[0].amount, loan.rows[11].amount] == [euro("422.10"), euro("422.13")]
    assert loan.guarantee.state is GuaranteeState.ACTIVE


def test_less_is_at_risk_as_a_loan_is_repaid_and_nothing_at_its_end(rich, session):
    loan = rich.lent("1000")

    loans.pay_loan(session, loan, amount=euro("250.00"), paid_on=date(2026, 5, 10))

    assert loan.outstanding == euro(750)
    assert loan.guarantee.exposure == euro(600)
    assert journal.balances(session, rich.fund)[Account.GUARANTEES] == euro(600)
    payment = loans.pay_loan(session, loan, amount=euro("800.00"), paid_on=date(2026, 6, 10))
    assert payment.credit == euro(50)
    assert (loan.state, loan.guarantee.state, loan.guarantee.exposure) == (LoanState.REPAID, GuaranteeState.REPAID, 0)
    assert journal.balances(session, rich.fund)[Account.GUARANTEES] == 0


def test_a_payment_settles_costs_and_default_interest_first(rich, session):
    loan = rich.lent("3000", repayment=Repayment.CONSTANT_PRINCIPAL, rate="4.00", count=18)

    payment = loans.pay_loan(
        session, loan, amount=euro("300.00"), paid_on=date(2026, 5, 11), costs=euro("15.00"),
        default_interest=euro("4.35"),
    )  # fmt: skip

    told = [(one.part.value, one.number, one.amount) for one in payment.parts]
    assert told == [
        ("costs", 0, euro("15.00")), ("default_interest", 0, euro("4.35")), ("interest", 1, euro("10.00")),
        ("interest", 2, euro("9.44")), ("principal", 1, euro("166.66")), ("principal", 2, euro("94.55")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "state"),
    [("2026-05-10", "regular"), ("2026-05-11", "late"), ("2026-07-09", "late"), ("2026-07-10", "non_performing")],
)
def test_a_loan_is_late_after_thirty_days_and_non_performing_after_ninety(rich, session, day, state):
    loan = rich.lent("1000")

    loans.review_loans(session, on=date.fromisoformat(day))

    assert loan.state.value == state


def test_a_called_loan_is_paid_by_coverage_and_what_comes_back_is_shared(rich, session):
    loan = rich.lent("6431.27", count=12)
    before = position_of(session, rich.fund)

    call = rich.paid_call(loan.guarantee, unpaid=euro("6431.27"))
    recovery = calls.recover(session, call, amount=euro("1500.00"), on=date(2026, 10, 1))

    books = journal.balances(session, rich.fund)
    assert call.amount == euro("5145.02")
    assert (recovery.fund_share, recovery.counterpart_share) == (euro("1200.00"), euro("300.00"))
    assert books[Account.BANK] == before.capital - euro("5145.02") + 1200
    assert books[Account.RISK_FUND] == books[Account.GUARANTEES] == 0
    assert books[Account.RECOURSE] == call.credit == euro("3945.02")
    assert (loan.state, loan.guarantee.state) == (LoanState.CALLED, GuaranteeState.IN_RECOVERY)


def test_a_call_that_waits_is_provided_for(rich, session):
    loan = rich.lent("1000")

    call = rich.call(loan.guarantee, unpaid=euro(1000))

    assert position_of(session, rich.fund).provisions == call.amount == euro(800)
    calls.turn_down(session, call, reason="Debito già saldato")
    assert position_of(session, rich.fund).provisions == 0
    assert loan.guarantee.state is GuaranteeState.ACTIVE


def test_a_debtor_who_pays_while_a_call_waits_is_not_paid_for(rich, session):
    loan = rich.lent("1000")
    call = rich.call(loan.guarantee, unpaid=euro(1000))
    loans.pay_loan(session, loan, amount=euro(1000), paid_on=date(2026, 9, 5))
    with rich.signed_in("manager"):
        calls.accept_as_manager(session, call)
    with rich.signed_in("accountant"):
        calls.accept_as_accountant(session, call)

    with pytest.raises(Refusal, match="turn the call down"):
        calls.pay_call(session, call, paid_on=date(2026, 9, 20))
    calls.turn_down(session, call, reason="Debito saldato", on=date(2026, 9, 21))

    assert (loan.guarantee.state, loan.guarantee.exposure) == (GuaranteeState.REPAID, 0)
    assert position_of(session, rich.fund).provisions == 0


def test_a_call_without_its_proofs_is_refused_naming_each(rich):
    loan = rich.lent("1000")

    with pytest.raises(Refusals) as refused:
        rich.call(loan.guarantee, unpaid=euro(100), arrears_list=False, notice_on=None, attempt=None)

    assert [one.field for one in refused.value.refusals] == ["arrears_list", "notice_on", "attempt"]


def test_no_call_passes_what_is_still_to_repay(rich, session):
    loan = rich.lent("1000")
    loans.pay_loan(session, loan, amount=euro(400), paid_on=date(2026, 5, 10))

    with pytest.raises(Refusal, match="600,00"):
        rich.call(loan.guarantee, unpaid=euro("600.01"))


def test_two_different_people_accept_a_call_and_neither_wrote_it_down(rich, session):
    loan = rich.lent("1000")
    with rich.signed_in("clerk"):
        call = rich.call(loan.guarantee, unpaid=euro(1000))
        with pytest.raises(SamePerson, match="You wrote this call down"):
            calls.accept_as_manager(session, call)
    with rich.signed_in("manager"):
        calls.accept_as_manager(session, call)
        with pytest.raises(SamePerson, match="a colleague accepts it second"):
            calls.accept_as_accountant(session, call)
    with pytest.raises(Refusal):
        calls.pay_call(session, call)
    with rich.signed_in("accountant"):
        calls.accept_as_accountant(session, call)

    assert call.state is CallState.TO_PAY


def test_a_rent_is_called_from_the_third_unpaid_month_then_for_those_that_follow(rich, session):
    line = rich.new_line(LineKind.RENT, "Affitto sicuro", coverage=euro(100))
    guarantee = rich.issued("5400", line=line, monthly_rent=euro(450), months=24)
    guarantees.activate(session, guarantee)

    with pytest.raises(Refusal, match="number 3"):
        rich.call(guarantee, unpaid_months=2)
    first = rich.paid_call(guarantee, unpaid_months=3)
    second = rich.paid_call(guarantee, unpaid_months=5)

    assert (first.amount, second.amount) == (euro(1350), euro(900))
    assert guarantee.exposure == euro(5400) - 1350 - 900
    assert journal.balances(session, rich.fund)[Account.GUARANTEES] == guarantee.exposure


def test_what_is_written_off_is_a_loss_and_later_recoveries_are_income(rich, session):
    loan = rich.lent("1000")
    call = rich.paid_call(loan.guarantee, unpaid=euro(1000))
    calls.recover(session, call, amount=euro(250), on=date(2026, 10, 1))

    calls.write_off(session, call, reason="Irreperibile", on=date(2026, 12, 1))
    calls.recover(session, call, amount=euro(100), on=date(2026, 12, 20))

    books = journal.balances(session, rich.fund)
    assert (books[Account.LOSSES], books[Account.RECOVERED_LOSSES], books[Account.RECOURSE]) == (600, -80, 0)
    assert loan.guarantee.state is GuaranteeState.CLOSED_LOST
    with pytest.raises(Refusal, match="may still recover"):
        calls.recover(session, call, amount=euro("650.01"), on=date(2026, 12, 21))


def test_a_recovery_of_everything_closes_the_practice(rich, session):
    loan = rich.lent("1000")
    call = rich.paid_call(loan.guarantee, unpaid=euro(1000))

    calls.recover(session, call, amount=euro(1000), on=date(2026, 10, 1))

    assert (call.credit, loan.guarantee.state) == (0, GuaranteeState.CLOSED_RECOVERED)


def test_a_called_rent_puts_nothing_more_at_risk_once_its_term_has_passed(rich, session):
    line = rich.new_line(LineKind.RENT, "Affitto sicuro", coverage=euro(100))
    guarantee = rich.issued("5400", line=line, monthly_rent=euro(450), months=24)
    guarantees.activate(session, guarantee)
    rich.paid_call(guarantee, unpaid_months=3)

    guarantees.expire_overdue(session, on=guarantee.expires_on)
    assert guarantee.exposure == euro(5400) - 1350
    guarantees.expire_overdue(session, on=guarantee.expires_on + timedelta(days=1))

    assert (guarantee.exposure, guarantee.state) == (0, GuaranteeState.CALLED)
    assert journal.balances(session, rich.fund)[Account.GUARANTEES] == 0

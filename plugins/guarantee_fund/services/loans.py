"""The loans that the fund guarantees: disbursed, repaid, watched."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core.api import Refusal, _, show_money, show_number, values_of
from plugins.guarantee_fund.models import (
    Fund,
    Guarantee,
    GuaranteeState,
    Lender,
    LineKind,
    Loan,
    LoanInstalment,
    LoanPayment,
    LoanSettlement,
    LoanState,
)
from plugins.guarantee_fund.rules.exposure import NOTHING, loan_exposure
from plugins.guarantee_fund.rules.schedules import Repayment, Terms, schedule
from plugins.guarantee_fund.rules.settlement import Due, Part, Settled, settle
from plugins.guarantee_fund.services import journal
from plugins.guarantee_fund.services.guarantees import end, reduce

DAYS_LATE = ("guarantee_fund.late_days", "guarantee_fund.non_performing_days")
REPAID_IN_FULL = (LoanState.CALLED, LoanState.REPAID)


def disburse_loan(
    session: Session,
    guarantee: Guarantee,
    *,
    disbursed_on: date,
    first_due: date,
    repayment: Repayment,
    rate: Decimal | None = None,
    principal: Decimal | None = None,
    count: int | None = None,
    grace: int | None = None,
) -> Loan:
    """Write down the loan that the lender gave: its schedule is made, and the guarantee is active."""
    if guarantee.line.kind not in {LineKind.LOAN, LineKind.SOCIAL_LOAN}:
        raise Refusal(_("This line guarantees no loans."))
    if guarantee.state is not GuaranteeState.ISSUED:
        raise Refusal(_("Issue the guarantee first: it is %(state)s.", state=guarantee.state.label))
    lent, percent = principal or guarantee.principal, rate or NOTHING
    terms = Terms(lent, percent, count or guarantee.application.months, first_due, repayment, grace or 0)
    _check(guarantee, terms, disbursed_on)
    loan = Loan(
        guarantee=guarantee, lender=guarantee.application.lender or Lender.BANK, principal=lent, rate=percent,
        count=terms.count, grace=terms.grace, first_due=first_due, repayment=repayment, disbursed_on=disbursed_on,
        rows=[
            LoanInstalment(
                number=row.number, due=row.due, interest=row.interest, principal=row.principal, balance=row.balance
            )
            for row in schedule(terms)
        ],
    )  # fmt: skip
    session.add(loan)
    session.flush()
    fund = journal.lock_fund(session, guarantee.fund)
    guarantee.state = GuaranteeState.ACTIVE
    guarantee.expires_on = max(guarantee.expires_on or disbursed_on, loan.rows[-1].due)
    _follow(session, fund, loan, on=disbursed_on)
    return loan


def record_loan_payment(
    session: Session,
    *,
    loan: Loan,
    amount: Decimal,
    paid_on: date,
    costs: Decimal | None = None,
    default_interest: Decimal | None = None,
    reference: str | None = None,
) -> LoanPayment:
    """Write down what the borrower paid; costs and default interest of the day are settled first (art. 1194 c.c.).

    What passes the whole loan is left over, written on the payment, and given back by the lender.
    """
    if amount <= 0:
        raise Refusal(_("Write an amount above zero."), field="amount")
    if loan.state in REPAID_IN_FULL:
        raise Refusal(_("This loan is %(state)s.", state=loan.state.label))
    if paid_on < loan.disbursed_on:
        raise Refusal(_("The payment comes before the loan."), field="paid_on")
    fund = journal.lock_fund(session, loan.guarantee.fund)
    session.refresh(loan)
    loan.costs += costs or NOTHING
    loan.default_interest += default_interest or NOTHING
    dues = [Due(row.number, row.due, row.interest - row.interest_paid, row.principal - row.principal_paid)
            for row in loan.rows]  # fmt: skip
    parts, left = settle(amount, on=paid_on, costs=loan.costs, default_interest=loan.default_interest, dues=dues)
    payment = LoanPayment(
        loan=loan, paid_on=paid_on, amount=amount, credit=left, reference=reference,
        parts=[LoanSettlement(part=one.part, number=one.number, amount=one.amount) for one in parts],
    )  # fmt: skip
    session.add(payment)
    _apply(loan, parts)
    session.flush()
    _follow(session, fund, loan, on=paid_on)
    return payment


def pay_loan(session: Session, loan: Loan, *, amount: Decimal, paid_on: date, **rest: Any) -> LoanPayment:
    """The same, from the loan's own page."""
    return record_loan_payment(session, loan=loan, amount=amount, paid_on=paid_on, **rest)


def review_loans(session: Session, *, on: date) -> list[Loan]:
    """Bring every running loan's state to a day; those that changed."""
    wanted = select(Loan).where(Loan.state.not_in(REPAID_IN_FULL)).options(selectinload(Loan.rows))
    limits, changed = limits_on(session, on), []
    for loan in session.scalars(wanted).all():
        if (state := state_on(loan, on, limits)) is not loan.state:
            loan.state = state
            changed.append(loan)
    session.flush()
    return changed


def limits_on(session: Session, on: date) -> tuple[int, int]:
    """After how many days a loan is late, and after how many it is non-performing."""
    found = values_of(session, *DAYS_LATE, on=on)
    late, non_performing = (int(found[key]) for key in DAYS_LATE)
    return late, non_performing


def state_on(loan: Loan, on: date, limits: tuple[int, int]) -> LoanState:
    """Regular, late or non-performing, by the days of the oldest instalment not wholly paid."""
    (late, non_performing), days = limits, loan.days_late(on)
    if days > non_performing:
        return LoanState.NON_PERFORMING
    return LoanState.LATE if days > late else LoanState.REGULAR


def _apply(loan: Loan, parts: Iterable[Settled]) -> None:
    rows = {row.number: row for row in loan.rows}
    for one in parts:
        if one.part is Part.COSTS:
            loan.costs -= one.amount
        elif one.part is Part.DEFAULT_INTEREST:
            loan.default_interest -= one.amount
        elif one.part is Part.INTEREST:
            rows[one.number].interest_paid += one.amount
        else:
            rows[one.number].principal_paid += one.amount


def _follow(session: Session, fund: Fund, loan: Loan, *, on: date) -> None:
    """The guarantee follows the loan: less is at risk as it is repaid, and nothing when it is over."""
    guarantee = loan.guarantee
    reduce(
        session, fund, guarantee, min(loan_exposure(loan.outstanding, guarantee.coverage), guarantee.exposure), on=on
    )
    if all(row.owed == 0 for row in loan.rows):
        loan.state = LoanState.REPAID
        # A call that waits is turned down by a person; the guarantee ends with it.
        if guarantee.state is GuaranteeState.ACTIVE:
            end(session, guarantee, GuaranteeState.REPAID, on=on, reason=str(_("Loan repaid")))
    else:
        loan.state = state_on(loan, on, limits_on(session, on))
    session.flush()


def _check(guarantee: Guarantee, terms: Terms, disbursed_on: date) -> None:
    most = guarantee.line.highest_rate
    if terms.principal > guarantee.principal:
        raise Refusal(
            _("The committee approved %(amount)s.", amount=show_money(guarantee.principal)), field="principal"
        )
    if most is not None and terms.rate > most:
        raise Refusal(_("The line allows at most %(rate)s%% a year.", rate=show_number(most)), field="rate")
    if terms.repayment is Repayment.ZERO_INTEREST and terms.rate:
        raise Refusal(_("A loan without interest has no rate."), field="rate")
    if terms.repayment is not Repayment.ZERO_INTEREST and not terms.rate:
        raise Refusal(_("Write the rate, or choose a loan without interest."), field="rate")
    if terms.first_due < disbursed_on:
        raise Refusal(_("The first instalment comes before the loan."), field="first_due")

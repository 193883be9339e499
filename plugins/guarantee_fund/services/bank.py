"""The fund's account: statements read once, movements recorded as what they are, orders to the bank."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from core.api import (
    Organisation,
    Party,
    Person,
    Refusal,
    SentFile,
    Transfer,
    _,
    credit_transfers,
    read_statement,
    show_money,
)
from plugins.guarantee_fund.models import (
    BankLine,
    BankLineState,
    Call,
    CallState,
    Fund,
    FundLine,
    Guarantee,
    GuaranteeState,
    LineKind,
    Loan,
)
from plugins.guarantee_fund.services import calls, funds, guarantees, loans


@dataclass(frozen=True)
class Order:
    """One payment that waits for the bank: a call accepted by two, or a deposit to advance."""

    guarantee: Guarantee
    amount: Decimal
    text: str
    record: Call | Guarantee

    @property
    def key(self) -> str:
        """Its name in a form, and in the bank's file."""
        return str(self.record.id)


def read_movements(session: Session, fund: Fund, *, file: SentFile) -> list[BankLine]:
    """Bring a statement of the fund's account in, CSV or CAMT.053; movements already known have no effect."""
    told = read_statement(file.content)
    if told.account and fund.iban and told.account.replace(" ", "") != fund.iban:
        raise Refusal(
            _("This is the statement of %(account)s, and the fund's account is %(iban)s.",
              account=told.account, iban=fund.iban), field="file",
        )  # fmt: skip
    prints = [line.fingerprint for line in told.lines]
    mine = select(BankLine.fingerprint).where(BankLine.fund_id == fund.id, BankLine.fingerprint.in_(prints))
    known = set(session.scalars(mine))
    numbers = dict(
        session.execute(
            select(Guarantee.number, Guarantee.id).where(Guarantee.fund_id == fund.id, Guarantee.number.is_not(None))
        ).all()
    )  # fmt: skip
    lines = [
        BankLine(
            fund_id=fund.id, booked_on=one.booked_on, amount=one.amount, counterpart=one.counterpart[:140] or None,
            counterpart_iban=one.counterpart_iban[:34] or None, text=one.text or None,
            end_to_end=one.end_to_end[:140] or None, fingerprint=one.fingerprint,
            guarantee_id=_named(numbers, f"{one.text} {one.end_to_end}"),
        )
        for one in told.lines if one.fingerprint not in known
    ]  # fmt: skip
    session.add_all(lines)
    session.flush()
    return lines


def record_contribution(
    session: Session,
    line: BankLine,
    *,
    organisation: Organisation | None = None,
    person: Person | None = None,
    restricted_to: FundLine | None = None,
) -> BankLine:
    """The movement is a contribution."""
    _refuse_unless(line, came_in=True)
    given = funds.receive_contribution(
        session, fund=line.fund, on=line.booked_on, amount=line.amount, organisation=organisation, person=person,
        line=restricted_to, note=line.text,
    )  # fmt: skip
    return _recorded(session, line, given)


def record_loan_payment(session: Session, line: BankLine, *, loan: Loan) -> BankLine:
    """The movement is an instalment that the borrower paid through the fund's account."""
    _refuse_unless(line, came_in=True)
    paid = loans.record_loan_payment(
        session, loan=loan, amount=line.amount, paid_on=line.booked_on, reference=(line.text or "")[:140] or None
    )
    return _recorded(session, line, paid)


def record_recovery(session: Session, line: BankLine, *, call: Call) -> BankLine:
    """The movement is money that came back after a call."""
    _refuse_unless(line, came_in=True)
    back = calls.recover(session, call, amount=line.amount, on=line.booked_on, note=(line.text or "")[:200] or None)
    return _recorded(session, line, back)


def record_returned_advance(session: Session, line: BankLine, *, guarantee: Guarantee) -> BankLine:
    """The movement is a deposit advance that came back."""
    _refuse_unless(line, came_in=True)
    guarantees.return_advance(session, guarantee, amount=line.amount, on=line.booked_on)
    return _recorded(session, line, guarantee)


def record_paid_call(session: Session, line: BankLine, *, call: Call) -> BankLine:
    """The movement is the payment of a call, to the cent."""
    _refuse_unless(line, came_in=False)
    _refuse_other_amount(line, call.amount, "call")
    return _recorded(session, line, calls.pay_call(session, call, paid_on=line.booked_on))


def record_paid_advance(session: Session, line: BankLine, *, guarantee: Guarantee) -> BankLine:
    """The movement is a deposit paid in advance, to the cent."""
    _refuse_unless(line, came_in=False)
    _refuse_other_amount(line, guarantee.amount, "guarantee")
    return _recorded(session, line, guarantees.pay_advance(session, guarantee, on=line.booked_on))


def record_cost(session: Session, line: BankLine, *, reason: str) -> BankLine:
    """The movement is a cost that the regulation lets the fund bear."""
    _refuse_unless(line, came_in=False)
    return _recorded(
        session, line, funds.charge_cost(session, line.fund, amount=-line.amount, on=line.booked_on, reason=reason)
    )


def set_aside(session: Session, line: BankLine, *, note: str) -> BankLine:
    """The movement is none of the fund's business."""
    _refuse_unless(line)
    line.state, line.note = BankLineState.ASIDE, note
    session.flush()
    return line


def orders_of(session: Session, fund: Fund) -> list[Order]:
    """What waits to be paid from the fund's account."""
    paying = (
        select(Call)
        .join(Call.guarantee)
        .where(Guarantee.fund_id == fund.id, Call.state == CallState.TO_PAY)
        .options(contains_eager(Call.guarantee).joinedload(Guarantee.counterpart))
    )
    advances = (
        select(Guarantee)
        .join(Guarantee.line)
        .where(
            Guarantee.fund_id == fund.id,
            Guarantee.state == GuaranteeState.APPROVED,
            FundLine.kind == LineKind.DEPOSIT,
        )
        .options(joinedload(Guarantee.counterpart), joinedload(Guarantee.application))
    )
    return [
        *(Order(one.guarantee, one.amount, str(_("Call on %(guarantee)s", guarantee=one.guarantee)), one)
          for one in session.scalars(paying.order_by(Call.requested_on))),
        *(Order(one, one.amount, str(_("Deposit of %(application)s", application=one.application)), one)
          for one in session.scalars(advances.order_by(Guarantee.approved_on))),
    ]  # fmt: skip


def payment_file(fund: Fund, orders: Sequence[Order], *, holder: str, on: date, written_at: datetime) -> bytes:
    """The order to the bank for these payments (SEPA pain.001), valid for its schema."""
    if not fund.iban:
        raise Refusal(_("Write the fund's IBAN first."))
    transfers = [_transfer(one) for one in orders]
    payer = Party(name=holder, iban=fund.iban, bic=fund.bic or "")
    return credit_transfers(payer, transfers, on=on, message=f"FUND-{written_at:%Y%m%d%H%M%S}", written_at=written_at)


def _transfer(order: Order) -> Transfer:
    counterpart = order.guarantee.counterpart
    if not counterpart.ibans:
        raise Refusal(_("%(name)s has no IBAN in the registry: write it there first.", name=counterpart))
    return Transfer(
        amount=order.amount, name=counterpart.name, iban=counterpart.ibans[0].iban,
        end_to_end=order.key.replace("-", "")[:35], text=order.text,
    )  # fmt: skip


def _named(numbers: dict[Any, Any], text: str) -> Any:
    told = text.upper()
    return next((key for number, key in numbers.items() if number.upper() in told), None)


def _recorded(session: Session, line: BankLine, became: Any) -> BankLine:
    line.state, line.became, line.became_id = BankLineState.RECORDED, str(became)[:120], became.id
    session.flush()
    return line


def _refuse_unless(line: BankLine, *, came_in: bool | None = None) -> None:
    if line.state is not BankLineState.OPEN:
        raise Refusal(_("This movement is %(state)s.", state=line.state.label))
    if came_in is not None and (line.amount > 0) is not came_in:
        raise Refusal(_("This money went out.") if came_in else _("This money came in."))


def _refuse_other_amount(line: BankLine, amount: Decimal, name: str) -> None:
    if -line.amount != amount:
        raise Refusal(
            _("The bank paid %(paid)s, and here %(amount)s are due.",
              paid=show_money(-line.amount), amount=show_money(amount)), field=name,
        )  # fmt: skip


def sum_of(orders: Iterable[Order]) -> Decimal:
    """What the orders come to."""
    return sum((one.amount for one in orders), Decimal(0))

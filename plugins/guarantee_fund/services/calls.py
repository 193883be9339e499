"""Calls: asked with their proofs, accepted by two people, paid, recovered, written off."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import Refusal, Refusals, Words, _, integer_of, scope_of, show_date, show_money, today
from plugins.guarantee_fund.models import (
    Call,
    CallState,
    EntryKind,
    Guarantee,
    GuaranteeState,
    LineKind,
    LoanState,
    Recovery,
)
from plugins.guarantee_fund.rules import journal as postings
from plugins.guarantee_fund.rules.calls import RentLimits, loan_call, rent_call, split_recovery
from plugins.guarantee_fund.rules.exposure import NOTHING
from plugins.guarantee_fund.services import journal
from plugins.guarantee_fund.services.guarantees import end, reduce

WAITING = (CallState.REQUESTED, CallState.CONTESTED, CallState.ACCEPTED, CallState.TO_PAY)


class SamePerson(Refusal):
    """Two different people accept a call, and neither wrote it down."""


def request_call(
    session: Session,
    guarantee: Guarantee,
    *,
    requested_on: date | None = None,
    unpaid: Decimal | None = None,
    unpaid_months: int | None = None,
    arrears_list: bool = False,
    notice_on: date | None = None,
    attempt: str | None = None,
) -> Call:
    """Write down what a counterpart asks, with its proofs; the fund provides for it at once (R-G4)."""
    day = requested_on or today()
    _check_callable(guarantee, day)
    _check_proofs(arrears_list=arrears_list, notice_on=notice_on, attempt=attempt, day=day)
    fund = journal.lock_fund(session, guarantee.fund)
    session.refresh(guarantee)
    amount = _amount(session, guarantee, unpaid, unpaid_months, day)
    call = Call(
        guarantee=guarantee, requested_on=day, unpaid=unpaid, unpaid_months=unpaid_months, amount=amount,
        arrears_list=arrears_list, notice_on=notice_on, attempt=attempt, requested_by_id=scope_of(session).user_id,
    )  # fmt: skip
    session.add(call)
    guarantee.state = GuaranteeState.CALL_REQUESTED
    session.flush()
    journal.record(
        session, fund, EntryKind.PROVISION, postings.provision(amount), on=day,
        text=_("Provision for %(call)s", call=call), source=call.id,
    )  # fmt: skip
    return call


def contest(session: Session, call: Call, *, reason: str) -> Call:
    """The fund contests a call: it stays provided for until it is settled."""
    _refuse_unless(call, CallState.REQUESTED, CallState.ACCEPTED)
    call.state, call.reason = CallState.CONTESTED, reason
    call.first_by = call.first_id = None
    call.guarantee.state = GuaranteeState.CONTESTED
    session.flush()
    return call


def turn_down(session: Session, call: Call, *, reason: str, on: date | None = None) -> Call:
    """Turn a call down: the provision is released and the guarantee goes on."""
    _refuse_unless(call, *WAITING)
    day = on or today()
    fund = journal.lock_fund(session, call.guarantee.fund)
    call.state, call.reason = CallState.TURNED_DOWN, reason
    journal.record(
        session, fund, EntryKind.RELEASE, postings.release(call.amount), on=day,
        text=_("Provision for %(call)s released", call=call), source=call.id,
    )  # fmt: skip
    _resume(session, call.guarantee, on=day)
    return call


def _resume(session: Session, guarantee: Guarantee, *, on: date) -> None:
    """Where a guarantee stands when a call on it is turned down."""
    paid = select(Call.id).where(Call.guarantee_id == guarantee.id, Call.state == CallState.PAID)
    guarantee.state = GuaranteeState.CALLED if session.scalars(paid).first() else GuaranteeState.ACTIVE
    if guarantee.loan is not None and guarantee.loan.state is LoanState.REPAID:
        end(session, guarantee, GuaranteeState.REPAID, on=on, reason=str(_("Loan repaid")))
    session.flush()


def accept_as_manager(session: Session, call: Call) -> Call:
    """The manager's yes, the first of two."""
    _refuse_unless(call, CallState.REQUESTED, CallState.CONTESTED)
    call.first_by, call.first_id = scope_of(session).actor, _signed(session, call)
    call.state, call.guarantee.state = CallState.ACCEPTED, GuaranteeState.CALL_REQUESTED
    session.flush()
    return call


def accept_as_accountant(session: Session, call: Call) -> Call:
    """The accountant's yes, the second: another person than the first."""
    _refuse_unless(call, CallState.ACCEPTED)
    signed = _signed(session, call)
    if signed == call.first_id:
        raise SamePerson(_("You already accepted this call: a colleague accepts it second."))
    call.second_by, call.second_id, call.state = scope_of(session).actor, signed, CallState.TO_PAY
    session.flush()
    return call


def pay_call(session: Session, call: Call, *, paid_on: date | None = None) -> Call:
    """Write down that the counterpart was paid: the fund may now claim the money back."""
    day = paid_on or today()
    _refuse_unless(call, CallState.TO_PAY)
    if day < call.requested_on:
        raise Refusal(_("The payment comes before the call."), field="paid_on")
    guarantee = call.guarantee
    fund = journal.lock_fund(session, guarantee.fund)
    session.refresh(guarantee)
    if call.amount > guarantee.exposure:
        raise Refusal(
            _("Since the call the debtor paid, and the guarantee covers %(exposure)s now: turn the call down, and let "
              "it be asked again.", exposure=show_money(guarantee.exposure))
        )  # fmt: skip
    journal.record(
        session, fund, EntryKind.CALL, postings.call_paid(call.amount), on=day,
        text=_("%(call)s paid", call=call), source=call.id,
    )  # fmt: skip
    guarantee.exposure -= call.amount
    if guarantee.line.kind is not LineKind.RENT:
        # A loan is called whole: nothing more can be asked of its guarantee.
        reduce(session, fund, guarantee, NOTHING, on=day)
        if guarantee.loan is not None:
            guarantee.loan.state = LoanState.CALLED
    call.state, call.paid_on, guarantee.state = CallState.PAID, day, GuaranteeState.CALLED
    session.flush()
    return call


def recover(
    session: Session, call: Call, *, amount: Decimal, on: date | None = None, note: str | None = None
) -> Recovery:
    """Share what came back between the fund and the counterpart (R-G5)."""
    day = on or today()
    if amount <= 0:
        raise Refusal(_("Write an amount above zero."), field="amount")
    _refuse_unless(call, CallState.PAID)
    if call.paid_on is not None and day < call.paid_on:
        raise Refusal(_("The recovery comes before the call was paid."), field="on")
    fund = journal.lock_fund(session, call.guarantee.fund)
    session.refresh(call)
    share, rest = split_recovery(amount, call.guarantee.coverage)
    lost = call.credit == 0 and call.written_off > 0
    limit = call.written_off - _recovered_after_loss(call) if lost else call.credit
    if share > limit:
        raise Refusal(
            _("The fund may still recover %(limit)s, and its share of this would be %(share)s.",
              limit=show_money(limit), share=show_money(share)), field="amount",
        )  # fmt: skip
    recovery = Recovery(
        call=call, on=day, amount=amount, fund_share=share, counterpart_share=rest, after_loss=lost, note=note
    )
    session.add(recovery)
    session.flush()
    journal.record(
        session, fund, EntryKind.RECOVERY, postings.recovery(share, written_off=lost), on=day,
        text=_("Recovery on %(call)s", call=call), source=recovery.id,
    )  # fmt: skip
    session.refresh(call)
    _settle_state(call)
    session.flush()
    return recovery


def write_off(session: Session, call: Call, *, reason: str, on: date | None = None) -> Call:
    """Give up what is still to be recovered: it becomes a loss."""
    _refuse_unless(call, CallState.PAID)
    if call.credit <= 0:
        raise Refusal(_("Nothing is left to recover."))
    fund = journal.lock_fund(session, call.guarantee.fund)
    session.refresh(call)
    lost = call.credit
    journal.record(
        session, fund, EntryKind.WRITE_OFF, postings.write_off(lost), on=on or today(),
        text=_("Loss on %(call)s", call=call), source=call.id,
    )  # fmt: skip
    call.written_off += lost
    call.guarantee.state, call.guarantee.ending = GuaranteeState.CLOSED_LOST, reason
    session.flush()
    return call


def _amount(
    session: Session, guarantee: Guarantee, unpaid: Decimal | None, unpaid_months: int | None, day: date
) -> Decimal:
    if guarantee.line.kind is LineKind.RENT:
        limits = RentLimits(
            first_month=integer_of(session, "guarantee_fund.rent_first_month", on=day),
            months=guarantee.rent_months or 0, cap=guarantee.amount,
        )  # fmt: skip
        paid = guarantee.amount - guarantee.exposure
        return min(rent_call(unpaid_months or 0, guarantee.monthly_rent or NOTHING, limits=limits, paid=paid),
                   guarantee.exposure)  # fmt: skip
    if guarantee.loan is not None and unpaid is not None and unpaid > guarantee.loan.outstanding:
        raise Refusal(
            _("Of the loan %(amount)s are still to repay: no more can be unpaid.",
              amount=show_money(guarantee.loan.outstanding)), field="unpaid",
        )  # fmt: skip
    return loan_call(unpaid or NOTHING, coverage=guarantee.coverage, exposure=guarantee.exposure)


def _check_callable(guarantee: Guarantee, day: date) -> None:
    again = guarantee.line.kind is LineKind.RENT and guarantee.state is GuaranteeState.CALLED and guarantee.exposure > 0
    if guarantee.state is not GuaranteeState.ACTIVE and not again:
        raise Refusal(_("This guarantee is %(state)s: it cannot be called.", state=guarantee.state.label))
    if guarantee.line.kind is LineKind.DEPOSIT:
        raise Refusal(_("A deposit advance is not called: it is returned or lost."))
    if guarantee.expires_on is not None and day > guarantee.expires_on:
        raise Refusal(_("It could be called until %(day)s.", day=show_date(guarantee.expires_on)), field="requested_on")


def _check_proofs(*, arrears_list: bool, notice_on: date | None, attempt: str | None, day: date) -> None:
    """A call needs what is unpaid, a formal notice before it, and an attempt of agreement."""
    missing: list[tuple[str, Words]] = []
    if not arrears_list:
        missing.append(("arrears_list", _("The list of what is unpaid is missing.")))
    if notice_on is None:
        missing.append(("notice_on", _("The written notice to the debtor is missing.")))
    elif notice_on > day:
        missing.append(("notice_on", _("The notice comes after the call.")))
    if not attempt:
        missing.append(("attempt", _("The attempt of agreement is missing: when, with whom, how it ended.")))
    if missing:
        raise Refusals([Refusal(words, field=name) for name, words in missing])


def _signed(session: Session, call: Call) -> UUID:
    """Who accepts: a person with a name, and never who wrote the call down."""
    user = scope_of(session).user_id
    if user is None:
        raise SamePerson(_("A call is accepted by a person who signed in."))
    if user == call.requested_by_id:
        raise SamePerson(_("You wrote this call down: two colleagues accept it."))
    return user


def _settle_state(call: Call) -> None:
    if call.credit > 0:
        call.guarantee.state = GuaranteeState.IN_RECOVERY
    elif not call.written_off:
        call.guarantee.state = GuaranteeState.CLOSED_RECOVERED


def _recovered_after_loss(call: Call) -> Decimal:
    return sum((one.fund_share for one in call.recoveries if one.after_loss), NOTHING)


def _refuse_unless(call: Call, *states: CallState) -> None:
    if call.state not in states:
        raise Refusal(_("This call is %(state)s: that cannot be done now.", state=call.state.label))

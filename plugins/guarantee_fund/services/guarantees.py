"""Guarantees: approved within what the fund has, issued, ended; deposits advanced and returned."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import Refusal, _, add_months, half_up, next_number, show_date, show_money, today
from plugins.guarantee_fund.models import (
    AgendaItem,
    Application,
    ApplicationState,
    EntryKind,
    Fund,
    FundState,
    Guarantee,
    GuaranteeState,
    LineKind,
)
from plugins.guarantee_fund.rules import journal as postings
from plugins.guarantee_fund.rules.exposure import NOTHING, PERCENT, rent_exposure
from plugins.guarantee_fund.rules.limits import Failure, FundLimits, LineLimits, Wanted, failures
from plugins.guarantee_fund.services import journal
from plugins.guarantee_fund.services.position import endowment_of, household_exposure, position_of, usable_for

SERIES = "GUARANTEE"
RUNNING = (GuaranteeState.ISSUED, GuaranteeState.ACTIVE)
CALLED = (
    GuaranteeState.CALLED, GuaranteeState.IN_RECOVERY, GuaranteeState.CLOSED_RECOVERED, GuaranteeState.CLOSED_LOST,
)  # fmt: skip


class LimitsExceeded(Refusal):
    """The fund cannot give this guarantee: the sentence lists every check that fails, with its figures."""

    def __init__(self, failed: list[Failure]) -> None:
        super().__init__("; ".join(str(one) for one in failed), field="approved")
        self.failed = failed


@dataclass(frozen=True)
class Proposal:
    """A guarantee as it would be: its principal, coverage, amount, and every check that it fails."""

    principal: Decimal
    coverage: Decimal
    amount: Decimal
    available: Decimal
    failed: list[Failure]


def propose(
    session: Session, application: Application, *, approved: Decimal | None = None, coverage: Decimal | None = None
) -> Proposal:
    """What would be guaranteed, and what stands against it now; nothing is written."""
    fund, line = application.fund, application.line
    principal = approved or application.amount
    percent = coverage if coverage is not None else usual_coverage(application)
    amount = half_up(principal * percent / PERCENT)
    if line.kind is LineKind.RENT:
        amount = rent_exposure(application.monthly_rent or NOTHING, line.rent_months, amount)
    position = position_of(session, fund)
    limits = FundLimits(
        available=position.available,
        usable=usable_for(session, fund, position, restrictions_of(application)),
        endowment=endowment_of(session, fund),
        household_exposure=household_exposure(session, fund, application.household_id),
        household_most=fund.household_most, household_percent=fund.household_percent,
        coverage_most=line.coverage if line.coverage is not None else fund.coverage_most,
    )  # fmt: skip
    wanted = Wanted(amount=amount, principal=principal, months=application.months)
    failed = failures(wanted, LineLimits(line.lowest, line.highest, line.most_months), limits)
    return Proposal(principal, percent, amount, position.available, failed)


def usual_coverage(application: Application) -> Decimal:
    """The line's own coverage, else the fund's usual one, in percent."""
    own = application.line.coverage
    return own if own is not None else application.fund.coverage_default


def restrictions_of(application: Application) -> frozenset[str]:
    """The donors' restrictions that an application meets: its line, and where the applicant lives."""
    town = application.person.residence_municipality_id
    return frozenset({f"line:{application.line_id}"} | ({f"town:{town}"} if town else set()))


def approve(
    session: Session,
    application: Application,
    *,
    item: AgendaItem,
    approved: Decimal | None = None,
    coverage: Decimal | None = None,
    on: date | None = None,
) -> Guarantee:
    """Commit the fund's money to an application, under the fund's lock: never more than it has.

    Raises `LimitsExceeded` with every check that fails.
    """
    day = on or today()
    fund = journal.lock_fund(session, application.fund)
    if fund.state is not FundState.OPEN:
        raise Refusal(_("This fund is closed: it gives no guarantees."))
    found = propose(session, application, approved=approved, coverage=coverage)
    if found.failed:
        raise LimitsExceeded(found.failed)
    valid_until = day + timedelta(days=fund.approval_days)
    guarantee = Guarantee(
        fund_id=fund.id, line_id=application.line_id, application=application, item=item,
        person_id=application.person_id, household_id=application.household_id,
        municipality_id=application.person.residence_municipality_id, counterpart_id=application.counterpart_id,
        principal=found.principal, coverage=found.coverage, amount=found.amount, exposure=found.amount,
        available_before=found.available, monthly_rent=application.monthly_rent,
        rent_months=application.line.rent_months if application.line.kind is LineKind.RENT else None,
        approved_on=day, valid_until=valid_until, subject=application.subject, lease_key=application.lease_key,
    )  # fmt: skip
    session.add(guarantee)
    application.state, application.decided_on = ApplicationState.APPROVED, day
    application.valid_until = valid_until
    session.flush()
    return guarantee


def issue(
    session: Session, guarantee: Guarantee, *, on: date | None = None, expires_on: date | None = None
) -> Guarantee:
    """Give the counterpart its letter: the guarantee gets its number and stands in the books."""
    day = on or today()
    _refuse_unless(guarantee, GuaranteeState.APPROVED)
    if guarantee.line.kind is LineKind.DEPOSIT:
        raise Refusal(_("A deposit is advanced, not guaranteed: pay the advance."))
    if day > guarantee.valid_until:
        raise Refusal(_("The approval lapsed on %(day)s.", day=show_date(guarantee.valid_until)), field="on")
    last = expires_on or add_months(day, guarantee.application.months)
    if last < day:
        raise Refusal(_("A guarantee does not end before it begins."), field="expires_on")
    fund = journal.lock_fund(session, guarantee.fund)
    guarantee.number = next_number(session, SERIES, on=day)
    guarantee.issued_on, guarantee.expires_on, guarantee.state = day, last, GuaranteeState.ISSUED
    journal.record(
        session, fund, EntryKind.ISSUE, postings.issue(guarantee.exposure), on=day,
        text=_("Guarantee %(number)s issued", number=guarantee.number), source=guarantee.id,
    )  # fmt: skip
    session.flush()
    return guarantee


def activate(session: Session, guarantee: Guarantee) -> Guarantee:
    """The lease has begun; a loan makes its guarantee active by being disbursed."""
    _refuse_unless(guarantee, GuaranteeState.ISSUED)
    if guarantee.line.kind is not LineKind.RENT:
        raise Refusal(_("Write down the loan that was disbursed: it makes the guarantee active."))
    guarantee.state = GuaranteeState.ACTIVE
    session.flush()
    return guarantee


def pay_advance(session: Session, guarantee: Guarantee, *, on: date | None = None) -> Guarantee:
    """Pay a deposit to the landlord for the tenant: the promise becomes money out."""
    day = on or today()
    _refuse_unless(guarantee, GuaranteeState.APPROVED)
    if guarantee.line.kind is not LineKind.DEPOSIT:
        raise Refusal(_("Only deposits are advanced."))
    if day > guarantee.valid_until:
        raise Refusal(_("The approval lapsed on %(day)s.", day=show_date(guarantee.valid_until)), field="on")
    fund = journal.lock_fund(session, guarantee.fund)
    guarantee.number = next_number(session, SERIES, on=day)
    guarantee.issued_on, guarantee.expires_on = day, add_months(day, guarantee.application.months)
    guarantee.advanced, guarantee.exposure, guarantee.state = guarantee.amount, NOTHING, GuaranteeState.ACTIVE
    journal.record(
        session, fund, EntryKind.ADVANCE, postings.advance(guarantee.amount), on=day,
        text=_("Deposit advance %(number)s", number=guarantee.number), source=guarantee.id,
    )  # fmt: skip
    session.flush()
    return guarantee


def return_advance(session: Session, guarantee: Guarantee, *, amount: Decimal, on: date | None = None) -> Guarantee:
    """Write down what came back of an advance; the last cent ends it."""
    if not 0 < amount <= guarantee.advanced:
        raise Refusal(
            _("What comes back is between one cent and %(amount)s.", amount=show_money(guarantee.advanced)),
            field="amount",
        )
    fund = journal.lock_fund(session, guarantee.fund)
    guarantee.advanced -= amount
    if not guarantee.advanced:
        guarantee.state = GuaranteeState.REPAID
    journal.record(
        session, fund, EntryKind.ADVANCE_RETURNED, postings.advance_returned(amount), on=on or today(),
        text=_("Deposit advance %(number)s returned", number=guarantee.number or ""), source=guarantee.id,
    )  # fmt: skip
    session.flush()
    return guarantee


def lose_advance(session: Session, guarantee: Guarantee, *, reason: str, on: date | None = None) -> Guarantee:
    """Give up what is still out of an advance."""
    if guarantee.advanced <= 0:
        raise Refusal(_("Nothing of this advance is still out."))
    fund = journal.lock_fund(session, guarantee.fund)
    journal.record(
        session, fund, EntryKind.WRITE_OFF, postings.advance_lost(guarantee.advanced), on=on or today(),
        text=_("Deposit advance %(number)s lost", number=guarantee.number or ""), source=guarantee.id,
    )  # fmt: skip
    guarantee.advanced, guarantee.ending, guarantee.state = NOTHING, reason, GuaranteeState.CLOSED_LOST
    session.flush()
    return guarantee


def revoke(session: Session, guarantee: Guarantee, *, reason: str, on: date | None = None) -> Guarantee:
    """Take a guarantee back before it is active."""
    _refuse_unless(guarantee, GuaranteeState.APPROVED, GuaranteeState.ISSUED)
    return end(session, guarantee, GuaranteeState.REVOKED, on=on or today(), reason=reason)


def expire(session: Session, guarantee: Guarantee, *, on: date | None = None) -> Guarantee:
    """End a guarantee whose term has passed without a call."""
    day = on or today()
    _refuse_unless(guarantee, *RUNNING)
    if guarantee.expires_on is None or day <= guarantee.expires_on:
        last = show_date(guarantee.expires_on) if guarantee.expires_on else "–"
        raise Refusal(_("It may be called until %(day)s.", day=last))
    return end(session, guarantee, GuaranteeState.EXPIRED, on=day, reason=str(_("Term passed")))


def expire_overdue(session: Session, *, on: date) -> list[Guarantee]:
    """Every running guarantee whose term has passed, ended; advances wait for their money.

    What was called before keeps its state and puts nothing more at risk: it can be called no more.
    """
    over = select(Guarantee).where(Guarantee.state.in_(CALLED), Guarantee.exposure > 0, Guarantee.expires_on < on)
    for one in session.scalars(over).all():
        reduce(session, journal.lock_fund(session, one.fund), one, NOTHING, on=on)
    session.flush()
    wanted = select(Guarantee).where(
        Guarantee.state.in_(RUNNING), Guarantee.expires_on < on, Guarantee.advanced == NOTHING
    )
    return [expire(session, one, on=on) for one in session.scalars(wanted).all()]


def lapse(session: Session, application: Application, *, on: date) -> bool:
    """Let an approval lapse when its guarantee was not issued in time; False when it was."""
    found = session.scalars(select(Guarantee).where(Guarantee.application_id == application.id)).one()
    if found.state is not GuaranteeState.APPROVED:
        return False
    end(session, found, GuaranteeState.LAPSED, on=on, reason=str(_("Not issued in time")))
    application.state = ApplicationState.LAPSED
    session.flush()
    return True


def end(session: Session, guarantee: Guarantee, state: GuaranteeState, *, on: date, reason: str) -> Guarantee:
    """Bring a guarantee to an end: what it still puts at risk leaves the books."""
    fund = journal.lock_fund(session, guarantee.fund)
    reduce(session, fund, guarantee, NOTHING, on=on)
    guarantee.state, guarantee.ending = state, reason[:300]
    session.flush()
    return guarantee


def reduce(session: Session, fund: Fund, guarantee: Guarantee, exposure: Decimal, *, on: date) -> None:
    """Lower what a guarantee puts at risk, in the books too when it was issued."""
    difference, guarantee.exposure = guarantee.exposure - exposure, exposure
    if guarantee.issued_on is not None:
        journal.record(
            session, fund, EntryKind.REDUCTION, postings.reduction(difference), on=on,
            text=_("Guarantee %(number)s reduced", number=guarantee.number or ""), source=guarantee.id,
        )  # fmt: skip


def _refuse_unless(guarantee: Guarantee, *states: GuaranteeState) -> None:
    if guarantee.state not in states:
        raise Refusal(_("This guarantee is %(state)s: that cannot be done now.", state=guarantee.state.label))

"""Documents of the rent: statement, reminder, formal notice, receipt of a payment, return of a deposit, arrears."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from core.api import Refusal, Words, _, in_context, integer_of, parts, show_date, show_money, show_percent, today
from plugins.housing.documents.people import tenants_of, where
from plugins.housing.models import Charge, DepositKind, Lease, Payment, RepaymentPlan
from plugins.housing.rules.arrears import Bucket, ageing, days_late
from plugins.housing.rules.deposits import YearInterest
from plugins.housing.rules.ledger import NOTHING
from plugins.housing.services import arrears, deposits, ledger
from plugins.housing.services.terms import last_day

Values = dict[str, Any]
Column = parts.TableColumn
ALLOCATION = _("Payments settle what the payer declares; else costs, then interest, then the oldest debt "
               "(arts. 1193 and 1194 c.c.).")  # fmt: skip


def statement(session: Session, lease: Lease) -> Values:
    """Every charge and payment of a lease in order, with the balance after each, and what is open by age."""
    day = today()
    rows, balance = [], NOTHING
    for entry in reversed(ledger.statement(lease)):
        owed = entry.amount if isinstance(entry, Charge) else -entry.amount
        balance += owed
        rows.append(_entry(entry, balance))
    return {
        "title": _("Statement of lease %(number)s at %(day)s", number=lease.number, day=show_date(day)),
        "to": tenants_of(lease),
        "parts": [
            _lease(lease),
            parts.heading(_("Charges and payments")),
            parts.table(
                [Column(_("Day")), Column(_("What"), width=1), Column(_("Charged"), number=True),
                 Column(_("Paid"), number=True), Column(_("Balance"), number=True)],
                rows, total=[_("Total"), "", show_money(_sum(lease.charges)), show_money(_sum(lease.payments)),
                             show_money(balance)],
                none=_("Nothing was charged or paid yet."),
            ),
            parts.heading(_("What is open, by days late")),
            _ageing(ageing(arrears.open_on(lease.charges, day), day)),
            parts.text(ALLOCATION),
        ],
    }  # fmt: skip


def _entry(entry: Charge | Payment, balance: Decimal) -> list[Words | int]:
    if isinstance(entry, Charge):
        told = entry.note or str(entry)
        return [show_date(entry.due_on), told, show_money(entry.amount), "", show_money(balance)]
    what = f"{entry.method.label} {entry.reference or ''}".strip()
    return [show_date(entry.paid_on), what, "", show_money(entry.amount), show_money(balance)]


def _sum(entries: Iterable[Any]) -> Decimal:
    return sum((one.amount for one in entries), NOTHING)


def _ageing(buckets: list[Bucket]) -> parts.Part:
    return parts.table(
        [Column(_("Days late"), width=1), Column(_("Amount"), number=True)],
        [[bucket.label, show_money(bucket.amount)] for bucket in buckets],
        total=[_("Total"), show_money(_sum(buckets))], none="",
    )  # fmt: skip


def _lease(lease: Lease) -> parts.Part:
    return parts.facts(
        (_("Lease"), lease.number), (in_context("dwelling", "Home"), f"{lease.dwelling.code}, {where(lease.dwelling)}"),
        (_("Tenants"), lease.tenant_names), (_("First day"), show_date(lease.starts_on)),
        (_("Last day"), show_date(lease.ends_on) if lease.ends_on else ""),
        (_("Monthly rent"), show_money(lease.monthly_rent)),
    )  # fmt: skip


def is_late(lease: Lease) -> bool:
    """Whether something of the lease is past its due date."""
    return bool(_late(lease, today()))


def reminder(session: Session, lease: Lease) -> Values:
    """A first, kind reminder of what is past due."""
    day = today()
    return {
        "title": _("Reminder of payment, lease %(number)s", number=lease.number),
        "to": tenants_of(lease),
        "parts": [
            parts.text(_("Our records show that the amounts below are past their due date. If you have paid in the "
                         "meantime, take no notice of this letter.")),
            _open_charges(lease, day),
            parts.text(
                _("Please pay by %(day)s. If you are in difficulty, get in touch with this office: a repayment plan "
                  "can be agreed.", day=show_date(last_day(session, day, "housing.payment_days"))),
                ALLOCATION,
            ),
        ],
    }  # fmt: skip


def formal_notice(session: Session, lease: Lease) -> Values:
    """The formal notice to pay, with the day by which and what may follow."""
    day = today()
    serious = arrears.alerts_of(session, lease, on=day)
    return {
        "title": _("Formal notice to pay, lease %(number)s", number=lease.number),
        "to": tenants_of(lease),
        "parts": [
            parts.text(_("The amounts below are still unpaid. With this letter you are formally put in default.")),
            _lease(lease),
            _open_charges(lease, day),
            parts.text(
                _("You are asked to pay the whole amount by %(day)s.",
                  day=show_date(last_day(session, day, "housing.payment_days"))),
                _("The arrears have reached what art. 5 L. 392/1978 holds to be serious.") if serious else "",
                _("If nothing is paid and no repayment plan is agreed by then, this office will protect its rights "
                  "before the court, at your expense."),
                _("This letter interrupts the limitation period. Get in touch with this office if you cannot pay at "
                  "once: a repayment plan can be agreed."),
            ),
        ],
    }  # fmt: skip


def _late(lease: Lease, day: date) -> list[Any]:
    return [charge for charge in arrears.open_on(lease.charges, day) if days_late(charge.due, day) > 0]


def _open_charges(lease: Lease, day: date) -> parts.Part:
    late = sorted(_late(lease, day), key=lambda one: one.due)
    if not late:
        raise Refusal(_("Nothing is past due on this lease."))
    names = {charge.id: charge for charge in lease.charges}
    return parts.table(
        [Column(_("Due on")), Column(_("What"), width=1), Column(_("Days late"), number=True),
         Column(_("Still owed"), number=True)],
        [[show_date(one.due), str(names[one.charge_id]), days_late(one.due, day), show_money(one.owed)]
         for one in late],
        total=[_("Total"), "", "", show_money(sum((one.owed for one in late), NOTHING))], none="",
    )  # fmt: skip


def is_receivable(payment: Payment) -> bool:
    """Whether a receipt can be given: a counter-entry brought no money."""
    return payment.reverses_id is None


def payment_receipt(session: Session, payment: Payment) -> Values:
    """The receipt of a payment, and what it settled."""
    lease = payment.lease
    return {
        "title": _("Receipt of payment, lease %(number)s", number=lease.number),
        "to": tenants_of(lease),
        "parts": [
            parts.text(_("The amount below was received.")),
            parts.facts(
                (_("Amount"), show_money(payment.amount)), (_("Paid on"), show_date(payment.paid_on)),
                (_("How"), payment.method.label), (_("Reference"), payment.reference), (_("Lease"), lease.number),
                (_("Tenants"), lease.tenant_names),
            ),
            parts.heading(_("What it settles")),
            parts.table(
                [Column(_("Due on")), Column(_("What"), width=1), Column(_("Amount"), number=True)],
                [[show_date(one.charge.due_on), str(one.charge), show_money(one.amount)]
                 for one in payment.allocations],
                none=_("It settles nothing yet: it waits for the next charge."),
            ),
            parts.facts((_("Not yet used"), show_money(payment.credit) if payment.credit else "")),
        ],
    }  # fmt: skip


def has_deposit(lease: Lease) -> bool:
    """Whether a deposit was ever paid in."""
    return any(one.kind is DepositKind.PAID_IN for one in lease.deposit_movements)


def deposit_return(session: Session, lease: Lease) -> Values:
    """The account of a deposit: movements, legal interest year by year, what goes back."""
    returned = [one.on for one in lease.deposit_movements if one.kind is DepositKind.RETURNED]
    until = max(returned, default=today())
    told = deposits.deposit_statement(session, lease, until=until)
    return {
        "title": _("Account of the deposit, lease %(number)s", number=lease.number),
        "to": tenants_of(lease),
        "parts": [
            _lease(lease),
            parts.heading(_("Movements")),
            parts.table(
                [Column(_("Day")), Column(_("Movement"), width=1), Column(_("Reason"), width=1),
                 Column(_("Amount"), number=True)],
                [[show_date(one.on), one.kind.label, one.reason or "", show_money(one.amount)]
                 for one in lease.deposit_movements],
                none=_("No movement is written down."),
            ),
            parts.heading(_("Legal interest until %(day)s", day=show_date(until))),
            parts.table(
                [Column(_("Year"), width=1), Column(_("From")), Column(_("Until")), Column(_("Days"), number=True),
                 Column(_("Rate"), number=True), Column(_("Interest"), number=True)],
                [_interest(line) for line in told.lines],
                total=[_("Total"), "", "", "", "", show_money(told.interest)], none=_("No interest is due yet."),
            ),
            parts.text(_("A deposit bears legal interest, paid at the end of each year (art. 11 L. 392/1978): from the "
                         "day after it was paid in, on 365 days.")),
            parts.facts(
                (_("Deposit still held"), show_money(told.deposit)), (_("Interest paid"), show_money(told.paid)),
                (_("Interest to pay"), show_money(told.due)),
                (_("To give back"), show_money(told.deposit + told.due)),
            ),
        ],
    }  # fmt: skip


def _interest(line: YearInterest) -> list[Words | int]:
    return [
        str(line.year), show_date(line.first), show_date(line.last), line.days, show_percent(line.percent, places=2),
        show_money(line.amount),
    ]  # fmt: skip


def plan(session: Session, plan: RepaymentPlan) -> Values:
    """A repayment plan: the debt it pays, the instalments, who holds to it."""
    tenants = [one.person for one in plan.lease.tenants]
    return {
        "title": _("Repayment plan %(number)s", number=plan.number),
        "parts": [
            _lease(plan.lease),
            parts.text(_("The tenant owes the amounts below and pays them in the instalments that follow; the landlord "
                         "takes no further step while the plan is kept.")),
            parts.heading(_("The debt")),
            parts.table(
                [Column(_("Due on")), Column(_("What"), width=1), Column(_("Still owed"), number=True)],
                [[show_date(one.charge.due_on), str(one.charge), show_money(one.amount)] for one in plan.covered],
                total=[_("Total"), "", show_money(plan.total)], none="",
            ),
            parts.heading(_("Instalments")),
            parts.table(
                [Column(_("Instalment"), width=1), Column(_("Due on")), Column(_("Amount"), number=True)],
                [[one.number, show_date(one.due), show_money(one.amount)] for one in plan.schedule],
                total=[_("Total"), "", show_money(plan.total)], none="",
            ),
            parts.text(*_falling(session, plan)),
            parts.facts(
                (_("Proposed on"), show_date(plan.proposed_on)),
                (_("Accepted by the tenant on"), _day(plan.tenant_accepted_on)),
                (_("Accepted by the manager on"), _day(plan.manager_accepted_on)), (_("Manager"), plan.manager_name),
            ),
        ],
        "signatures": [
            [str(_("The landlord")), plan.manager_name or ""],
            *([str(_("The tenant")), str(person or "")] for person in tenants),
        ],
    }  # fmt: skip


def _falling(session: Session, plan: RepaymentPlan) -> list[Words]:
    missed = integer_of(session, "housing.plan_missed", on=plan.proposed_on)
    days = integer_of(session, "housing.plan_late_days", on=plan.proposed_on)
    return [
        _("The plan ends when %(missed)s instalments in a row are unpaid, or one is more than %(days)s days late: then "
          "the whole debt that is left may be asked at once.", missed=missed, days=days),
    ]  # fmt: skip


def _day(day: date | None) -> str:
    return show_date(day) if day else ""


def arrears_report(session: Session, day: date) -> Values:
    """Every lease with something past due, the largest debt first, and the open principal by age."""
    owing = arrears.arrears_by_lease(session, on=day)
    return {
        "title": _("Arrears at %(day)s", day=show_date(day)),
        "wide": True,
        "parts": [
            parts.table(
                [Column(_("Lease")), Column(in_context("dwelling", "Home")), Column(_("Tenants"), width=2),
                 Column(_("Oldest due")), Column(_("Days late"), number=True), Column(_("Serious"), width=1),
                 Column(_("Past due"), number=True)],
                [_arrears(one) for one in owing],
                total=[_("Total"), "", "", "", "", "", show_money(sum((one.late for one in owing), NOTHING))],
                none=_("Nothing is past due."),
            ),
            parts.heading(_("Open principal, by days late")),
            _ageing(arrears.ageing_of(session, on=day)),
        ],
    }  # fmt: skip


def _arrears(one: arrears.LeaseArrears) -> list[Words | int]:
    return [
        one.lease.number, one.lease.dwelling.code, one.lease.tenant_names,
        show_date(one.oldest.due) if one.oldest else "–", one.days,
        "; ".join(str(reason.label) for reason in one.reasons) or "–", show_money(one.late),
    ]  # fmt: skip

"""What the guarantee fund keeps of a person, and what becomes of it when the person is erased."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.api import About, Keep, Words, _, add_months, is_of
from plugins.guarantee_fund.models import (
    AgendaItem,
    Application,
    Attendance,
    BankLine,
    BudgetLine,
    Call,
    CommitteeMember,
    Contribution,
    EnquiryScore,
    Guarantee,
    Loan,
    LoanInstalment,
    LoanPayment,
    LoanSettlement,
    Recovery,
    Vote,
)

PRACTICE = _("Practices of the fund: ten years after they close (art. 2220 c.c.)")
LEDGER = _("Accounting entries are never changed, and name nobody (art. 2220 c.c.)")
COMMITTEE = _("Minutes of the committee: ten years (art. 2220 c.c.)")


def _ten_years(day: date | None) -> date | None:
    return None if day is None else add_months(day, 120)


def _applications(person: UUID) -> Any:
    return select(Application.id).where(Application.person_id == person)


def _guarantees(person: UUID) -> Any:
    return select(Guarantee.id).where(Guarantee.person_id == person)


def _loans(person: UUID) -> Any:
    return select(Loan.id).where(Loan.guarantee_id.in_(_guarantees(person)))


def _members(person: UUID) -> Any:
    return select(CommitteeMember.id).where(CommitteeMember.person_id == person)


def _never(row: Any) -> None:
    """No day: the ledger is never changed."""


def _in_the_ledger(model: Any, title: Words, where: Any) -> About:
    return About(model, title, where, keep=Keep(LEDGER, _never))


def _of_application(model: Any, title: Words, **blank: Any) -> About:
    return About(
        model, title, lambda person: model.application_id.in_(_applications(person)), blank=blank,
        keep=Keep(PRACTICE, lambda row: _ten_years(row.application.decided_on)),
    )  # fmt: skip


ABOUT = [
    About(
        Application, _("Applications to the fund"), lambda person: Application.person_id == person,
        blank={"purpose": "—", "subject": None, "tutor": None, "opinion": None, "asked": None, "decision": None},
        keep=Keep(PRACTICE, lambda row: _ten_years(row.decided_on)),
    ),
    _of_application(BudgetLine, _("Budgets of households")),
    _of_application(EnquiryScore, _("Points of the enquiry"), reason=None),
    _of_application(AgendaItem, _("Decisions of the committee"), conditions=None, reason=None),
    About(
        Guarantee, _("Guarantees"), lambda person: Guarantee.person_id == person,
        blank={"subject": None, "ending": None}, keep=Keep(PRACTICE, lambda row: _ten_years(row.expires_on)),
    ),
    _in_the_ledger(Loan, _("Loans"), lambda person: Loan.id.in_(_loans(person))),
    _in_the_ledger(
        LoanInstalment, _("Instalments of loans"), lambda person: LoanInstalment.loan_id.in_(_loans(person))
    ),
    _in_the_ledger(LoanPayment, _("Payments of loans"), lambda person: LoanPayment.loan_id.in_(_loans(person))),
    _in_the_ledger(
        LoanSettlement, _("What payments of loans settle"),
        lambda person: LoanSettlement.payment_id.in_(
            select(LoanPayment.id).where(LoanPayment.loan_id.in_(_loans(person)))
        ),
    ),
    _in_the_ledger(Call, _("Calls on guarantees"), lambda person: Call.guarantee_id.in_(_guarantees(person))),
    _in_the_ledger(
        Recovery, _("Recoveries"),
        lambda person: Recovery.call_id.in_(select(Call.id).where(Call.guarantee_id.in_(_guarantees(person)))),
    ),
    About(
        BankLine, _("Movements of the fund’s account"), lambda person: BankLine.guarantee_id.in_(_guarantees(person)),
        blank={"counterpart": None, "counterpart_iban": None, "text": None, "note": None},
        keep=Keep(PRACTICE, lambda row: _ten_years(row.booked_on)),
    ),
    About(
        Contribution, _("Contributions to the fund"), lambda person: is_of(Contribution.person_id, person),
        keep=Keep(LEDGER, _never),
    ),
    About(
        CommitteeMember, _("Places in the committee"), lambda person: CommitteeMember.person_id == person,
        blank={"person_id": None, "name": "—"}, keep=Keep(COMMITTEE, lambda row: _ten_years(row.valid_to)),
    ),
    About(
        Attendance, _("Presence in sessions"), lambda person: Attendance.member_id.in_(_members(person)),
        keep=Keep(COMMITTEE, _never),
    ),
    About(
        Vote, _("Votes"), lambda person: Vote.member_id.in_(_members(person)), blank={"ground": None},
        keep=Keep(COMMITTEE, _never),
    ),
]  # fmt: skip

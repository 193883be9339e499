"""Guarantees, loans, calls and recoveries, as lists and record pages show them."""

from core.api import Action, Facts, Move, Panel, Related, Resource, Workflow, _
from plugins.guarantee_fund import forms
from plugins.guarantee_fund.models import (
    Call,
    CallState,
    Guarantee,
    GuaranteeState,
    LineKind,
    Loan,
    LoanPayment,
    Recovery,
)
from plugins.guarantee_fund.pages import panels
from plugins.guarantee_fund.services import calls, guarantees, loans

guarantee_states = Workflow(
    "state",
    [
        Move(
            "issue", GuaranteeState.APPROVED, GuaranteeState.ISSUED, guarantees.issue, _("Issue"), form=forms.IssueForm
        ),
        Move("activate", GuaranteeState.ISSUED, GuaranteeState.ACTIVE, guarantees.activate, _("The lease has begun")),
        Move(
            "revoke", (GuaranteeState.APPROVED, GuaranteeState.ISSUED), GuaranteeState.REVOKED, guarantees.revoke,
            _("Revoke"), form=forms.ReasonForm, danger=True,
        ),
        Move("expire", guarantees.RUNNING, GuaranteeState.EXPIRED, guarantees.expire, _("Mark as expired")),
        Move(
            "request-call", (GuaranteeState.ACTIVE, GuaranteeState.CALLED), GuaranteeState.CALL_REQUESTED,
            calls.request_call, _("Write down a call"), form=forms.CallForm,
        ),
    ],
)  # fmt: skip


def _is_deposit(guarantee: Guarantee) -> bool:
    return guarantee.line.kind is LineKind.DEPOSIT


all_guarantees = Resource(
    Guarantee,
    name="guarantees",
    title=_("Register of guarantees"),
    singular=_("Guarantee"),
    columns=["approved_on", "number", "person", "counterpart", "amount", "exposure", "expires_on", "state"],
    filters=["fund", "line", "state", "approved_on", "expires_on"],
    search=["number", "subject"],
    match=["number"],
    order="-approved_on",
    panels=[
        Facts(
            "number", "fund", "line", "application", "person", "household", "counterpart", "subject",
            title=_("Guarantee"),
        ),
        Facts(
            "principal", "coverage", "amount", "exposure", "advanced", "monthly_rent", "rent_months",
            "available_before", title=_("Amounts"),
        ),
        Facts(
            "approved_on", "valid_until", "issued_on", "expires_on", "item", "ending", title=_("Days and decision")
        ),
        Panel(_("The loan"), "guarantee_fund/loan.html", panels.loan_of),
        Panel(_("Calls"), "guarantee_fund/calls.html", panels.calls_of),
    ],
    workflow=guarantee_states,
    actions=[
        Action(
            "disburse", loans.disburse_loan, _("Write down the loan"), form=forms.LoanForm,
            when=lambda one: one.state is GuaranteeState.ISSUED and one.line.kind is not LineKind.RENT,
        ),
        Action(
            "pay-advance", guarantees.pay_advance, _("Pay the advance"), form=forms.AdvanceForm,
            when=lambda one: one.state is GuaranteeState.APPROVED and _is_deposit(one),
        ),
        Action(
            "return-advance", guarantees.return_advance, _("The advance came back"), form=forms.AmountForm,
            when=lambda one: one.advanced > 0,
        ),
        Action(
            "lose-advance", guarantees.lose_advance, _("Give the advance up"), form=forms.ReasonForm, danger=True,
            when=lambda one: one.advanced > 0,
        ),
    ],
    icon="file-signed",
    sentence=_("What was promised, to whom, and what it still puts at risk."),
)  # fmt: skip

all_loans = Resource(
    Loan,
    name="loans",
    title=_("Loans guaranteed"),
    singular=_("Loan"),
    columns=["disbursed_on", "guarantee.number", "principal", "rate", "count", "outstanding", "state"],
    filters=["state", "repayment", "disbursed_on"],
    search=["guarantee.number"],
    order="-disbursed_on",
    panels=[
        Facts(
            "guarantee", "lender", "principal", "rate", "repayment", "count", "grace", "disbursed_on", "first_due",
            "outstanding", "costs", "default_interest", title=_("Loan"),
        ),
        Panel(_("Schedule"), "guarantee_fund/schedule.html", panels.schedule_of),
        Related("payments", ("paid_on", "amount", "credit", "reference"), title=_("Payments")),
    ],
    actions=[
        Action(
            "pay", loans.pay_loan, _("Write down a payment"), form=forms.LoanPaymentForm,
            when=lambda loan: loan.state not in loans.REPAID_IN_FULL,
        )
    ],
    icon="chart-line",
    sentence=_("Loans of banks and lenders that the fund guarantees, watched month by month."),
)  # fmt: skip

all_loan_payments = Resource(
    LoanPayment,
    name="loan-payments",
    title=_("Payments on loans"),
    singular=_("Payment on a loan"),
    columns=["paid_on", "loan.guarantee.number", "amount", "credit", "reference"],
    filters=["paid_on"],
    search=["reference"],
    form=forms.NewLoanPaymentForm,
    order="-paid_on",
    create=loans.record_loan_payment,
    panels=[
        Facts("loan", "paid_on", "amount", "credit", "reference", title=_("Payment")),
        Related("parts", ("part", "number", "amount"), title=_("What it settles")),
    ],
    in_menu=False,
    icon="card",
    sentence=_("What borrowers paid, and what it settled."),
)

call_states = Workflow(
    "state",
    [
        Move(
            "accept", (CallState.REQUESTED, CallState.CONTESTED), CallState.ACCEPTED, calls.accept_as_manager,
            _("Accept as manager"),
        ),
        Move(
            "accept-second", CallState.ACCEPTED, CallState.TO_PAY, calls.accept_as_accountant,
            _("Accept as accountant"),
        ),
        Move("pay", CallState.TO_PAY, CallState.PAID, calls.pay_call, _("Mark as paid"), form=forms.PaidOnForm),
        Move(
            "contest", (CallState.REQUESTED, CallState.ACCEPTED), CallState.CONTESTED, calls.contest, _("Contest"),
            form=forms.ReasonForm,
        ),
        Move(
            "turn-down", calls.WAITING, CallState.TURNED_DOWN, calls.turn_down, _("Turn down"), form=forms.ReasonForm,
            danger=True,
        ),
    ],
)  # fmt: skip

all_calls = Resource(
    Call,
    name="calls",
    title=_("Calls"),
    singular=_("Call"),
    columns=["requested_on", "guarantee.number", "amount", "paid_on", "recovered", "credit", "state"],
    filters=["state", "requested_on", "paid_on"],
    search=["guarantee.number"],
    order="-requested_on",
    panels=[
        Facts(
            "guarantee", "requested_on", "unpaid", "unpaid_months", "amount", "arrears_list", "notice_on", "attempt",
            title=_("What is asked, and its proofs"),
        ),
        Facts("first_by", "second_by", "paid_on", "reason", title=_("Two people accept")),
        Related("recoveries", ("on", "amount", "fund_share", "counterpart_share", "note"), title=_("Recoveries")),
        Facts("recovered", "written_off", "credit", title=_("What came back")),
    ],
    workflow=call_states,
    actions=[
        Action(
            "recover", calls.recover, _("Write down a recovery"), form=forms.RecoveryForm,
            when=lambda call: call.state is CallState.PAID,
        ),
        Action(
            "write-off", calls.write_off, _("Write off"), form=forms.ReasonForm, danger=True,
            when=lambda call: call.credit > 0,
        ),
    ],
    icon="error",
    sentence=_("What counterparts asked the fund to pay, and what came back."),
)  # fmt: skip

all_recoveries = Resource(
    Recovery,
    name="recoveries",
    title=_("Recoveries"),
    singular=_("Recovery"),
    columns=["on", "call.guarantee.number", "amount", "fund_share", "counterpart_share", "after_loss"],
    filters=["on", "after_loss"],
    search=["note"],
    order="-on",
    in_menu=False,
    icon="restore",
    sentence=_("Money that came back after calls, shared by coverage."),
)

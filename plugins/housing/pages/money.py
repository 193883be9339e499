"""Leases, charges and payments, as lists and record pages show them."""

from core.api import Action, Facts, MenuItem, Move, Panel, Related, Resource, Workflow, _, today
from plugins.housing import forms, recovery_forms
from plugins.housing.models import Charge, Lease, LeaseState, Payment
from plugins.housing.pages import lease_panels
from plugins.housing.services import adjustments, deposits, drafts, ladder, late, leases, ledger, plans, support

SIGNED = (LeaseState.SIGNED, LeaseState.REGISTERED)


def owes(lease: Lease) -> bool:
    """Whether something is past due on it."""
    day = today()
    return any(charge.owed > 0 and charge.due_on < day for charge in lease.charges)


def is_draft(lease: Lease) -> bool:
    """Whether its terms can still be corrected."""
    return lease.state is LeaseState.DRAFT


def is_signed(lease: Lease) -> bool:
    """Whether it binds its parties."""
    return lease.state is not LeaseState.DRAFT


lease_states = Workflow(
    "state",
    [
        Move(
            "register", LeaseState.SIGNED, LeaseState.REGISTERED, leases.register_lease, _("Register"),
            form=forms.RegistrationForm,
        ),
        Move("sign", LeaseState.DRAFT, LeaseState.SIGNED, leases.sign_draft, _("Sign")),
        Move("activate", SIGNED, LeaseState.ACTIVE, leases.activate_lease, _("Hand over the keys")),
        Move(
            "give-notice", LeaseState.ACTIVE, LeaseState.NOTICE, leases.give_notice, _("Write down a notice"),
            form=forms.EndingForm,
        ),
        Move(
            "start-eviction", (LeaseState.ACTIVE, LeaseState.NOTICE), LeaseState.EVICTION, leases.start_eviction,
            _("Write down an eviction"), form=forms.ReasonForm, danger=True,
        ),
        Move(
            "terminate", (*SIGNED, *leases.RUNNING), LeaseState.TERMINATED, leases.terminate_lease, _("Terminate"),
            form=forms.EndingForm, danger=True,
        ),
        Move("end", leases.RUNNING, LeaseState.ENDED, leases.end_lease, _("Mark as ended")),
        Move(
            "close", (LeaseState.ENDED, LeaseState.TERMINATED), LeaseState.CLOSED, leases.close_lease, _("Close"),
        ),
    ],
)  # fmt: skip


def work_on(lease: Lease) -> list[MenuItem]:
    """What a running lease is opened for most often."""
    if lease.state not in leases.RUNNING:
        return []
    return [
        MenuItem(_("Record a payment"), f"/m/housing/payments/new?lease={lease.id}", "plus", "housing.payments.add"),
        MenuItem(_("Add a charge"), f"/m/housing/charges/new?lease={lease.id}", "plus", "housing.charges.add"),
    ]


all_leases = Resource(
    Lease,
    name="leases",
    title=_("Leases"),
    singular=_("Lease"),
    columns=["number", "dwelling.code", "tenant_names", "kind", "starts_on", "ends_on", "current_rent", "state"],
    filters=["state", "kind", "starts_on", "ends_on", "registry_since"],
    search=["number"],
    form=forms.LeaseForm,
    match=["number"],
    order="-number",
    create=leases.record_lease,
    amend=drafts.amend_draft,
    amend_when=is_draft,
    remove=drafts.discard_draft,
    panels=[
        Panel("", "housing/lease_figures.html", lease_panels.figures_of, "housing.charges.see", wide=True),
        Panel(_("Arrears by days late"), "housing/ageing.html", lease_panels.ageing_of, "housing.charges.see"),
        Panel(_("Rent ledger"), "housing/ledger.html", lease_panels.ledger_of, "housing.charges.see"),
        Facts(
            "number", "kind", "dwelling", "tenant_names", "starts_on", "ends_on", "assignment", "state",
            "ending_reason", title=_("Lease"),
        ),
        Facts(
            "current_rent", "monthly_rent", "charges_advance", "due_day", "indexation", "flat_rate_tax", "base_month",
            "rent_may_fall", "agreed_zone", "agreed_area", "agreed_cap", "guarantor", title=_("Rent"),
        ),
        Related("rents", ("starts_on", "amount", "source", "erp_area", "note"), title=_("Rents by month")),
        Facts("registration", "registered_on", "registration_year", title=_("Registration")),
        Panel(_("Deposit"), "housing/deposit.html", lease_panels.deposit_of, "housing.payments.see"),
        Related("handovers", ("number", "kind", "made_on", "damages", "state"), title=_("Handover reports")),
    ],
    workflow=lease_states,
    actions=[
        Action(
            "receive", ledger.record_payment, _("Record a payment"), form=forms.ReceiveForm,
            permission="housing.payments.add", when=is_signed,
        ),
        Action(
            "charge-interest", late.charge_interest, _("Charge interest on late payment"), form=forms.InterestForm,
            permission="housing.charges.add",
        ),
        Action(
            "settle-costs", adjustments.settle_actual_costs, _("Settle the service charges"),
            form=forms.ActualCostsForm, permission="housing.charges.add",
        ),
        Action("pay-annuity", leases.pay_annuity, _("Write down the annuality paid"), form=forms.AnnuityForm,
               permission="housing.leases.register", when=is_signed),
        Action("name-guarantor", leases.name_guarantor, _("Write down the guarantor"), form=forms.GuarantorForm,
               permission="housing.leases.change"),
        Action(
            "take-deposit", deposits.take_deposit, _("Write down a deposit"), form=forms.DepositForm,
            permission="housing.payments.add",
        ),
        Action(
            "return-deposit", deposits.return_deposit, _("Give the deposit back"), form=forms.ReturnForm,
            permission="housing.payments.add", when=lambda lease: deposits.held(lease) > 0,
        ),
        Action(
            "propose-plan", plans.propose_plan, _("Propose a repayment plan"), form=recovery_forms.PlanForm,
            permission="housing.plans.add", when=owes,
        ),
        Action(
            "go-to-law", ladder.go_to_law, _("Legal recovery"), form=recovery_forms.LawForm,
            permission="housing.steps.done", when=owes, danger=True,
        ),
        Action(
            "write-note", support.write_note, _("Write a social note"), form=recovery_forms.NoteForm,
            permission="housing.social-notes.add",
        ),
    ],
    links=work_on,
    icon="file-signed",
    sentence=_("Who lives where, from when to when, at what rent."),
)  # fmt: skip

all_charges = Resource(
    Charge,
    name="charges",
    title=_("Charges"),
    singular=_("Charge"),
    columns=["due_on", "lease.number", "kind", "amount", "owed", "note"],
    filters=["kind", "due_on"],
    search=["lease.number", "note"],
    form=forms.ChargeForm,
    order="-due_on",
    create=ledger.add_charge,
    panels=[
        Facts("lease", "kind", "due_on", "first_day", "last_day", "amount", "owed", "note", title=_("Charge")),
        Related("allocations", ("on", "amount"), title=_("Settled by")),
    ],
    actions=[
        Action(
            "reverse", ledger.reverse_charge, _("Take back"), form=forms.ReasonForm, danger=True,
            when=lambda charge: charge.reverses_id is None,
        )
    ],
    icon="card",
    sentence=_("What tenants owe, never edited: mistakes are taken back with a counter-entry."),
)  # fmt: skip

all_payments = Resource(
    Payment,
    name="payments",
    title=_("Payments"),
    singular=_("Payment"),
    columns=["paid_on", "lease.number", "amount", "method", "reference", "credit"],
    filters=["method", "paid_on"],
    search=["lease.number", "reference"],
    form=forms.PaymentForm,
    order="-paid_on",
    create=ledger.receive_payment,
    panels=[
        Facts("lease", "paid_on", "amount", "method", "reference", "credit", "reason", title=_("Payment")),
        Related("allocations", ("charge", "amount", "on"), title=_("What it settles")),
    ],
    actions=[
        Action(
            "reverse", ledger.reverse_payment, _("Take back"), form=forms.ReasonForm, danger=True,
            when=lambda payment: payment.reverses_id is None,
        )
    ],
    icon="card",
    sentence=_("Money that came in, and what it settled."),
)  # fmt: skip

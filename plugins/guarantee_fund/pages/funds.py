"""Funds, lines, contributions and the journal, as lists and record pages show them."""

from core.api import Action, Facts, Move, Panel, Related, Resource, Workflow, _
from plugins.guarantee_fund import forms
from plugins.guarantee_fund.models import BankLine, BankLineState, Contribution, Fund, FundLine, JournalEntry
from plugins.guarantee_fund.pages import panels
from plugins.guarantee_fund.services import bank, funds, journal

all_funds = Resource(
    Fund,
    name="funds",
    title=_("Funds"),
    singular=_("Fund"),
    columns=["name", "managed_by", "leverage", "coverage_default", "state"],
    filters=["state"],
    search=["name"],
    form=[
        "name", "managed_by", "regulation", "leverage", "household_most", "household_percent", "coverage_default",
        "coverage_most", "approval_days", "iban", "bic", "state",
    ],
    match=["name"],
    order="name",
    create=funds.open_fund,
    amend=funds.amend_fund,
    panels=[
        Panel(_("How much can still be guaranteed"), "guarantee_fund/derivation.html", panels.derivation_of),
        Facts(
            "managed_by", "regulation", "leverage", "household_most", "household_percent", "coverage_default",
            "coverage_most", "approval_days", "iban", "closed_until", title=_("Regulation"),
        ),
        Related("lines", ("name", "kind", "highest", "most_months", "open"), title=_("Lines")),
        Related("members", ("name", "president", "valid_from", "valid_to"), title=_("Committee")),
    ],
    actions=[
        Action("charge-cost", funds.charge_cost, _("Charge a cost"), form=forms.CostForm),
        Action("read-movements", bank.read_movements, _("Read a bank statement"), form=forms.StatementForm),
        Action("close-accounts", funds.close_accounts, _("Close the accounts"), form=forms.CloseForm, danger=True),
    ],
    icon="card",
    sentence=_("Money that stands behind guarantees, and the limits of its regulation."),
)  # fmt: skip

all_lines = Resource(
    FundLine,
    name="lines",
    title=_("Lines"),
    singular=_("Line"),
    columns=["name", "fund", "kind", "lowest", "highest", "most_months", "coverage", "open"],
    filters=["fund", "kind", "open"],
    search=["name"],
    form=[
        "fund", "kind", "name", "lowest", "highest", "most_months", "coverage", "highest_rate", "rent_months", "order",
        "open",
    ],
    match=["name"],
    order="name",
    create=funds.add_line,
    amend=funds.amend_line,
    in_menu=False,
    icon="list",
    sentence=_("What each fund does, with its limits."),
)  # fmt: skip

all_contributions = Resource(
    Contribution,
    name="contributions",
    title=_("Contributions"),
    singular=_("Contribution"),
    columns=["on", "fund", "donor", "amount", "meant_for"],
    filters=["fund", "on", "line"],
    search=["note", "document"],
    form=["fund", "organisation", "person", "on", "amount", "line", "municipality", "document", "note"],
    order="-on",
    create=funds.receive_contribution,
    actions=[
        Action(
            "reverse", funds.take_back_contribution, _("Take back"), form=forms.ReasonForm, danger=True,
            when=lambda given: given.reverses_id is None,
        )
    ],
    icon="card",
    sentence=_("Money that donors gave, and what they meant it for."),
)  # fmt: skip

all_entries = Resource(
    JournalEntry,
    name="entries",
    title=_("Journal"),
    singular=_("Entry"),
    columns=["number", "on", "fund", "kind", "text", "amount"],
    filters=["fund", "kind", "on"],
    search=["text"],
    order="-number",
    panels=[
        Facts("number", "on", "fund", "kind", "text", title=_("Entry")),
        Related("postings", ("debit", "credit", "amount"), title=_("Postings")),
    ],
    actions=[
        Action(
            "reverse", journal.take_back_by_hand, _("Take back"), form=forms.CounterEntryForm, danger=True,
            when=lambda entry: entry.kind in journal.BY_HAND,
        )
    ],
    icon="list",
    sentence=_("The books of the funds: never edited, balanced by construction."),
)  # fmt: skip

OPEN, RECORDED = BankLineState.OPEN, BankLineState.RECORDED
line_states = Workflow(
    "state",
    [
        Move(
            "as-contribution", OPEN, RECORDED, bank.record_contribution, _("It is a contribution"),
            form=forms.AsContributionForm,
        ),
        Move(
            "as-loan-payment", OPEN, RECORDED, bank.record_loan_payment, _("It pays a loan"),
            form=forms.AsLoanPaymentForm,
        ),
        Move("as-recovery", OPEN, RECORDED, bank.record_recovery, _("It is a recovery"), form=forms.OnCallForm),
        Move(
            "as-returned-advance", OPEN, RECORDED, bank.record_returned_advance, _("A deposit came back"),
            form=forms.OnGuaranteeForm,
        ),
        Move("as-paid-call", OPEN, RECORDED, bank.record_paid_call, _("It pays a call"), form=forms.OnCallForm),
        Move(
            "as-paid-advance", OPEN, RECORDED, bank.record_paid_advance, _("It pays a deposit"),
            form=forms.OnGuaranteeForm,
        ),
        Move("as-cost", OPEN, RECORDED, bank.record_cost, _("It is a cost"), form=forms.ReasonForm),
        Move("set-aside", OPEN, BankLineState.ASIDE, bank.set_aside, _("Set aside"), form=forms.NoteForm),
    ],
)  # fmt: skip

all_bank_lines = Resource(
    BankLine,
    name="bank-lines",
    title=_("Bank movements"),
    singular=_("Bank movement"),
    columns=["booked_on", "fund", "amount", "counterpart", "text", "guarantee.number", "became", "state"],
    filters=["state", "fund", "booked_on"],
    search=["text", "counterpart", "end_to_end"],
    order="-booked_on",
    panels=[
        Facts(
            "fund", "booked_on", "amount", "counterpart", "counterpart_iban", "text", "end_to_end", "guarantee",
            title=_("What the bank says"),
        ),
        Facts("state", "became", "note", title=_("What it is")),
    ],
    workflow=line_states,
    icon="card",
    sentence=_("What came in and went out of the funds' accounts, each movement once."),
)  # fmt: skip

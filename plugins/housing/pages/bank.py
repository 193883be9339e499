"""Statements of account and their movements, as lists and record pages show them."""

from core.api import Action, Facts, Move, Related, Resource, Workflow, _
from plugins.housing import bank_forms, collection_forms, forms
from plugins.housing.models import BankLine, BankLineState, BankStatement
from plugins.housing.services import bank, reconciling

all_statements = Resource(
    BankStatement,
    name="bank-statements",
    title=_("Bank statements"),
    singular=_("Bank statement"),
    columns=["number", "first_day", "last_day", "account", "lines_read", "lines_known", "file_name"],
    filters=["last_day", "account"],
    search=["number", "file_name"],
    form=bank_forms.StatementForm,
    match=["number"],
    order="-number",
    create=bank.import_statement,
    panels=[
        Facts(
            "number", "file_name", "account", "first_day", "last_day", "lines_read", "lines_known", "lines_pending",
            "gap", title=_("Statement"),
        ),
        Related(
            "lines", ("booked_on", "amount", "counterpart", "lease.number", "state"),
            title=_("Movements"),
        ),
    ],
    actions=[
        Action(
            "confirm-sure", reconciling.confirm_sure, _("Confirm the sure ones"),
            permission="housing.bank-lines.confirm",
            when=lambda one: any(bank.is_sure(line) for line in one.lines),
        ),
        Action(
            "propose", bank.propose_again, _("Propose again"), permission="housing.bank-lines.confirm",
            when=lambda one: any(line.state is BankLineState.OPEN for line in one.lines),
        ),
    ],
    icon="files",
    sentence=_("What the bank says came in and went out, each movement once."),
)  # fmt: skip

line_states = Workflow(
    "state",
    [
        Move(
            "confirm", BankLineState.OPEN, BankLineState.CONFIRMED, reconciling.confirm_line, _("Record as a payment"),
            form=bank_forms.ConfirmForm,
        ),
        Move(
            "accept-return", BankLineState.OPEN, BankLineState.CONFIRMED, reconciling.accept_return,
            _("Accept the return"), form=collection_forms.ReturnCostsForm,
        ),
        Move(
            "set-aside", BankLineState.OPEN, BankLineState.ASIDE, reconciling.set_aside, _("Set aside"),
            form=forms.ReasonForm,
        ),
        Move("take-up", BankLineState.ASIDE, BankLineState.OPEN, reconciling.take_up, _("Put back among the open")),
        Move(
            "undo", BankLineState.CONFIRMED, BankLineState.OPEN, reconciling.undo_line, _("Undo the match"),
            form=forms.ReasonForm, danger=True,
        ),
    ],
)  # fmt: skip

all_lines = Resource(
    BankLine,
    name="bank-lines",
    title=_("Bank movements"),
    singular=_("Bank movement"),
    columns=["booked_on", "amount", "counterpart", "text", "lease.number", "reason", "confidence", "state"],
    filters=["state", "confidence", "reason", "booked_on", "statement"],
    search=["text", "counterpart", "end_to_end"],
    order="-booked_on",
    panels=[
        Facts(
            "statement", "booked_on", "value_on", "amount", "counterpart", "counterpart_iban", "text", "end_to_end",
            "mandate", "bank_reference", "return_code", title=_("What the bank says"),
        ),
        Facts("state", "lease", "reason", "confidence", "payment", "note", title=_("Whose it is")),
    ],
    workflow=line_states,
    icon="card",
    sentence=_("Movements of the bank, with the lease each of them pays."),
)  # fmt: skip

registers = [all_statements, all_lines]

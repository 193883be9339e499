"""Forms of the guarantee fund: what a list of columns cannot express."""

from typing import Any

from core.api import (
    ChoiceField,
    ChoicesField,
    DateField,
    DecimalField,
    IntegerField,
    LongTextField,
    LookupField,
    MoneyField,
    RecordForm,
    SentFileField,
    TextField,
    YesNoField,
    _,
    at_most,
    model_form,
    optional,
    required,
    today,
)
from plugins.guarantee_fund.models import Application, BudgetKind, Call, CommitteeMember, FundLine, Guarantee, Loan
from plugins.guarantee_fund.rules.committee import Ballot
from plugins.guarantee_fund.rules.schedules import Repayment


class ReasonForm(RecordForm):
    """Why something is done."""

    reason = TextField(_("Reason"), validators=[required(), at_most(300)])


class CounterEntryForm(ReasonForm):
    """Why and when an entry is taken back."""

    on = DateField(_("Day"), default=today, validators=[required()])


class PaidOnForm(RecordForm):
    """When money went out."""

    paid_on = DateField(_("Paid on"), default=today, validators=[required()])


class CostForm(RecordForm):
    """A cost that the fund bears."""

    amount = MoneyField(_("Amount"), validators=[required()])
    on = DateField(_("Day"), default=today, validators=[required()])
    reason = TextField(_("What for"), validators=[required(), at_most(200)])


class CloseForm(RecordForm):
    """Until when the accounts are closed."""

    until = DateField(_("Close until"), validators=[required()])


ApplicationFields: Any = model_form(
    Application,
    [
        "line", "person", "amount", "months", "purpose", "counterpart", "lender", "microcredit", "monthly_rent",
        "subject", "tutor", "opinion",
    ],
)  # fmt: skip


class ApplicationForm(ApplicationFields):
    """An application as the office takes it in."""

    groups = (
        (_("Who asks, and for what"), ("line", "person", "household", "isee_certificate", "purpose")),
        (_("How much, with whom"), ("amount", "months", "monthly_rent", "counterpart", "lender", "microcredit",
                                    "subject")),
        (_("Who follows the household"), ("tutor", "opinion")),
    )  # fmt: skip

    household = LookupField(
        _("Household"), target="households", description=_("Empty takes the registry household"),
        validators=[optional()],
    )  # fmt: skip
    isee_certificate = LookupField(
        _("ISEE certificate"), target="isee-certificates", description=_("Empty takes the one in force"),
        validators=[optional()],
    )  # fmt: skip
    purpose = LongTextField(_("What it is for"), validators=[required()])


class DocumentsForm(RecordForm):
    """What the household is asked."""

    asked = TextField(_("Documents asked"), validators=[required(), at_most(500)])


class BudgetForm(RecordForm):
    """A line of the household's budget."""

    kind = ChoiceField(_("Kind"), choices=BudgetKind, validators=[required()])
    label = TextField(_("What"), validators=[required(), at_most(120)])
    amount = MoneyField(_("Amount a month"), validators=[required()])
    residual = MoneyField(_("Still to repay"), description=_("Of debts"), validators=[optional()])


class ScoreForm(RecordForm):
    """The points of one criterion."""

    criterion = TextField(_("Criterion"), validators=[required(), at_most(120)])
    points = DecimalField(_("Points"), validators=[required()])
    most = DecimalField(_("Highest points"), validators=[required()])
    reason = TextField(_("Why"), validators=[optional(), at_most(300)])


class AgendaForm(RecordForm):
    """An application to bring before the committee."""

    application = LookupField(_("Application"), target=Application, validators=[required()])


class PresentForm(RecordForm):
    """Who is at the session."""

    present = ChoicesField(_("Present"), description=_("Tick who is there"))

    def process(self, formdata: Any = None, obj: Any = None, **options: Any) -> None:
        """The members that were convened, ticked when they are there."""
        convened = list(obj.attendance) if obj is not None else []
        self.present.choices = [(str(one.member_id), str(one.member)) for one in convened]
        super().process(formdata, **options)
        if not formdata:
            self.present.data = [str(one.member_id) for one in convened if one.present]
        self._members = {str(one.member_id): one.member for one in convened}

    def values(self) -> dict[str, Any]:
        """The members themselves."""
        return {"present": [self._members[key] for key in self.present.data or ()]}


class VoteForm(RecordForm):
    """A vote, and the conflict of interest that makes somebody abstain."""

    ballot = ChoiceField(_("Vote"), choices=Ballot, validators=[required()])
    ground = TextField(
        _("Conflict of interest"), description=_("Which one: it stands in the minutes"),
        validators=[optional(), at_most(200)],
    )  # fmt: skip


class RecordedVoteForm(VoteForm):
    """A vote that the secretary writes down."""

    member = LookupField(_("Member"), target=CommitteeMember, validators=[required()])


class DecisionForm(RecordForm):
    """What is decided, beside what the votes say."""

    approved = MoneyField(_("Approved amount"), description=_("Empty takes what was asked"), validators=[optional()])
    coverage = DecimalField(_("Coverage"), description=_("In percent; empty takes the line's"), validators=[optional()])
    conditions = TextField(_("Conditions"), validators=[optional(), at_most(600)])
    reason = TextField(_("Reasons"), description=_("Needed when it is rejected"), validators=[optional(), at_most(600)])


class MinutesForm(RecordForm):
    """What is added to the minutes."""

    minutes = LongTextField(_("What was said"), description=_("Nothing of health or care"), validators=[optional()])


class IssueForm(RecordForm):
    """When the letter goes out, and until when it holds."""

    on = DateField(_("Issued on"), default=today, validators=[required()])
    expires_on = DateField(
        _("Expires on"), description=_("Empty takes the months of the application"), validators=[optional()]
    )


LoanFields: Any = model_form(Loan, ["disbursed_on", "first_due"])


class LoanForm(LoanFields):
    """The loan as the lender gave it."""

    repayment = ChoiceField(_("Repayment"), choices=Repayment, validators=[required()])
    principal = MoneyField(_("Principal"), description=_("Empty takes what was approved"), validators=[optional()])
    rate = DecimalField(_("Rate"), description=_("Percent a year"), validators=[optional()])
    count = IntegerField(_("Instalments"), description=_("Empty takes the months approved"), validators=[optional()])
    grace = IntegerField(_("Grace months"), description=_("Interest alone"), validators=[optional()])


class LoanPaymentForm(RecordForm):
    """What the borrower paid."""

    amount = MoneyField(_("Amount"), validators=[required()])
    paid_on = DateField(_("Paid on"), default=today, validators=[required()])
    costs = MoneyField(_("Costs added that day"), validators=[optional()])
    default_interest = MoneyField(_("Default interest added that day"), validators=[optional()])
    reference = TextField(_("Reference"), validators=[optional(), at_most(140)])


class NewLoanPaymentForm(LoanPaymentForm):
    """What the borrower of a loan paid."""

    loan = LookupField(_("Loan"), target=Loan, validators=[required()])


class CallForm(RecordForm):
    """What the counterpart asks, with its proofs."""

    requested_on = DateField(_("Requested on"), default=today, validators=[required()])
    unpaid = MoneyField(_("Unpaid principal"), description=_("Of loans"), validators=[optional()])
    unpaid_months = IntegerField(_("Unpaid months"), description=_("Of rents"), validators=[optional()])
    arrears_list = YesNoField(_("The list of what is unpaid is attached"))
    notice_on = DateField(_("Formal notice of"), validators=[optional()])
    attempt = TextField(
        _("Attempt of agreement"), description=_("When, with whom, how it ended"),
        validators=[optional(), at_most(300)],
    )  # fmt: skip


class AmountForm(RecordForm):
    """Money that came back."""

    amount = MoneyField(_("Amount"), validators=[required()])
    on = DateField(_("Day"), default=today, validators=[required()])


class RecoveryForm(AmountForm):
    """Money that came back after a call."""

    note = TextField(_("Note"), validators=[optional(), at_most(200)])


class AdvanceForm(RecordForm):
    """When the deposit was paid."""

    on = DateField(_("Paid on"), default=today, validators=[required()])


class PeriodForm(RecordForm):
    """The days of a statement."""

    first = DateField(_("From"), validators=[required()])
    last = DateField(_("Until"), validators=[required()])


class StatementForm(RecordForm):
    """A statement of the fund's account."""

    file = SentFileField(
        _("File"),
        description=_("CAMT.053 (XML), CSV or Excel, as the bank gives it; what is already known has no effect"),
        validators=[required()],
    )


class AsContributionForm(RecordForm):
    """Who gave the money that came in, and what for."""

    organisation = LookupField(_("Organisation that gives"), target="organisations", validators=[optional()])
    person = LookupField(_("Person who gives"), target="people", validators=[optional()])
    restricted_to = LookupField(_("Only for the line"), target=FundLine, validators=[optional()])


class AsLoanPaymentForm(RecordForm):
    """Which loan the money pays."""

    loan = LookupField(_("Loan"), target=Loan, validators=[required()])


class OnCallForm(RecordForm):
    """Which call the money is of."""

    call = LookupField(_("Call"), target=Call, validators=[required()])


class OnGuaranteeForm(RecordForm):
    """Which advance the money is of."""

    guarantee = LookupField(_("Guarantee"), target=Guarantee, validators=[required()])


class NoteForm(RecordForm):
    """Why a movement is set aside."""

    note = TextField(_("Note"), validators=[required(), at_most(300)])


class ExecutionForm(RecordForm):
    """When the bank pays."""

    on = DateField(_("To be paid on"), default=today, validators=[required()])

"""Forms of housing: what a list of columns cannot express."""

from typing import Any
from uuid import UUID

from core.api import (
    ChoiceField,
    ChoicesField,
    DateField,
    IntegerField,
    LookupField,
    MoneyField,
    RecordForm,
    TextField,
    YesNoField,
    _,
    at_most,
    in_context,
    model_form,
    optional,
    required,
    today,
)
from plugins.housing.bank_forms import declared_choices
from plugins.housing.models import (
    Application,
    Assignment,
    AssignmentState,
    Charge,
    Dwelling,
    DwellingState,
    Lease,
    LeaseKind,
    Payment,
    PaymentMethod,
)
from plugins.housing.rules.ledger import ChargeKind
from plugins.housing.services.calls import OFFERABLE


def _in_state(*states: DwellingState) -> Any:
    return lambda statement: statement.where(Dwelling.state.in_(states))


class ReasonForm(RecordForm):
    """Why something is done."""

    reason = TextField(_("Reason"), validators=[required(), at_most(300)])


class OfferInCallForm(RecordForm):
    """One home to add to a call."""

    dwelling = LookupField(
        in_context("dwelling", "Home"), target=Dwelling, narrow=_in_state(*OFFERABLE), validators=[required()]
    )


class IntegrationForm(RecordForm):
    """What is asked of the applicant, and until when."""

    note = TextField(_("Documents asked"), validators=[required(), at_most(500)])
    answer_by = DateField(_("Documents by"), validators=[required()])


class ExclusionForm(RecordForm):
    """Why an application is left out."""

    rule = TextField(
        _("Rule not met"), description=_("It is published; empty takes the first requirement not met"),
        validators=[optional(), at_most(40)],
    )  # fmt: skip
    reason = TextField(
        _("Reason"), description=_("For the letter, never published"), validators=[optional(), at_most(500)]
    )


class OfferForm(RecordForm):
    """A home to offer; it begins with the one the household asked for, while that is free."""

    dwelling = LookupField(
        in_context("dwelling", "Home"), target=Dwelling, narrow=_in_state(DwellingState.AVAILABLE),
        validators=[required()],
    )  # fmt: skip
    answer_by = DateField(_("Answer by"), description=_("Empty takes the usual days"), validators=[optional()])

    def __init__(self, formdata: Any = None, obj: Any = None, **options: Any) -> None:
        super().__init__(formdata, obj=obj, **options)
        if not formdata and isinstance(obj, Application):
            asked = (obj.first_choice, obj.second_choice)
            free = (one for one in asked if one is not None and one.state is DwellingState.AVAILABLE)
            self.dwelling.data = next(free, None)


class AssignForm(RecordForm):
    """The act that assigns."""

    decree = TextField(_("Decree"), description=_("Its number"), validators=[required(), at_most(40)])
    decree_on = DateField(_("Day of the decree"), default=today, validators=[required()])


LeaseFields: Any = model_form(
    Lease,
    [
        "kind", "starts_on", "ends_on", "monthly_rent", "charges_advance", "deposit", "due_day", "indexation",
        "flat_rate_tax", "base_month", "rent_may_fall", "agreed_zone", "agreed_area", "agreed_cap", "guarantor",
    ],
)  # fmt: skip


class LeaseForm(LeaseFields):
    """A lease as the clerk dictates it; an assignment brings its home and its tenant."""

    groups = (
        (_("Who and what"), ("assignment", "dwelling", "tenant", "second_tenant")),
        (_("Terms"), ("kind", "starts_on", "ends_on", "monthly_rent", "charges_advance", "deposit", "due_day")),
    )
    more = (
        "indexation", "flat_rate_tax", "base_month", "rent_may_fall", "agreed_zone", "agreed_area", "agreed_cap",
        "guarantor",
    )  # fmt: skip

    assignment = LookupField(
        _("Assignment"), target=Assignment, description=_("It brings the home and the tenant"),
        narrow=lambda statement: statement.where(Assignment.state == AssignmentState.ASSIGNED),
        validators=[optional()],
    )  # fmt: skip
    dwelling = LookupField(
        in_context("dwelling", "Home"), target=Dwelling, narrow=_in_state(*OFFERABLE), validators=[optional()]
    )
    tenant = LookupField(_("Tenant"), target="people", validators=[optional()])
    second_tenant = LookupField(_("Second tenant"), target="people", validators=[optional()])
    draft = YesNoField(_("Keep it as a draft"), description=_("It holds the home's days and binds nobody yet"))

    def __init__(self, formdata: Any = None, obj: Any = None, **options: Any) -> None:
        super().__init__(formdata, obj=obj, **options)
        if isinstance(self.assignment.data, Assignment):
            self._begin_from(self.assignment.data)

    def _begin_from(self, assignment: Assignment) -> None:
        """Fill in what the assignment already says and nobody wrote yet."""
        home = assignment.dwelling
        kinds = {kind.value: kind for kind in LeaseKind}
        told = {
            "dwelling": home, "tenant": assignment.application.person, "monthly_rent": home.monthly_rent,
            "kind": kinds.get(home.regime.value),
        }  # fmt: skip
        for name, value in told.items():
            if self._fields[name].data is None:
                self._fields[name].data = value


class AnnuityForm(RecordForm):
    """The registration tax paid year by year."""

    registration_year = IntegerField(_("Annuality paid"), validators=[required()])


class GuarantorForm(RecordForm):
    """Who answers for the tenant."""

    guarantor = TextField(
        _("Guarantor"), description=_("Who answers for the tenant, and the guarantee's number"),
        validators=[optional(), at_most(200)],
    )  # fmt: skip


class RegistrationForm(RecordForm):
    """The registration with the Revenue Agency."""

    registration = TextField(_("Registration code"), validators=[required(), at_most(40)])
    registered_on = DateField(_("Registered on"), default=today, validators=[required()])


class EndingForm(RecordForm):
    """The last day of a lease, and why."""

    ends_on = DateField(_("Last day"), validators=[required()])
    reason = TextField(_("Reason"), validators=[required(), at_most(300)])


PaymentFields: Any = model_form(Payment, ["lease", "amount", "paid_on", "reference"])


class PaymentForm(PaymentFields):
    """Money that came in, and what the payer says it is for."""

    method = ChoiceField(_("How"), choices=PaymentMethod, none=_("Bank transfer"))
    charge = LookupField(
        _("Declared for"), target="housing.charges",
        description=_("Empty settles as the law says: costs, interest, then the oldest debt"), validators=[optional()],
    )  # fmt: skip

    def __init__(self, formdata: Any = None, obj: Any = None, **options: Any) -> None:
        super().__init__(formdata, obj=obj, **options)
        if lease := self.lease.data:
            self.charge.narrow = lambda statement: statement.where(Charge.lease_id == lease.id)


class ChargeForm(RecordForm):
    """Something charged beside the month."""

    lease = LookupField(_("Lease"), target=Lease, validators=[required()])
    kind = ChoiceField(_("Kind"), choices=ChargeKind, validators=[required()])
    due_on = DateField(_("Due on"), validators=[required()])
    amount = MoneyField(_("Amount"), validators=[required()])
    note = TextField(_("Note"), validators=[optional(), at_most(200)])


class ReceiveForm(RecordForm):
    """Money that came in for one lease, and the charges that the payer declares."""

    amount = MoneyField(_("Amount"), validators=[required()])
    paid_on = DateField(_("Paid on"), default=today, validators=[required()])
    method = ChoiceField(_("How"), choices=PaymentMethod, none=_("Bank transfer"))
    reference = TextField(
        _("Reference"), description=_("CRO, IUV or what the transfer says"), validators=[optional(), at_most(140)]
    )
    declared = ChoicesField(
        _("Declared for"), description=_("None settles as the law says: costs, interest, then the oldest debt"),
        coerce=UUID, choices=(), validate_choice=False,
    )  # fmt: skip

    def __init__(self, formdata: Any = None, obj: Any = None, **options: Any) -> None:
        super().__init__(formdata, obj=obj, **options)
        self.declared.choices = declared_choices(obj)
        if obj is not None and not self.declared.choices and not formdata:
            del self.declared


class InterestForm(RecordForm):
    """Until when interest on late payment is charged."""

    until = DateField(_("Until"), default=today, description=_("The last day that counts"), validators=[required()])


class ActualCostsForm(RecordForm):
    """What the service charges of some days really cost."""

    first_day = DateField(_("From"), validators=[required()])
    last_day = DateField(_("Until"), validators=[required()])
    actual = MoneyField(_("Actual costs"), description=_("This home's share"), validators=[required()])
    due_on = DateField(_("Due on"), default=today, validators=[required()])


class DepositForm(RecordForm):
    """A deposit paid in."""

    amount = MoneyField(_("Amount"), validators=[required()])
    on = DateField(_("Paid on"), default=today, validators=[required()])


class ReturnForm(RecordForm):
    """A deposit given back."""

    on = DateField(_("Returned on"), default=today, validators=[required()])
    withheld = MoneyField(_("Withheld"), validators=[optional()])
    reason = TextField(_("Reason"), validators=[optional(), at_most(300)])


class MonthForm(RecordForm):
    """The month to charge."""

    month = DateField(_("Month"), description=_("Any day of it"), default=today, validators=[required()])

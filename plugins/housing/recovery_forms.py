"""Forms of the arrears ladder, of contacts and of repayment plans."""

from typing import Any

from core.api import (
    ChoiceField,
    DateField,
    IntegerField,
    LookupField,
    MoneyField,
    RecordForm,
    TextField,
    _,
    at_most,
    model_form,
    optional,
    required,
    today,
)
from plugins.housing.models import Channel, ContactOutcome, Lease, PaymentMethod, SupportContact


class StepDoneForm(RecordForm):
    """When and how a step was done."""

    done_on = DateField(_("Done on"), default=today, validators=[required()])
    channel = ChoiceField(_("Channel"), choices=Channel, validators=[required()])
    note = TextField(_("Note"), description=_("No health data"), validators=[optional(), at_most(300)])


class LawForm(RecordForm):
    """Why a debt goes to law."""

    note = TextField(_("Reason"), description=_("No health data"), validators=[required(), at_most(300)])


ContactFields: Any = model_form(SupportContact, ["lease", "person", "made_on"])


class ContactForm(ContactFields):
    """A contact, or the attempt of one."""

    made_by = TextField(_("By"), description=_("Empty means you"), validators=[optional(), at_most(120)])
    channel = ChoiceField(_("Channel"), choices=Channel, validators=[required()])
    outcome = ChoiceField(_("Outcome"), choices=ContactOutcome, validators=[required()])
    note = TextField(_("Note"), description=_("No health data"), validators=[optional(), at_most(300)])
    next_on = DateField(_("Next contact"), validators=[optional()])


class NoteForm(RecordForm):
    """A few words on a household's situation."""

    text = TextField(
        _("Note"), description=_("Work, family, agreements: no health data"), validators=[required(), at_most(300)]
    )


class LeaseNoteForm(NoteForm):
    """A note, and on which lease."""

    lease = LookupField(_("Lease"), target=Lease, validators=[required()])


class PlanForm(RecordForm):
    """How a debt is to be paid."""

    count = IntegerField(_("Instalments"), description=_("Equal ones, a month apart"), validators=[required()])
    first_due = DateField(_("First one due on"), validators=[required()])


class NewPlanForm(PlanForm):
    """A plan, and of which lease."""

    lease = LookupField(_("Lease"), target=Lease, validators=[required()])


class RenegotiationForm(PlanForm):
    """A plan in the place of another, and why."""

    reason = TextField(_("Reason"), validators=[required(), at_most(300)])


class AcceptanceForm(RecordForm):
    """The day somebody accepted."""

    on = DateField(_("Accepted on"), default=today, validators=[required()])


class InstalmentForm(RecordForm):
    """Money that came in for a plan."""

    amount = MoneyField(_("Amount"), validators=[required()])
    paid_on = DateField(_("Paid on"), default=today, validators=[required()])
    method = ChoiceField(_("How"), choices=PaymentMethod, none=_("Bank transfer"), validators=[optional()])
    reference = TextField(
        _("Reference"), description=_("CRO, IUV or what the transfer says"), validators=[optional(), at_most(140)]
    )

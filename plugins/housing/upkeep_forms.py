"""Forms of handovers, meters, tickets and inspections."""

from typing import Any

from core.api import (
    ChoiceField,
    DateField,
    DecimalField,
    IntegerField,
    LongTextField,
    LookupField,
    MoneyField,
    RecordForm,
    TextField,
    YesNoField,
    _,
    at_most,
    model_form,
    optional,
    required,
    today,
)
from plugins.housing.models import Condition, HandoverKind, InventoryItem, Lease, MeterKind, TicketKind

TICKET_FIELDS = (
    "dwelling", "place", "part", "kind", "subject", "description", "reported_by", "reporter",
)  # fmt: skip


class HandoverForm(RecordForm):
    """A report as it is begun: of which lease, which way the keys go, who is there."""

    lease = LookupField(_("Lease"), target=Lease, validators=[required()])
    kind = ChoiceField(_("Report of"), choices=HandoverKind, validators=[required()])
    made_on = DateField(_("Day"), default=today, validators=[required()])
    present = TextField(
        _("Persons present"), description=_("Name and capacity, such as: A. Neri, tenant"),
        validators=[required(), at_most(300)],
    )  # fmt: skip
    keys = IntegerField(_("Sets of keys"), validators=[optional()])
    remarks = LongTextField(_("Remarks"), validators=[optional()])


class SigningForm(RecordForm):
    """The signatures under a report."""

    landlord_signed_on = DateField(_("Signed by the landlord on"), default=today, validators=[required()])
    tenant_signed_on = DateField(
        _("Signed by the tenant on"), description=_("Empty when the remarks say why there is no signature"),
        validators=[optional()],
    )  # fmt: skip
    works_needed = YesNoField(_("Works needed before the next tenant"))


ItemFields: Any = model_form(InventoryItem, ["room", "name", "quantity", "damage", "note"])


class ItemForm(ItemFields):
    """A thing of the inventory; the amount asked for it is for reports of return."""

    condition = ChoiceField(_("Condition"), choices=Condition, validators=[required()])


class ReadingForm(RecordForm):
    """What one meter says on the day of the report."""

    kind = ChoiceField(_("Meter"), choices=MeterKind, validators=[required()])
    serial = TextField(_("Serial number"), validators=[required(), at_most(40)])
    value = DecimalField(_("Reading"), places=3, validators=[required()])
    replaced = YesNoField(_("New meter"), description=_("Tick it when the meter was replaced"))


class DamagesForm(RecordForm):
    """When the damages are due."""

    due_on = DateField(_("Due on"), validators=[required()])


class AssessmentForm(RecordForm):
    """What a repair really is, and whether it is urgent."""

    kind = ChoiceField(_("Kind"), choices=TicketKind, none=_("As reported"), validators=[optional()])
    urgent = YesNoField(_("Urgent"), description=_("Waiting is dangerous"))

    def __init__(self, formdata: Any = None, obj: Any = None, **options: Any) -> None:
        super().__init__(formdata, obj=obj, **options)
        if obj is not None and not formdata:
            self.kind.data, self.urgent.data = obj.kind, obj.urgent


class SupplierForm(RecordForm):
    """Who mends it, and when they come."""

    supplier = LookupField(_("Supplier"), target="organisations", validators=[required()])
    visit_on = DateField(_("Visit on"), validators=[optional()])


class SolutionForm(RecordForm):
    """What was done and what it cost."""

    outcome = TextField(_("What was done"), validators=[required(), at_most(500)])
    cost = MoneyField(_("Cost"), validators=[optional()])


class RepairForm(RecordForm):
    """What a visit asks to mend."""

    kind = ChoiceField(_("Kind"), choices=TicketKind, validators=[required()])
    subject = TextField(_("What is broken"), validators=[required(), at_most(140)])

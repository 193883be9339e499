"""Forms about direct debits and pagoPA."""

from core.api import (
    DateField,
    IbanField,
    LookupField,
    MoneyField,
    RecordForm,
    TextField,
    _,
    at_most,
    optional,
    required,
    today,
)
from plugins.housing.models import Charge, Lease
from plugins.housing.rent_forms import MonthField


class MandateForm(RecordForm):
    """A mandate that a tenant signed."""

    lease = LookupField(_("Lease"), target=Lease, validators=[required()])
    reference = TextField(
        _("Mandate"), description=_("Its unique reference (UMR), such as M-00001"),
        validators=[required(), at_most(35)],
    )  # fmt: skip
    holder = TextField(_("Account holder"), validators=[required(), at_most(70)])
    iban = IbanField(_("IBAN"), validators=[required()])
    signed_on = DateField(_("Signed on"), validators=[required()])


class RevocationForm(RecordForm):
    """When a mandate was revoked."""

    revoked_on = DateField(_("Revoked on"), default=today, validators=[required()])


class CollectionForm(RecordForm):
    """What to collect, and when."""

    month = MonthField(
        _("Charges until the end of"), description=_("The month, such as 06/2026; earlier debts are asked for too"),
        validators=[required()],
    )  # fmt: skip
    collect_on = DateField(_("Collection date"), validators=[required()])


class CollectedForm(RecordForm):
    """When the bank credited a collection."""

    on = DateField(_("Credited on"), default=today, validators=[required()])


class ReturnedForm(RecordForm):
    """A debit that the bank gave back."""

    on = DateField(_("Returned on"), default=today, validators=[required()])
    return_code = TextField(
        _("Returned because"), description=_("ISO code, such as AM04"), validators=[optional(), at_most(20)]
    )
    costs = MoneyField(_("Costs to charge"), validators=[optional()])


class ReturnCostsForm(RecordForm):
    """What the return of a debit cost."""

    costs = MoneyField(_("Costs to charge"), validators=[optional()])


class PositionForm(RecordForm):
    """A charge to be paid through pagoPA."""

    charge = LookupField(_("Charge"), target=Charge, validators=[required()])
    iuv = TextField(
        _("IUV"), description=_("Assigned by the pagoPA partner; empty makes one with your segregation code"),
        validators=[optional(), at_most(35)],
    )  # fmt: skip


class PagopaForm(RecordForm):
    """The month whose charges are paid through pagoPA."""

    month = MonthField(_("Month"), description=_("Such as 06/2026"), validators=[required()])

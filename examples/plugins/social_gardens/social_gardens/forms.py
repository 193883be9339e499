"""What acts ask for beyond a list of columns."""

from core.api import DateField, LookupField, RecordForm, TextField, _, at_most, required, today


class OfferForm(RecordForm):
    """For which season a plot is offered."""

    season = LookupField(_("Season"), target="social_gardens.seasons", validators=[required()])


class ReasonForm(RecordForm):
    """Why a plot is taken away."""

    reason = TextField(_("Reason"), validators=[required(), at_most(300)])


class PaymentForm(RecordForm):
    """When a fee was paid."""

    on = DateField(_("Paid on"), default=today, validators=[required()])

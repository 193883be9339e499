"""What is asked before a right is carried out."""

from core.language import _
from core.resource.fields import ChoiceField, DateField, LongTextField, TextField, at_most, required
from core.resource.forms import RecordForm
from core.rights.models import RestrictionGround


class RestrictForm(RecordForm):
    """Why the data may only be kept."""

    ground = ChoiceField(_("Ground"), choices=RestrictionGround, validators=[required()])
    note = LongTextField(_("Note"), validators=[at_most(500)])


class ReasonForm(RecordForm):
    """Why, in words that name nobody."""

    reason = TextField(
        _("Reason"), description=_("Whose request, of which day; no name"), validators=[required(), at_most(500)]
    )


class AuthorisationForm(RecordForm):
    """The act by which the Soprintendenza authorises a disposal list."""

    authorisation = TextField(
        _("Authorisation"), description=_("Its protocol number"), validators=[required(), at_most(120)]
    )
    authorised_on = DateField(_("Authorised on"), validators=[required()])

"""The question what special data are read for."""

from core.language import _
from core.resource.fields import ChoiceField, TextField, at_most, optional, required
from core.resource.forms import RecordForm
from core.special.models import LONGEST_NOTE, Purpose


class PurposeForm(RecordForm):
    """One of a short list; something else in one's own words."""

    purpose = ChoiceField(_("What you read it for"), choices=Purpose, validators=[required()])
    note = TextField(
        _("What exactly"),
        description=_("Needed when it is something else; without names, and without what is read"),
        validators=[optional(), at_most(LONGEST_NOTE)],
    )

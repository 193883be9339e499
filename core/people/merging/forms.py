"""What is asked before two sheets become one, and before that is taken back."""

from core.language import _
from core.people.models import Person
from core.resource.fields import LookupField, TextField, YesNoField, at_most, optional, required
from core.resource.forms import RecordForm

REASON_HELP = _("It stays in the history of both sheets")


class MergeForm(RecordForm):
    """Why two sheets are one person, and that the codes were looked at where they differ."""

    reason = TextField(_("Reason"), description=REASON_HELP, validators=[required(), at_most(500)])
    confirm_codes = YesNoField(_("I have seen the documents: it is one person"))


class UndoForm(RecordForm):
    """Why a merge is taken back."""

    reason = TextField(_("Reason"), description=REASON_HELP, validators=[required(), at_most(500)])


class ReportForm(RecordForm):
    """The other sheet of somebody who is registered twice."""

    other = LookupField(_("The other sheet"), target=Person, validators=[required()])


class DifferentForm(RecordForm):
    """How one knows that they are two people."""

    note = TextField(
        _("Note"), description=_("How you know, if it helps whoever looks again"), validators=[optional(), at_most(300)]
    )

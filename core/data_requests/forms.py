"""What is written of a request, of a longer term and of an answer."""

from core.data_requests.models import Right
from core.database.scope import today
from core.language import _
from core.people.models import Person
from core.resource.fields import (
    ChoiceField,
    DateField,
    LongTextField,
    LookupField,
    TextField,
    at_most,
    optional,
    required,
)
from core.resource.forms import RecordForm


class ReceivedForm(RecordForm):
    """A request as it came in."""

    groups = (
        (_("Who asks"), ("person", "asked_by")), (_("What they ask for"), ("right", "received_on", "note")),
    )  # fmt: skip

    person = LookupField(_("Person"), target=Person, validators=[optional()])
    asked_by = TextField(
        _("Who asks"), description=_("Somebody in their name, or who is not in the registry"),
        validators=[optional(), at_most(200)],
    )  # fmt: skip
    right = ChoiceField(_("What they ask for"), choices=Right, validators=[required()])
    received_on = DateField(
        _("Received on"), default=today, description=_("The month runs from this day"), validators=[required()]
    )
    note = LongTextField(_("Note"), validators=[optional(), at_most(500)])


class ExtendingForm(RecordForm):
    """Why it takes longer."""

    reason = TextField(
        _("Why it takes longer"),
        description=_("As you write it to the person: the request is complex, or there are many"),
        validators=[required(), at_most(500)],
    )  # fmt: skip


class AnswerForm(RecordForm):
    """What the person was told, and when."""

    answer = LongTextField(_("What they were told"), validators=[required(), at_most(500)])
    answered_on = DateField(_("Answered on"), default=today, validators=[required()])


class RefusingForm(AnswerForm):
    """Why not."""

    answer = LongTextField(
        _("What they were told"),
        description=_("Why not, and that they may complain to the Garante or go to court (art. 12 c. 4)"),
        validators=[required(), at_most(500)],
    )

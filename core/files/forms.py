"""What is asked of a file when it is attached."""

from wtforms import FileField

from core.files.models import AttachmentCategory
from core.language import _
from core.resource.fields import ChoiceField, DateField, optional, required
from core.resource.forms import RecordForm


class AttachForm(RecordForm):
    """A file, what it is and until when it holds; its ids stand apart from those of the record's own forms."""

    file = FileField(
        _("File"),
        id="attachment-file",
        description=_("PDF, JPEG, PNG, office document, TXT or CSV, at most 20 MB"),
        validators=[required()],
    )
    category = ChoiceField(_("Category"), id="attachment-category", choices=AttachmentCategory, validators=[required()])
    expires_on = DateField(
        _("Expires on"),
        id="attachment-expires-on",
        description=_("The last day the document is valid"),
        validators=[optional()],
    )

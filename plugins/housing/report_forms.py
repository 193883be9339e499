"""The forms of reports: over which days."""

from datetime import date
from typing import Any

from wtforms import ValidationError

from core.api import DateField, RecordForm, _, required, today


class SpanForm(RecordForm):
    """The days a report speaks of, both included."""

    first = DateField(_("From"), default=lambda: date(today().year, 1, 1), validators=[required()])
    last = DateField(_("Until"), default=today, validators=[required()])

    def validate_last(self, last: Any) -> None:
        """The span goes forward, and lasts no more than ten years."""
        if self.first.data and last.data:
            if last.data < self.first.data:
                raise ValidationError(_("It ends before it begins: write a later day."))
            if last.data.year - self.first.data.year > 10:  # noqa: PLR2004
                raise ValidationError(_("Ask for ten years at most."))

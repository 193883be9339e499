"""The form of a parameter's value, read in the formats of what the parameter holds."""

from collections.abc import Callable
from typing import Any

from wtforms import SelectField, ValidationError

from core.language import _, reading
from core.parameters.declaration import declared, kind_of, stated
from core.parameters.queries import is_offered
from core.refusals import Refusal
from core.resource.fields import DateField, LongTextField, TextField, at_most, optional, required
from core.resource.forms import RecordForm

READERS: dict[str, Callable[[str], Any]] = {
    "decimal": reading.read_decimal,
    "percent": reading.read_decimal,
    "money": reading.read_money,
    "integer": reading.read_integer,
    "date": lambda text: reading.read_date(text).isoformat(),
}


def offered() -> list[tuple[str, str]]:
    """The declared parameters, by name."""
    named = sorted((str(kind.label), kind.key) for kind in declared())
    return [("", str(_("Choose…"))), *((key, label) for label, key in named)]


class ParameterForm(RecordForm):
    """A value, its days, and the act that sets it."""

    key = SelectField(_("Parameter"), choices=offered, validators=[required()])
    value = LongTextField(_("Value"), validators=[required()])
    valid_from = DateField(_("From"), validators=[required()])
    valid_to = DateField(_("Until"), description=_("Last day; empty until further notice"), validators=[optional()])
    source = TextField(
        _("Source"), description=_("The act or decision that sets it"), validators=[required(), at_most(200)]
    )

    def __init__(self, formdata: Any = None, obj: Any = None, **options: Any) -> None:
        super().__init__(formdata, obj=obj, **options)
        if self.meta.session is not None:
            self.key.choices = [one for one in self.key.choices or () if is_offered(self.meta.session, one[0])]
        if obj is not None and not self.value.raw_data and self.value.data:
            self.value.data = stated(obj.key, self.value.data)

    def values(self) -> dict[str, Any]:
        """What was read; numbers and days as exact text."""
        return super().values() | {"value": str(self.exact)}

    def validate_value(self, field: Any) -> None:
        """Read the value as its parameter is read."""
        kind = kind_of(self.key.data or "")
        try:
            self.exact = READERS.get(kind.kind, str)(field.data) if kind else field.data
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from refusal

"""Forms about the bank: a statement to import, and whose a movement is."""

from typing import Any
from uuid import UUID

from core.api import (
    ChoicesField,
    LookupField,
    RecordForm,
    SentFileField,
    _,
    optional,
    required,
    show_date,
    show_money,
)
from plugins.housing.models import Lease


class StatementForm(RecordForm):
    """A statement of account to import."""

    file = SentFileField(
        _("File"),
        description=_("CAMT.053 (XML), CSV or Excel, as the bank gives it; what is already known has no effect"),
        validators=[required()],
    )


class ConfirmForm(RecordForm):
    """Whose a movement is, and what the payer says it is for."""

    lease = LookupField(_("Lease"), target=Lease, validators=[optional()])
    declared = ChoicesField(
        _("Declared for"), description=_("None settles as the law says: costs, interest, then the oldest debt"),
        coerce=UUID, choices=(), validate_choice=False,
    )  # fmt: skip

    def __init__(self, formdata: Any = None, obj: Any = None, **options: Any) -> None:
        super().__init__(formdata, obj=obj, **options)
        self.declared.choices = declared_choices(obj.lease if obj is not None else None)
        if obj is not None and not self.declared.choices and not formdata:
            del self.declared


def declared_choices(lease: Lease | None) -> list[tuple[UUID, str]]:
    """The open charges of a lease, as a payer may declare them."""
    owing = [one for one in (lease.charges if lease is not None else ()) if one.owed > 0]
    return [(one.id, f"{one} · {show_date(one.due_on)} · {show_money(one.owed)}") for one in owing]

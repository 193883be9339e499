"""Forms about rents: the index of a month, a rent from a month on, the updates of a month."""

import re
from datetime import date
from typing import Any

from core.api import (
    ChoiceField,
    DateField,
    DecimalField,
    IntegerField,
    LookupField,
    MoneyField,
    RecordForm,
    Refusal,
    TextField,
    _,
    at_most,
    optional,
    required,
    today,
)
from plugins.housing.models import ErpArea, Lease

MONTH = re.compile(r"(?:(\d{4})-(\d{1,2})|(\d{1,2})[/.\-](\d{4}))(?:-\d{1,2}(?:T.*)?)?")
MONTHS = 12


def read_month(text: str) -> date:
    """The first day of a month written 06/2026, 2026-06, or as any of its days."""
    day = re.fullmatch(r"\d{1,2}[/.\-](\d{1,2}[/.\-]\d{4})", text)
    found = MONTH.fullmatch(day[1] if day else text)
    year, month = (int(found[1] or found[4]), int(found[2] or found[3])) if found else (0, 0)
    if not 1 <= month <= MONTHS:
        raise Refusal(_("“%(text)s” is not a month: write month and year, as 06/2026.", text=text))
    return date(year, month, 1)


class MonthField(DateField):
    """A month, kept as its first day."""

    read = staticmethod(read_month)
    write = staticmethod(lambda day: f"{day:%m/%Y}")


class IndexForm(RecordForm):
    """The index of one month, as ISTAT publishes it."""

    month = MonthField(_("Month"), description=_("Such as 06/2026"), validators=[required()])
    base = IntegerField(_("Base"), description=_("The year that counts 100, such as 2015"), validators=[required()])
    value = DecimalField(_("Value"), places=1, validators=[required()])
    source = TextField(
        _("Source"), description=_("Where you read it, such as ISTAT's release of 16/07/2026"),
        validators=[required(), at_most(200)],
    )  # fmt: skip


class RentForm(RecordForm):
    """A rent from a month on."""

    lease = LookupField(_("Lease"), target=Lease, validators=[required()])
    starts_on = MonthField(_("From"), description=_("The month, such as 06/2026"), validators=[required()])
    amount = MoneyField(
        _("Monthly rent"), description=_("Of a public home, empty computes it when a strategy is set"),
        validators=[optional()],
    )  # fmt: skip
    erp_area = ChoiceField(_("ISEE-ERP area"), choices=ErpArea, none=_("Not a public home"))
    isee_erp = MoneyField(_("ISEE-ERP"), validators=[optional()])
    note = TextField(_("Note"), validators=[optional(), at_most(300)])


class RequestForm(RecordForm):
    """The landlord's written request."""

    requested_on = DateField(
        _("Requested in writing on"), description=_("The rent rises from the month after; SAP needs none"),
        validators=[optional()],
    )  # fmt: skip


class UpdatesForm(RequestForm):
    """The updates of a month."""

    month = MonthField(_("Month"), description=_("Such as 06/2026"), validators=[required()])

    def __init__(self, formdata: Any = None, obj: Any = None, **options: Any) -> None:
        super().__init__(formdata, obj=obj, **options)
        if not formdata and self.month.data is None:
            self.month.data = today().replace(day=1)


class YearForm(RecordForm):
    """The year whose interest is paid."""

    year = IntegerField(_("Year"), description=_("It must be over"), validators=[required()])

    def __init__(self, formdata: Any = None, obj: Any = None, **options: Any) -> None:
        super().__init__(formdata, obj=obj, **options)
        if not formdata and self.year.data is None:
            self.year.data = today().year - 1

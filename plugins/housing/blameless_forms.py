"""The form of the checklist of blameless arrears: what lease, home and certificate do not say by themselves."""

from typing import Any

from core.api import ChoiceField, DateField, LookupField, MoneyField, RecordForm, _, optional, required
from plugins.housing.application_forms import Declaration
from plugins.housing.models import Lease
from plugins.housing.rules.blameless import Cause


class BlamelessForm(RecordForm):
    """What the household and the landlord say."""

    ise = MoneyField(_("ISE"), description=_("Empty takes the certificate in force"), validators=[optional()])
    isee = MoneyField(_("ISEE"), description=_("Empty takes the certificate in force"), validators=[optional()])
    work_income = ChoiceField(_("Income from work"), choices=Declaration, none=_("Not answered"),
                              validators=[optional()])  # fmt: skip
    cause = ChoiceField(_("Why income was lost"), choices=Cause, none=_("Not answered"), validators=[optional()])
    summoned_on = DateField(
        _("Summons to court of"), description=_("The eviction notice that summons to court"), validators=[optional()]
    )
    resident_since = DateField(_("Resident in the home since"), validators=[optional()])
    renounces = ChoiceField(
        _("The landlord renounces the eviction"), choices=Declaration, none=_("Not answered"), validators=[optional()]
    )

    def values(self) -> dict[str, Any]:
        """Yes and no as such; what nobody answered stays unknown."""
        told = super().values()
        for name in ("work_income", "renounces"):
            told[name] = None if told[name] is None else told[name] is Declaration.YES
        return told


class LeaseBlamelessForm(BlamelessForm):
    """The same, and of which lease."""

    lease = LookupField(_("Lease"), target=Lease, validators=[required()])

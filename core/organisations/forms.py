"""Forms of organisations that a list of columns cannot express."""

from core.database.scope import today
from core.language import _
from core.organisations.models import Organisation
from core.resource.fields import DateField, IbanField, TextField, at_most, optional, required
from core.resource.forms import RecordForm, model_form

OrganisationFields: type[RecordForm] = model_form(
    Organisation,
    [
        "name", "legal_type", "codice_fiscale", "partita_iva", "partner_status",
        "email", "phone", "pec", "website",
        "runts_section", "runts_number", "runts_date", "runts_second_section", "cooperative_number",
        "ateco", "ipa_code", "sdi_code", "notes",
    ],
)  # fmt: skip


class OrganisationForm(OrganisationFields):  # type: ignore[misc, valid-type]
    """An organisation, with its rarer registrations folded."""

    groups = (
        (_("Who it is"), ("name", "legal_type", "codice_fiscale", "partita_iva", "partner_status")),
        (_("How to reach it"), ("email", "phone", "pec", "website")),
        (_("Register of the third sector"), ("runts_section", "runts_number", "runts_date")),
    )
    more = ("runts_second_section", "cooperative_number", "ateco", "ipa_code", "sdi_code", "notes")


class CeaseForm(RecordForm):
    """When and why an organisation ceased."""

    on = DateField(_("Ceased on"), default=today, validators=[required()])
    reason = TextField(
        _("Reason"),
        description=_("Such as dissolved, merged into another, left"),
        validators=[required(), at_most(500)],
    )


class AccountForm(RecordForm):
    """One bank account to add."""

    iban = IbanField(_("IBAN"), validators=[required()])
    purpose = TextField(_("Used for"), validators=[optional(), at_most(80)])


class LeavingAccountForm(RecordForm):
    """One bank account to take away."""

    iban = IbanField(_("IBAN"), validators=[required()])

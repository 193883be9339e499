"""The registry of organisations, as lists and record pages show it."""

from core.language import _
from core.organisations import services
from core.organisations.forms import AccountForm, CeaseForm, LeavingAccountForm, OrganisationForm
from core.organisations.models import Organisation, OrganisationState
from core.resource.declaration import Action, Facts, Move, Related, Resource, Workflow

PROPOSED, ACTIVE, CEASED = OrganisationState.PROPOSED, OrganisationState.ACTIVE, OrganisationState.CEASED

states = Workflow(
    "state",
    [
        Move("activate", (PROPOSED, CEASED), ACTIVE, services.activate, _("Activate")),
        Move("cease", (PROPOSED, ACTIVE), CEASED, services.cease, _("Mark as ceased"), form=CeaseForm, danger=True),
    ],
)

organisations = Resource(
    Organisation,
    name="organisations",
    title=_("Organisations"),
    singular=_("Organisation"),
    columns=["name", "legal_type", "codice_fiscale", "partner_status", "email", "phone", "state"],
    filters=["legal_type", "partner_status", "runts_section", "state"],
    search=["name", "codice_fiscale", "partita_iva"],
    form=OrganisationForm,
    match=["codice_fiscale", "name"],
    order="name",
    create=services.register_organisation,
    amend=services.amend_organisation,
    remove=services.remove_organisation,
    panels=[
        Facts(
            "legal_type", "codice_fiscale", "partita_iva", "partner_status", "state", "ceased_on",
            title=_("Who it is"),
        ),
        Facts("email", "phone", "pec", "website", title=_("How to reach it")),
        Facts(
            "runts_section", "runts_number", "runts_date", "runts_second_section", "cooperative_number",
            "ateco", "ipa_code", "sdi_code", title=_("Registrations"),
        ),
        Related("ibans", ("iban", "purpose"), title=_("Bank accounts")),
        Facts("notes", title=_("Notes")),
    ],
    workflow=states,
    actions=[
        Action(
            "add-account", services.add_iban, _("Add a bank account"), form=AccountForm,
            permission="organisations.change",
        ),
        Action(
            "remove-account", services.remove_iban, _("Remove a bank account"), form=LeavingAccountForm,
            permission="organisations.change", when=lambda organisation: bool(organisation.ibans), danger=True,
        ),
    ],
    icon="share",
    sentence=_("Bodies the network deals with: associations, cooperatives, public bodies, companies and groups."),
)  # fmt: skip

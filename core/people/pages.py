"""People, households, relationships and ISEE certificates, as lists and record pages show them."""

from typing import Any

from flask import Blueprint, g, render_template, request

from core.access.permissions import requires
from core.language import _, reading
from core.people import forms, panels, services
from core.people.fields import WATCHED
from core.people.merging import forms as merging
from core.people.merging import saying
from core.people.models import (
    Household,
    IseeCertificate,
    IseeState,
    Person,
    PersonState,
    Relationship,
    Tag,
)
from core.refusals import Refusal
from core.resource.declaration import Action, Facts, Import, Move, Panel, Resource, Workflow

states = Workflow(
    "state",
    [
        Move("activate", PersonState.DRAFT, PersonState.ACTIVE, services.activate_person, _("Activate")),
        Move(
            "archive", (PersonState.DRAFT, PersonState.ACTIVE), PersonState.ARCHIVED, services.archive_person,
            _("Archive"), form=forms.ReasonForm,
        ),
        Move(
            "mark-deceased", (PersonState.ACTIVE, PersonState.ARCHIVED), PersonState.DECEASED,
            services.mark_deceased, _("Mark as deceased"), form=forms.DeathForm,
        ),
        Move(
            "reactivate", (PersonState.ARCHIVED, PersonState.DECEASED), PersonState.ACTIVE, services.reactivate,
            _("Reactivate"), form=forms.ReasonForm,
        ),
    ],
)  # fmt: skip


people = Resource(
    Person,
    name="people",
    title=_("People"),
    singular=_("Person"),
    columns=["full_name", "birth_date", "residence_municipality.name", "phone", "codice_fiscale", "state"],
    filters=["state", "sex", "birth_date", "residence_municipality", "language"],
    search=["surname", "name", "codice_fiscale", "phone", "email"],
    form=forms.PersonForm,
    match=["codice_fiscale"],
    imports=Import(find=services.same_without_code, together=services.many_people, headings={
        "birth_place": ("Nata/o a", "Nato a", "Comune di nascita", "Comune o stato di nascita"),
        "birth_date": ("Nata/o il", "Nato il"),
        "codice_fiscale": ("CF", "Cod. fiscale", "C.F."),
        "no_codice_fiscale_reason": ("Motivo assenza CF",),
        "sex": ("Sesso", "M/F"),
        "phone": ("Cellulare", "Tel.", "Recapito telefonico"),
        "email": ("Email", "Mail", "Posta elettronica"),
        "residence_address": ("Indirizzo", "Indirizzo di residenza", "Via"),
        "residence_municipality": ("Comune", "Comune di residenza", "Residente a"),
        "residence_postcode": ("CAP",),
        "known_to_services": ("Noto ai servizi",),
        "first_contact_date": ("Primo contatto",),
        "confirm_similar": ("Altra persona", "Another person"),
    }),
    order="sort_name",
    create=services.register_person,
    amend=services.amend_person,
    amend_when=panels.is_ours,
    panels=[
        Facts("codice_fiscale", "birth_date", "birth_place_name", "sex", "age", "citizenship", title=_("Who it is")),
        Facts("phone", "email", "pec", "language", "contact_preference", title=_("How to reach them")),
        Facts(
            "residence_address", "residence_postcode", "residence_municipality", "domicile_address",
            "domicile_postcode", "domicile_municipality", title=_("Where they live"),
        ),
        Facts(
            "known_to_services", "first_contact_date", "no_codice_fiscale_reason", "mismatch_reason", "deceased_on",
            title=_("First contact"),
        ),
        Facts(
            "gender", "document_kind", "document_number", "document_expires_on", "iban", "photo_consent", "notes",
            title=_("Other facts"),
        ),
        Panel(_("Households"), "people/households.html", panels.households_with, permission="households.see"),
        Panel(_("ISEE"), "people/isee.html", panels.isee_of_person, permission="isee-certificates.see"),
        Panel(
            _("Relationships"), "people/relationships.html", panels.relationships_of, permission="relationships.see"
        ),
        Panel(_("Tags"), "people/tags.html", panels.tags_on),
    ],
    workflow=states,
    actions=[
        Action("tag", services.tag, _("Add a tag"), form=forms.TagForm, permission="people.change"),
        Action(
            "report-duplicate", saying.report_duplicate, _("Same person as another sheet"), form=merging.ReportForm
        ),
        Action("untag", services.untag, _("Remove a tag"), form=forms.TagForm, permission="people.change"),
    ],
    icon="user",
    sentence=_("Five facts are enough to register somebody; the rest can be added later."),
)  # fmt: skip

households = Resource(
    Household,
    name="households",
    title=_("Households"),
    singular=_("Household"),
    columns=["code", "person.full_name", "kind", "size"],
    filters=["kind"],
    search=["code", "person.surname", "person.name"],
    form=forms.HouseholdForm,
    match=["code"],
    order="-code",
    create=services.compose_household,
    panels=[
        Facts("code", "person", "kind", "size", title=_("Household")),
        Panel(_("Members"), "people/members.html", panels.members_of),
        Panel(_("ISEE"), "people/isee.html", panels.isee_of_household, permission="isee-certificates.see"),
    ],
    actions=[
        Action(
            "add-member", services.add_member, _("Add a member"), form=forms.MemberForm,
            permission="households.change-members",
        ),
        Action(
            "leave", services.leave_household, _("Mark who leaves"), form=forms.LeavingForm,
            permission="households.change-members", when=lambda household: household.size > 0,
        ),
        Action(
            "change-reference", services.change_reference, _("Change the reference person"),
            form=forms.ReferenceForm, permission="households.change-members",
            when=lambda household: household.size > 1,
        ),
    ],
    icon="link",
    sentence=_("Who lives, or is counted, together."),
)  # fmt: skip

relationships = Resource(
    Relationship,
    name="relationships",
    title=_("Relationships"),
    singular=_("Relationship"),
    columns=["person.full_name", "kind", "other", "valid_from", "valid_to", "in_force"],
    filters=["kind", "organisation", "valid_from", "valid_to"],
    search=["person.surname", "person.name"],
    form=forms.RelationshipForm,
    order="-valid_from",
    create=services.relate,
    panels=[Facts("person", "kind", "other", "valid_from", "valid_to", "in_force", title=_("Relationship"))],
    actions=[
        Action(
            "end", services.end_relationship, _("End"), form=forms.EndForm,
            when=lambda relationship: relationship.valid_to is None,
        ),
    ],
    icon="share",
    in_menu=False,
    sentence=_("What people are to each other and to organisations."),
)  # fmt: skip

isee_certificates = Resource(
    IseeCertificate,
    name="isee-certificates",
    title=_("ISEE certificates"),
    singular=_("ISEE certificate"),
    columns=[
        "person.full_name", "household.code", "kind", "isee", "submitted_on", "expires_on", "standing", "omissions",
    ],
    filters=["kind", "state", "omissions", "submitted_on", "expires_on"],
    search=["protocol", "person.surname", "person.name"],
    form=forms.IseeForm,
    match=["protocol"],
    order="-submitted_on",
    create=services.record_isee,
    panels=[
        Facts("household", "person", "kind", "ground", "protocol", "scale_version", title=_("Which certificate")),
        Facts("isr", "isp", "se", "ise", "isee", title=_("Amounts")),
        Facts(
            "submitted_on", "expires_on", "standing", "uploaded_by", "verified_by", "verified_on",
            title=_("Validity"),
        ),
        Panel(_("Omissions or discrepancies"), "people/omissions.html", panels.omissions_of),
    ],
    workflow=Workflow(
        "state", [Move("verify", IseeState.UPLOADED, IseeState.VERIFIED, services.verify_isee, _("Verify"))]
    ),
    actions=[
        Action(
            "resolve-omissions", services.resolve_omissions, _("Resolve the omissions"), form=forms.ResolutionForm,
            when=lambda certificate: certificate.needs_resolution,
        ),
    ],
    icon="card",
    in_menu=False,
    sentence=_("Certificates of the households' economic situation, with their validity."),
)  # fmt: skip

tags = Resource(
    Tag,
    name="tags",
    title=_("Tags"),
    singular=_("Tag"),
    columns=["name", "code"],
    search=["name"],
    match=["code", "name"],
    order="name",
    panels=[Facts("name", "code")],
    in_menu=False,
    sentence=_("The closed list of words that may stand beside a person."),
)

pages = Blueprint("people", __name__, url_prefix="/people")

READERS: dict[str, Any] = {"birth_date": reading.read_date, "phone": reading.read_phone, "email": reading.read_email}


@pages.get("/similar")
@requires("people.add")
def similar() -> str:
    """Who looks like the person being typed: a fragment for htmx, a whole page without it."""
    typed = {name: request.args.get(name, "").strip() for name in WATCHED}
    found, known = services.look_alikes(g.session, **{name: _read(name, text) for name, text in typed.items()})
    fragment = "HX-Request" in request.headers
    return render_template(
        "people/similar_list.html" if fragment else "people/similar.html",
        found=found, known_elsewhere=known, may_confirm=fragment and not known, confirmed=False, typed=typed,
        labels={name: getattr(Person, name).info["label"] for name in WATCHED},
    )  # fmt: skip


def _read(name: str, text: str) -> Any:
    """What was typed so far; what cannot be read yet is as if it were not there."""
    try:
        return READERS[name](text) if text and name in READERS else text or None
    except Refusal:
        return None

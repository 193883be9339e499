"""Forms of people: what a list of columns cannot express."""

from collections.abc import Sequence
from typing import Any

from core.database.scope import today
from core.language import Words, _
from core.people.fields import SimilarField
from core.people.models import (
    Household,
    HouseholdKind,
    HouseholdMember,
    HouseholdRole,
    IseeCertificate,
    OmissionsResolution,
    Person,
    Relationship,
    Tag,
)
from core.people.services import AlreadyRegistered, KnownElsewhere, SimilarPeople
from core.refusals import Refusal
from core.resource.fields import (
    ChoiceField,
    DateField,
    LongTextField,
    LookupField,
    MoneyField,
    TextField,
    YesNoField,
    at_most,
    optional,
    required,
)
from core.resource.forms import RecordForm, model_form

WHO = ("surname", "name", "birth_date", "sex", "birth_place")
REACH = ("phone", "email", "codice_fiscale", "no_codice_fiscale_reason", "mismatch_reason")
FIRST = ("known_to_services", "first_contact_date")
HOME = ("residence_address", "residence_municipality", "residence_postcode")
MORE = (
    "citizenship", "gender", "domicile_address", "domicile_municipality", "domicile_postcode",
    "language", "contact_preference", "pec",
    "document_kind", "document_number", "document_expires_on", "iban", "photo_consent", "notes",
)  # fmt: skip
NEW_ONLY = ("confirm_similar",)
EDIT_ONLY = ("reason",)

PersonFields: Any = model_form(Person, [*WHO, *REACH, *FIRST, *HOME, *MORE])
HouseholdFields: Any = model_form(Household, ["person"])
WhoFields: Any = model_form(HouseholdMember, ["person"])
RelationshipFields: Any = model_form(Relationship, ["person", "kind", "other_person", "organisation"])
IseeFields: Any = model_form(
    IseeCertificate,
    [
        "household", "kind", "submitted_on", "protocol", "isr", "isp", "se", "ise", "isee",
        "ground", "scale_version", "omissions", "omissions_note",
    ],
)  # fmt: skip


def _out_of_place(person: Person | None) -> tuple[str, ...]:
    """The fields that make no sense for a new person, or for one who is there already."""
    if person is None:
        return EDIT_ONLY
    return NEW_ONLY if person.draft else (*NEW_ONLY, "draft")


class PersonForm(PersonFields):
    """A person as the clerk meets them: five facts first, the rest when it is known."""

    groups: Sequence[tuple[Words, Sequence[str]]] = (
        (_("Who it is"), WHO),
        (_("Similar people"), NEW_ONLY),
        (_("Contacts and codice fiscale"), REACH),
        (_("First contact"), (*FIRST, "draft")),
        (_("Where they live"), HOME),
        (_("Correction"), EDIT_ONLY),
    )
    more = MORE

    birth_place = TextField(
        _("Place of birth"),
        description=_("Municipality or state, by name or cadastral code (F471)"),
        validators=[optional(), at_most(90)],
    )
    citizenship = TextField(
        _("Citizenship"),
        description=_("State, by name or two-letter code (IT)"),
        validators=[optional(), at_most(60)],
    )
    first_contact_date = DateField(_("First contact"), description=_("Today, if empty"), validators=[optional()])
    confirm_similar = SimilarField(_("It is another person: register it anyway"))
    draft = YesNoField(_("Draft"), description=_("Something that identifies the person is still missing"))
    reason = TextField(
        _("Reason of the correction"),
        description=_("It stays in the history; what was settled 30 days after the registration asks for it"),
        validators=[optional(), at_most(500)],
    )

    def __init__(self, formdata: Any = None, obj: Any = None, **options: Any) -> None:
        super().__init__(formdata, obj=obj, **options)
        for name in _out_of_place(obj):
            del self._fields[name]
        shown = ((title, tuple(name for name in names if name in self._fields)) for title, names in self.groups)
        self.groups = tuple((title, names) for title, names in shown if names)
        if obj is not None and not self.birth_place.raw_data:
            self.birth_place.data = obj.birth_place_name or obj.birth_place

    def refuse(self, refusal: Refusal) -> None:
        """Keep the people that a refusal speaks of, so that the page links to them."""
        super().refuse(refusal)
        region = self._fields.get("confirm_similar")
        if region is not None and isinstance(refusal, SimilarPeople | AlreadyRegistered):
            region.found, region.may_confirm = refusal.found, isinstance(refusal, SimilarPeople)
        if region is not None:
            region.known_elsewhere = isinstance(refusal, KnownElsewhere)


class ReasonForm(RecordForm):
    """Why something is done to a person's page."""

    reason = TextField(_("Reason"), validators=[required(), at_most(500)])


class DeathForm(RecordForm):
    """The day a person died."""

    on = DateField(_("Deceased on"), validators=[required()])


class TagForm(RecordForm):
    """One word of the closed list."""

    tag = LookupField(_("Tag"), target=Tag, validators=[required()])


class HouseholdForm(HouseholdFields):
    """A household, begun from its reference person."""

    kind = ChoiceField(_("Kind"), choices=HouseholdKind, default=HouseholdKind.REGISTRY, validators=[required()])
    valid_from = DateField(_("Since"), default=today, validators=[required()])


class MemberFields(WhoFields):
    """Somebody of a household; the form begins empty, not with the household's reference person."""

    def __init__(self, formdata: Any = None, obj: Any = None, **options: Any) -> None:
        super().__init__(formdata, **options)


class MemberForm(MemberFields):
    """Somebody who joins a household."""

    role = ChoiceField(
        _("Role"),
        choices=[role for role in HouseholdRole if role is not HouseholdRole.REFERENCE],
        validators=[required()],
    )
    valid_from = DateField(_("Since"), default=today, validators=[required()])


class LeavingForm(MemberFields):
    """Somebody who leaves a household."""

    on = DateField(_("Last day"), default=today, validators=[required()])


class ReferenceForm(MemberFields):
    """A new reference person, and what the former one becomes."""

    former_role = ChoiceField(
        _("What the former one is to them"),
        choices=[role for role in HouseholdRole if role is not HouseholdRole.REFERENCE],
        validators=[required()],
    )


class RelationshipForm(RelationshipFields):
    """What a person is to another person or to an organisation."""

    valid_from = DateField(_("Since"), default=today, validators=[required()])
    valid_to = DateField(_("Until"), description=_("The last day; empty while it lasts"), validators=[optional()])


class EndForm(RecordForm):
    """The last day of something."""

    on = DateField(_("Last day"), default=today, validators=[required()])


class IseeForm(IseeFields):
    """A certificate as it is typed from the paper; what is computed is checked against what is typed."""

    groups = (
        (_("Which certificate"), ("household", "kind", "ground", "submitted_on", "protocol")),
        (_("Amounts"), ("isr", "isp", "se", "ise", "isee")),
        (_("Omissions or discrepancies"), ("omissions", "omissions_note")),
    )
    more = ("scale_version",)

    isee = MoneyField(
        _("ISEE"), description=_("Left empty, it is computed from ISE and the scale"), validators=[optional()]
    )


class ResolutionForm(RecordForm):
    """How omissions or discrepancies were dealt with."""

    resolution = ChoiceField(_("How they were resolved"), choices=OmissionsResolution, validators=[required()])
    reason = LongTextField(
        _("Reason"), description=_("Needed when the risk is accepted"), validators=[optional(), at_most(500)]
    )

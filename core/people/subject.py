"""What the registry keeps of a person, and what becomes of it when the person is erased."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from core.database.visibility import PersonAccess
from core.language import _
from core.people.models import (
    Duplicate,
    Household,
    HouseholdMember,
    IseeCertificate,
    Merge,
    MergedRow,
    NoCodiceFiscale,
    Person,
    PersonState,
    PersonTag,
    Relationship,
)
from core.people.models.merge import is_of, merged_into
from core.rights.about import About

# Sex, first contact and whether services knew them stay: they count, and name nobody.
NOBODY: dict[str, Any] = {
    **dict.fromkeys((
        "gender", "birth_date", "birth_place", "birth_place_name", "citizenship", "codice_fiscale", "mismatch_reason",
        "phone", "email", "pec", "language", "contact_preference", "residence_address", "residence_municipality_id",
        "residence_postcode", "domicile_address", "domicile_municipality_id", "domicile_postcode", "document_kind",
        "document_number", "document_expires_on", "iban", "notes", "deceased_on",
    )),
    "surname": "—", "name": "—", "sort_name": "—", "search": "", "photo_consent": False,
    "no_codice_fiscale_reason": NoCodiceFiscale.ANONYMOUS, "state": PersonState.ARCHIVED,
}  # fmt: skip
WHO = (
    "surname", "name", "sort_name", "search", "codice_fiscale", "no_codice_fiscale_reason", "mismatch_reason",
    "birth_date", "birth_place", "birth_place_name", "residence_address", "residence_municipality_id",
    "residence_postcode", "deceased_on", "state",
)  # fmt: skip
NO_AMOUNTS: dict[str, Any] = {
    **dict.fromkeys(("protocol", "isr", "isp", "se", "ise", "omissions_note", "resolution_reason")),
    "isee": Decimal(0),
}


def _merges_of(person: UUID) -> Any:
    return or_(Merge.person_id == person, Merge.merged_id == person)


def _code(key: UUID) -> str:
    """A household's code that names nobody, and no other household."""
    return key.hex[-12:].upper()


ABOUT = [
    About(Person, _("Name and contacts"), lambda person: Person.id == person, blank=NOBODY, names=WHO),
    About(
        Person, _("Sheets merged into this one"), lambda person: Person.id.in_(merged_into(person)),
        blank={name: value for name, value in NOBODY.items() if name not in {"state", "deceased_on"}},
    ),
    About(
        PersonAccess, _("Place in the lists"), lambda person: is_of(PersonAccess.person_id, person), names=WHO,
    ),
    About(Merge, _("Merges"), _merges_of, blank={"reason": "—", "undo_reason": None}),
    About(
        MergedRow, _("What takes merges back"),
        lambda person: MergedRow.merge_id.in_(select(Merge.id).where(_merges_of(person))),
    ),
    About(
        Duplicate, _("Likely duplicates"),
        lambda person: or_(is_of(Duplicate.person_id, person), is_of(Duplicate.other_id, person)),
    ),
    About(Household, _("Households"), lambda person: Household.person_id == person, blank={"code": _code}),
    About(HouseholdMember, _("Stays in households"), lambda person: HouseholdMember.person_id == person),
    About(
        IseeCertificate, _("ISEE certificates"), lambda person: IseeCertificate.person_id == person, blank=NO_AMOUNTS
    ),
    About(
        Relationship, _("Relationships"),
        lambda person: or_(Relationship.person_id == person, Relationship.other_person_id == person),
    ),
    About(PersonTag, _("Tags"), lambda person: PersonTag.person_id == person),
]  # fmt: skip

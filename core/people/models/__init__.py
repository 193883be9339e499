"""The tables of people: who they are, with whom they live, to whom they are related."""

from core.people.models.choices import (
    ContactPreference,
    DocumentKind,
    KnownToServices,
    Language,
    NoCodiceFiscale,
    PersonState,
    Sex,
)
from core.people.models.duplicate import Duplicate, DuplicateState
from core.people.models.household import Household, HouseholdKind, HouseholdMember, HouseholdRole
from core.people.models.isee import (
    CurrentGround,
    IseeCertificate,
    IseeKind,
    IseeScale,
    IseeStanding,
    IseeState,
    OmissionsResolution,
)
from core.people.models.merge import UNDO_FOR, Merge, MergedRow, MergeState
from core.people.models.person import Person
from core.people.models.relationship import BETWEEN_PEOPLE, Relationship, RelationshipKind
from core.people.models.sight import Sight, sight_of
from core.people.models.tag import PersonTag, Tag

__all__ = [
    "BETWEEN_PEOPLE",
    "UNDO_FOR",
    "ContactPreference",
    "CurrentGround",
    "DocumentKind",
    "Duplicate",
    "DuplicateState",
    "Household",
    "HouseholdKind",
    "HouseholdMember",
    "HouseholdRole",
    "IseeCertificate",
    "IseeKind",
    "IseeScale",
    "IseeStanding",
    "IseeState",
    "KnownToServices",
    "Language",
    "Merge",
    "MergeState",
    "MergedRow",
    "NoCodiceFiscale",
    "OmissionsResolution",
    "Person",
    "PersonState",
    "PersonTag",
    "Relationship",
    "RelationshipKind",
    "Sex",
    "Sight",
    "Tag",
    "sight_of",
]

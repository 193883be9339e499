"""What can happen to people, households, relationships, ISEE certificates and tags."""

from core.people.services.households import (
    add_member,
    change_reference,
    compose_household,
    household_of,
    leave_household,
)
from core.people.services.isee import (
    certificate_on,
    record_isee,
    refuse_unusable,
    resolve_omissions,
    verify_isee,
)
from core.people.services.recognising import AlreadyRegistered, KnownElsewhere, look_alikes, who_stayed, with_code
from core.people.services.registering import (
    activate_person,
    amend_person,
    archive_person,
    find_or_register,
    mark_deceased,
    reactivate,
    register_person,
)
from core.people.services.relationships import end_relationship, relate
from core.people.services.roster import many_people
from core.people.services.similar import Similar, SimilarPeople, same_without_code, similar_people
from core.people.services.tags import load_tags, tag, tags_of, untag

__all__ = [
    "AlreadyRegistered",
    "KnownElsewhere",
    "Similar",
    "SimilarPeople",
    "activate_person",
    "add_member",
    "amend_person",
    "archive_person",
    "certificate_on",
    "change_reference",
    "compose_household",
    "end_relationship",
    "find_or_register",
    "household_of",
    "leave_household",
    "load_tags",
    "look_alikes",
    "many_people",
    "mark_deceased",
    "reactivate",
    "record_isee",
    "refuse_unusable",
    "register_person",
    "relate",
    "resolve_omissions",
    "same_without_code",
    "similar_people",
    "tag",
    "tags_of",
    "untag",
    "verify_isee",
    "who_stayed",
    "with_code",
]

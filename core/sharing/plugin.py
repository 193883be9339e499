"""What sharing adds to the program."""

from uuid import UUID

from flask import Blueprint
from sqlalchemy.orm import Session

from core.agenda.sources import AgendaSource
from core.database.merging import OnMerge, PersonReference
from core.hooks import answers
from core.jobs.declaration import JobKind
from core.language import _
from core.resource.declaration import Resource
from core.resource.panels import RecordPanel
from core.rights.about import Hold, Section, Step, sections, steps
from core.sharing import agenda, pages, subject
from core.sharing import jobs as closing
from core.sharing.services.emergencies import TELL_EMERGENCY
from core.sharing.services.requests import TELL_REQUEST
from core.web.links import MenuItem


@answers
def resources() -> list[Resource]:
    return [pages.shares, pages.requests, pages.emergencies, pages.notices]


@answers
def blueprints() -> list[Blueprint]:
    return [pages.pages]


@answers
def menu_items() -> list[MenuItem]:
    return [MenuItem(_("Sharing"), "/sharing", "share", "shares.see")]


@answers
def role_presets() -> dict[str, list[str]]:
    seen = ["shares.see", "share-requests.see", "emergencies.see", "privacy-notices.see"]
    asks = [*seen, "share-requests.add", "share-requests.withdraw"]
    gives = [
        *asks, "shares.add", "shares.revoke", "shares.withdraw-consent", "shares.export", "share-requests.give",
        "share-requests.refuse", "emergencies.add", "emergencies.end",
    ]  # fmt: skip
    return {
        "org_manager": [*gives, "share-requests.export", "emergencies.export", "privacy-notices.*"],
        "municipal": gives,
        "case_manager": gives,
        "operator": asks,
        "facilitator": asks,
    }


@answers
def panels() -> list[RecordPanel]:
    return [
        RecordPanel(
            "people", "access", _("Who sees"), "sharing/who_sees.html", pages.who_sees, "people.see",
            card="sharing/who_sees_card.html", glance=pages.who_sees_in_short,
        )
    ]  # fmt: skip


@answers
def jobs() -> list[JobKind]:
    return [
        JobKind("core.close-shares", _("Close the shares that are over"), closing.close_what_is_over, daily_at="00:20"),
        JobKind(TELL_REQUEST, _("Tell another partner of a request"), closing.tell_of_request),
        JobKind(TELL_EMERGENCY, _("Tell another partner of an emergency"), closing.tell_of_emergency),
    ]


@answers
def person_references() -> list[PersonReference]:
    """What was shared stays with the sheet it was shared of; the accesses it opened go to the one that stays."""
    return [
        PersonReference("sharing_share", "person_id", _("Shares"), OnMerge.STAY),
        PersonReference("sharing_request", "person_id", _("Requests to share"), OnMerge.STAY),
        PersonReference("sharing_emergency", "person_id", _("Emergencies"), OnMerge.STAY),
    ]


@answers
def subject_export(session: Session, person_id: UUID) -> list[Section]:
    return sections(session, person_id, subject.ABOUT)


@answers
def subject_erase(session: Session, person_id: UUID) -> list[Step | Hold]:
    return steps(session, person_id, subject.ABOUT)


@answers
def agenda_sources() -> list[AgendaSource]:
    return [AgendaSource("core.shares", _("Sharing"), agenda.shares_that_end, "shares.see")]

"""What people add to the program."""

from uuid import UUID

from flask import Blueprint
from sqlalchemy.orm import Session

from core.access.permissions import Permission
from core.agenda.sources import AgendaSource
from core.database.merging import Conflict, PersonReference
from core.hooks import answers
from core.jobs.declaration import JobKind
from core.language import _
from core.people import agenda, pages, subject
from core.people.merging.conflicts import REFERENCES, conflicts_in_registry
from core.people.merging.endpoints import merge_endpoints
from core.people.merging.finding import find_duplicates
from core.people.merging.forgetting import forget_merges
from core.people.merging.pages import MERGE, merge_pages
from core.people.merging.records import duplicates, merges
from core.people.models import Person
from core.resource.declaration import Resource
from core.rights.about import Hold, Section, Step, sections, steps
from core.web.links import MenuItem


@answers
def resources() -> list[Resource]:
    return [
        pages.people, pages.households, pages.relationships, pages.isee_certificates, pages.tags, duplicates, merges,
    ]  # fmt: skip


@answers
def blueprints() -> list[Blueprint]:
    return [pages.pages, merge_pages, merge_endpoints]


@answers
def permissions() -> list[Permission]:
    return [
        Permission("households.change-members", _("Households: change the members")),
        Permission(MERGE, _("People: merge two sheets of one person, and undo it")),
    ]


@answers
def menu_items() -> list[MenuItem]:
    return [
        MenuItem(_("Likely duplicates"), "/duplicates?f.state=waiting", "user", "duplicates.see"),
        MenuItem(_("Merged people"), "/merges", "link", "merges.see"),
    ]


@answers
def jobs() -> list[JobKind]:
    return [
        JobKind("core.find-duplicates", _("Look for likely duplicates"), find_duplicates, permission="duplicates.see",
                daily_at="04:10"),
        JobKind("core.forget-merges", _("Forget merges past their 30 days"), forget_merges, daily_at="04:40"),
    ]  # fmt: skip


@answers
def role_presets() -> dict[str, list[str]]:
    seen = ["people.see", "households.see", "relationships.see", "tags.see"]
    kept = [
        *seen, "people.add", "people.change", "people.import", "people.export", "people.activate",
        "households.add", "households.import", "households.export", "households.change-members",
        "relationships.add", "relationships.import", "relationships.export", "relationships.end",
    ]  # fmt: skip
    states = ["people.archive", "people.mark-deceased", "people.reactivate"]
    doubles = ["duplicates.see", "duplicates.not-the-same", "people.report-duplicate", "merges.see"]
    isee = [f"isee-certificates.{verb}" for verb in ("see", "add", "import", "verify", "resolve-omissions")]
    return {
        "org_manager": [
            "people.*", "households.*", "relationships.*", "isee-certificates.*", "tags.*", "duplicates.*", "merges.*",
        ],
        "operator": [*kept, *states, *isee, *doubles],
        "municipal": [*kept, *states, *isee, *doubles],
        "case_manager": [*kept, "isee-certificates.see"],
        "facilitator": kept,
        "accountant": ["people.see", "households.see"],
    }  # fmt: skip


@answers
def agenda_sources() -> list[AgendaSource]:
    return [AgendaSource("people.isee", _("ISEE"), agenda.isee_expiries, "isee-certificates.see")]


@answers
def person_references() -> list[PersonReference]:
    return REFERENCES


@answers
def person_merge(session: Session, winner: Person, loser: Person) -> list[Conflict]:
    return conflicts_in_registry(session, winner, loser)


@answers
def subject_export(session: Session, person_id: UUID) -> list[Section]:
    return sections(session, person_id, subject.ABOUT)


@answers
def subject_erase(session: Session, person_id: UUID) -> list[Step | Hold]:
    return steps(session, person_id, subject.ABOUT)

"""What the register of requests adds to the program."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.agenda.sources import AgendaSource
from core.data_requests import agenda, pages, subject
from core.database.merging import PersonReference
from core.hooks import answers
from core.language import _
from core.resource.declaration import Resource
from core.resource.panels import RecordPanel
from core.rights.about import Hold, Section, Step, sections, steps
from core.web.links import MenuItem


@answers
def resources() -> list[Resource]:
    return [pages.requests]


@answers
def menu_items() -> list[MenuItem]:
    return [MenuItem(_("Requests about data"), "/data-requests?f.state=open", "inbox", "data-requests.see")]


@answers
def role_presets() -> dict[str, list[str]]:
    written = ["data-requests.see", "data-requests.add"]
    return {"org_manager": ["data-requests.*"], "municipal": written, "case_manager": written, "operator": written}


@answers
def panels() -> list[RecordPanel]:
    return [
        RecordPanel(
            "people", "data-requests", _("Requests about data"), "data_requests/person.html", pages.requests_of,
            "data-requests.see",
        )
    ]  # fmt: skip


@answers
def agenda_sources() -> list[AgendaSource]:
    return [AgendaSource("core.data-requests", _("Requests about data"), agenda.requests_due, "data-requests.see")]


@answers
def person_references() -> list[PersonReference]:
    return [PersonReference("data_requests_request", "person_id", _("Requests about data"))]


@answers
def subject_export(session: Session, person_id: UUID) -> list[Section]:
    return sections(session, person_id, subject.ABOUT)


@answers
def subject_erase(session: Session, person_id: UUID) -> list[Step | Hold]:
    return steps(session, person_id, subject.ABOUT)

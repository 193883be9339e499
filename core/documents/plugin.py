"""What documents add to the program."""

from core.database.merging import OnMerge, PersonReference
from core.documents.pages.register import letterheads, register
from core.documents.retention import KEEP_YEARS
from core.hooks import answers
from core.language import _
from core.parameters.declaration import ParameterKind
from core.resource.declaration import Resource
from core.web.links import MenuItem


@answers
def resources() -> list[Resource]:
    return [register, letterheads]


@answers
def menu_items() -> list[MenuItem]:
    return [MenuItem(_("Letterhead"), "/letterheads", "pencil", "letterheads.change")]


@answers
def parameters() -> list[ParameterKind]:
    return [ParameterKind(KEEP_YEARS, _("Years that issued documents are kept"), "integer")]


@answers
def role_presets() -> dict[str, list[str]]:
    kept = ["documents.see", "documents.export"]
    return {
        "org_manager": [*kept, "letterheads.*"],
        "operator": kept,
        "municipal": [*kept, "letterheads.*"],
        "accountant": kept,
    }


@answers
def person_references() -> list[PersonReference]:
    # The register is written once; the page of who stayed shows the documents of the sheets merged into theirs.
    of_people = ("entity", "people_person")
    return [PersonReference("documents_issued", "entity_id", _("Issued documents"), OnMerge.STAY, only=of_people)]

"""What jobs add to the program: their pages, who may see them, and the first job of all, which removes old ones."""

from flask import Blueprint

from core.access.permissions import Permission
from core.hooks import answers
from core.jobs.declaration import JobKind
from core.jobs.pages.endpoints import endpoints
from core.jobs.pages.views import pages
from core.jobs.queries import MANAGE, SEE
from core.jobs.retention import KEEP_DAYS, remove_old_jobs
from core.language import _
from core.parameters.declaration import ParameterKind
from core.web.links import MenuItem


@answers
def blueprints() -> list[Blueprint]:
    return [pages, endpoints]


@answers
def menu_items() -> list[MenuItem]:
    return [MenuItem(_("Jobs"), "/jobs", "refresh", SEE)]


@answers
def permissions() -> list[Permission]:
    return [
        Permission(SEE, _("Jobs: see how they go")),
        Permission(MANAGE, _("Jobs: those that start by themselves, stop them and try them again")),
    ]


@answers
def role_presets() -> dict[str, list[str]]:
    workers = ("operator", "municipal", "case_manager", "accountant")
    return {"org_manager": [SEE, MANAGE], **{role: [SEE] for role in workers}}


@answers
def parameters() -> list[ParameterKind]:
    return [ParameterKind(KEEP_DAYS, _("Days that finished jobs are kept"), "integer")]


@answers
def jobs() -> list[JobKind]:
    return [JobKind("core.remove-old-jobs", _("Remove old jobs"), remove_old_jobs, daily_at="03:30")]

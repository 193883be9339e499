"""The pages of jobs: the partner's list, and one job with its progress, log and result."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response

from core.access.permissions import requires
from core.jobs import queries, services
from core.jobs.declaration import declared, kind_of
from core.jobs.models import Job, JobState
from core.language import Words, _, plural
from core.refusals import Forbidden
from core.web.links import Link

pages = Blueprint("jobs", __name__, url_prefix="/jobs")
MINUTE, HOUR = 60, 3600


@pages.get("")
@requires(queries.SEE)
def all_jobs() -> str:
    """The partner's jobs, newest first."""
    wanted = wanted_of(request.args)
    rows, more = queries.page_of(g.session, g.scope, wanted)
    return render_template(
        "jobs/list.html", rows=rows, wanted=wanted, states=_state_links(wanted), kinds=_kinds(), up=_worker_is_up(rows),
        next=_address(wanted, after=str(more)) if more else "", first=_address(wanted) if wanted.after else "",
    )  # fmt: skip


def wanted_of(arguments: Any) -> queries.Wanted:
    """The part of the list that an address asks for; what is no state, key or number counts as not said."""
    after = arguments.get("after", type=UUID)
    size = min(100, max(1, arguments.get("size", queries.SIZE, type=int)))
    state = arguments.get("state", "")
    return queries.Wanted(
        JobState(state) if state in set(JobState) else None, arguments.get("kind", "")[:120], after, size
    )


def _state_links(wanted: queries.Wanted) -> list[Link]:
    every = Link(_("All"), _address(wanted, state=""), current=wanted.state is None)
    return [every, *(Link(s.label, _address(wanted, state=s.value), current=s is wanted.state) for s in JobState)]


def _address(wanted: queries.Wanted, **changes: str) -> str:
    told = {"state": wanted.state.value if wanted.state else "", "kind": wanted.kind, **changes}
    pairs = "&".join(f"{name}={value}" for name, value in told.items() if value)
    return f"/jobs?{pairs}" if pairs else "/jobs"


def _kinds() -> list[tuple[str, Words]]:
    """What the list can be narrowed to: the kinds of the core and of modules that are on."""
    # By their keys: cleaning up after a module is the core's, and its name is still that of the module.
    on = {"core", *g.scope.modules}
    shown = [one.kind for key, one in declared().items() if key.partition(".")[0] in on]
    return sorted(((kind.key, kind.label) for kind in shown), key=lambda pair: str(pair[1]).casefold())


@pages.get("/<uuid:key>")
@requires(queries.SEE)
def one_job(key: UUID) -> str:
    """One job; a browser with scripts asks for its state again every two seconds until it is over."""
    return render_template("jobs/job.html", **_shown(key))


@pages.get("/<uuid:key>/state")
@requires(queries.SEE)
def state_of_job(key: UUID) -> str:
    """The part of a job's page that changes."""
    return render_template("jobs/state.html", **_shown(key))


def _shown(key: UUID) -> dict[str, Any]:
    job = queries.job_by_key(g.session, g.scope, key)
    return {
        "job": job, "log": queries.log_of(g.session, job), "percent": queries.percent(job),
        "left": _in_words(queries.time_left(job)), "up": _worker_is_up([job]),
        "may_steer": queries.may_steer(g.scope, job), "known": kind_of(job.kind) is not None,
    }  # fmt: skip


def _worker_is_up(jobs: list[Job]) -> bool:
    """Whether what is not over is being looked after; not asked when everything is over."""
    return all(job.is_over for job in jobs) or services.worker_is_up(g.session)


def _in_words(left: timedelta | None) -> Words:
    if left is None:
        return ""
    seconds = left.total_seconds()
    if seconds < MINUTE:
        return _("About %(n)s seconds are left.", n=max(10, round(seconds / 10) * 10))
    if seconds < HOUR:
        return plural("About %(n)s minute is left.", "About %(n)s minutes are left.", round(seconds / MINUTE))
    return plural("About %(n)s hour is left.", "About %(n)s hours are left.", round(seconds / HOUR))


@pages.post("/<uuid:key>/cancel")
@requires(queries.SEE)
def cancel(key: UUID) -> Response:
    """Ask the job to stop."""
    return redirect(services.job_address(services.cancel_job(g.session, steered(key))), 303)


@pages.post("/<uuid:key>/retry")
@requires(queries.SEE)
def retry(key: UUID) -> Response:
    """Let a job that failed go on."""
    return redirect(services.job_address(services.retry_job(g.session, steered(key))), 303)


def steered(key: UUID) -> Job:
    """A job that the visitor may stop or try again."""
    job = queries.job_by_key(g.session, g.scope, key)
    if not queries.may_steer(g.scope, job):
        raise Forbidden(_("Your role does not include this. Ask the head of your organisation."))
    return job

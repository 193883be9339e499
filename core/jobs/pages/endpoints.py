"""Jobs as the JSON API tells them."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, request

from core.access.permissions import requires
from core.jobs import queries, services
from core.jobs.models import Job
from core.jobs.pages.views import steered, wanted_of
from core.resource.endpoints import say

endpoints = Blueprint("jobs-api", __name__, url_prefix="/api/v1/jobs")


@endpoints.get("")
@requires(queries.SEE)
def listed() -> Response:
    """A page of jobs, newest first: state, kind, size, after."""
    rows, more = queries.page_of(g.session, g.scope, wanted_of(request.args))
    return say({"items": [told(job) for job in rows], "next": str(more) if more else None, "total": None})


@endpoints.get("/<uuid:key>")
@requires(queries.SEE)
def shown(key: UUID) -> Response:
    """One job with its log, newest line first."""
    job = queries.job_by_key(g.session, g.scope, key)
    lines = [{"at": line.at.isoformat(), "text": str(line.text)} for line in queries.log_of(g.session, job)]
    return say({**told(job), "log": lines})


@endpoints.post("/<uuid:key>/cancel")
@requires(queries.SEE)
def cancelled(key: UUID) -> Response:
    """Ask a job to stop."""
    return say(told(services.cancel_job(g.session, steered(key))))


@endpoints.post("/<uuid:key>/retry")
@requires(queries.SEE)
def retried(key: UUID) -> Response:
    """Let a job that failed or was stopped go on."""
    return say(told(services.retry_job(g.session, steered(key))))


def told(job: Job) -> dict[str, Any]:
    """A job as programs read it; its sentences are in the reader's language."""
    moments = {name: getattr(job, name) for name in ("created_at", "due_at", "started_at", "finished_at")}
    return {
        "id": str(job.id), "kind": job.kind, "title": str(job.title), "state": job.state.value,
        "done": job.done, "total": job.total, "percent": queries.percent(job), "started_by": job.actor,
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
        "result": _said(job.result), "reason": _said(job.reason), "link": job.link,
    }  # fmt: skip


def _said(words: Any) -> str | None:
    return None if words is None else str(words)

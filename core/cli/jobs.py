"""The worker, and looking at jobs from the command line."""

import logging
import signal
from collections.abc import Callable
from uuid import UUID

import click
from sqlalchemy import select

from core.cli.context import Context, pass_context
from core.database.scope import Scope, ScopedSession
from core.events.services import deliver_events
from core.jobs.models import Job, JobState
from core.jobs.queue import ACROSS
from core.jobs.services import cancel_job, retry_job
from core.jobs.worker import Lent, Worker
from core.language import _
from core.language.formats import show_datetime
from core.partners.models import Partner
from core.refusals import NotFound


def worker_of(context: Context) -> Worker:
    """A worker for everything that the installation can do apart from requests."""
    lent = Lent(context.database, context.settings, context.installation.rights, context.installation.waiting)
    return Worker(lent, chores=[context.watch.look, lambda: deliver_events(context.database)])


@click.command()
@pass_context
def worker(context: Context) -> None:
    """Do jobs until told to stop (SIGTERM, Ctrl-C): the step under way is finished first."""
    logging.basicConfig(level=logging.INFO)
    one = worker_of(context)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_told: one.stop())
    click.echo("The worker waits for jobs.")
    one.run()


@click.group()
def jobs() -> None:
    """Jobs of the partners."""


@jobs.command("list")
@click.option("--partner", "code", help="Only this partner's")
@click.option("--state", type=click.Choice([state.value for state in JobState]), help="Only in this state")
@click.option("--limit", default=50, show_default=True)
@pass_context
def list_jobs(context: Context, code: str | None, state: str | None, limit: int) -> None:
    """List jobs, newest first: key, state, progress, partner, kind."""
    wanted = select(Job, Partner.code).join(Partner, Partner.id == Job.partner_id).order_by(Job.id.desc()).limit(limit)
    if code:
        wanted = wanted.where(Job.partner_id == context.partner(code).id)
    if state:
        wanted = wanted.where(Job.state == JobState(state))
    with context.database.session(context.operator("list"), writes=False) as session:
        for job, partner in session.execute(wanted):
            progress = f"{job.done}/{job.total}" if job.total else "-"
            when = show_datetime(job.created_at)
            click.echo(f"{job.id} {job.state.value:10} {progress:>12} {when} {partner:16} {job.kind}")
            if job.reason:
                click.echo(f"    {job.reason}")


@jobs.command("retry")
@click.argument("key", type=click.UUID)
@pass_context
def retry(context: Context, key: UUID) -> None:
    """Let a job that failed or was stopped go on."""
    _steer(context, key, retry_job)
    click.echo("It waits for its turn.")


@jobs.command("cancel")
@click.argument("key", type=click.UUID)
@pass_context
def cancel(context: Context, key: UUID) -> None:
    """Stop a job before its next step."""
    state = _steer(context, key, cancel_job)
    click.echo("Stopped." if state is JobState.CANCELLED else "It stops before its next step.")


def _steer(context: Context, key: UUID, verb: Callable[[ScopedSession, Job], Job]) -> JobState:
    with context.database.session(ACROSS, writes=False) as session:
        partner = session.scalars(select(Job.partner_id).where(Job.id == key)).one_or_none()
    if partner is None:
        raise NotFound(_("There is no such job here."))

    def steer(session: ScopedSession) -> JobState:
        return verb(session, session.get_one(Job, key)).state

    return context.database.run(Scope(partner_id=partner, actor="generazioni"), steer)

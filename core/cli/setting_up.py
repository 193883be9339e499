"""Commands that set the program up, bring it up to date, look at its health and serve it."""

import logging
import os
import subprocess
import sys
import time
from typing import Any

import click

from core.access.members import add_member
from core.access.models import Role
from core.access.users import register_user, set_password
from core.cli.context import Context, pass_context, who
from core.cli.deployment import weaknesses
from core.cli.health import findings
from core.cli.jobs import worker_of
from core.cli.references import load_references
from core.config import Settings
from core.database import installed, migrate
from core.database.scope import Scope, ScopedSession
from core.database.session import is_away, make_engine
from core.demo.models import has_demo
from core.jobs.worker import start_thread
from core.modules import services
from core.partners.models import PartnerKind
from core.partners.services import register_partner
from core.plugins.installation import Installation, Plugin
from core.refusals import Refusal

log = logging.getLogger("generazioni.plugins")


def bring_up_to_date(context: Context, *, everything: bool = False) -> list[str]:
    """Run the pending migrations of the core and of installed modules, those that are off among them.

    With `everything` the other modules are installed too. Returns the lines that moved.
    """
    settings, house = context.settings, context.installation
    settings.var.mkdir(parents=True, exist_ok=True)
    moved = migrate.upgrade(settings.owner_database_url, [migrate.core_line()])
    context.watch.look(now=True)
    everything = everything or (settings.embedded and _is_empty(context))
    for plugin in _behind(context, everything=everything):
        try:
            if _brought(settings, house, plugin):
                moved.append(plugin.key)
        except Exception as error:  # one module whose migrations fail keeps nobody else; nothing of them is kept
            if is_away(error):
                raise
            log.exception("the migrations of %s failed", plugin.key)
            told = str(error).partition("\n")[0]
            click.echo(f"{plugin.key}: its migrations failed, and nothing of them is kept: {told}", err=True)
            context.failed.append(plugin.key)
    context.watch.look(now=True)
    if moved:
        context.database.run(context.operator("reference tables"), load_references)
    return moved


def _behind(context: Context, *, everything: bool) -> list[Plugin]:
    """The plugins whose tables are not those of their code; nobody waits for the others' turn at the tables."""
    with context.database.session(context.operator("start"), writes=False) as session:
        standing = installed.standing(session.connection())
    return [
        plugin for plugin in context.installation.loaded()
        if standing.get(plugin.key) != (plugin.head, plugin.line.version) and (everything or plugin.key in standing)
    ]  # fmt: skip


def _brought(settings: Settings, house: Installation, plugin: Plugin) -> bool:
    """Whether the module's tables moved; one that cannot be brought further waits, and keeps nobody else."""
    try:
        if plugin.installed is None:
            services.install(settings, house, plugin.key, by=who())
            return True
        return services.upgrade(settings, house, plugin.key, by=who()) is not None
    except Refusal as refusal:
        click.echo(f"{plugin.key}: {refusal}", err=True)
        return False


@click.command()
@pass_context
def upgrade(context: Context) -> None:
    """Bring the database up to date: the core first, then the installed modules in order of need."""
    moved = bring_up_to_date(context)
    click.echo(f"Brought up to date: {', '.join(moved)}." if moved else "Already up to date.")
    if late := sorted({*context.installation.waiting(), *context.failed}):
        raise click.ClickException(f"These wait for their upgrade: {', '.join(late)}.")


@click.command()
@click.option("--partner", "code", prompt="Code of the first partner", help="Short code, such as MONTICHIARI")
@click.option("--name", prompt="Name of the first partner")
@click.option("--kind", type=click.Choice([kind.value for kind in PartnerKind]), default="other", show_default=True)
@click.option("--email", prompt="E-mail of the first administrator")
@click.option("--user", "user_name", prompt="Name of the first administrator")
@click.password_option(help="At least 14 characters")
@pass_context
def init(context: Context, code: str, name: str, kind: str, email: str, user_name: str, password: str) -> None:
    """Make the first partner and the first administrator."""
    bring_up_to_date(context)

    def first_partner(session: ScopedSession) -> Any:
        return register_partner(session, code=code, name=name, kind=PartnerKind(kind)).id

    partner_id = context.database.run(context.operator("first set-up"), first_partner)

    def first_administrator(session: ScopedSession) -> None:
        user = register_user(session, email=email, name=user_name)
        user.network_admin = True
        set_password(session, user, password=password)
        add_member(session, email=email, name=user_name, roles=[Role.ORG_MANAGER])

    context.database.run(Scope(partner_id=partner_id, actor="generazioni", operator=True), first_administrator)
    click.echo(f"{user_name} can sign in for {name}.")


@click.command()
@click.option("--people", type=click.IntRange(0), default=0, help="So many invented people more")
@click.option("--remove", is_flag=True, help="Remove every demo row and nothing else")
@pass_context
def demo(context: Context, *, people: int, remove: bool) -> None:
    """Load the demo network, or remove it."""
    from core.demo import loader  # noqa: PLC0415  the demo is not needed to serve

    bring_up_to_date(context, everything=not remove)
    if remove:
        removed = loader.remove_demo(context.database)
        click.echo(f"Removed {removed} demo rows.")
        return
    started = time.perf_counter()
    load_demo(context)
    if people:
        with click.progressbar(length=people, label=f"{people} people", file=sys.stderr) as bar:
            loader.load_crowd(context.database, people, progress=bar.update)
    click.echo(f"Demo network loaded in {time.perf_counter() - started:.1f} s.")
    click.echo(loader.sign_ins())


def load_demo(context: Context) -> None:
    """Load the demo network with the steps of every working plugin, under a progress bar."""
    from core.demo import loader  # noqa: PLC0415

    steps = [(plugin.key, step) for plugin in context.installation.working() for step in plugin.declared.demo_steps]
    with click.progressbar(length=100, label="Demo network", file=sys.stderr) as bar:
        loader.load_demo(context.database, context.settings, steps=steps, progress=bar.update)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=lambda: int(os.environ.get("PORT", "8000")), show_default="8000, or PORT")
@pass_context
def run(context: Context, host: str, port: int) -> None:
    """Serve on this machine; on an empty embedded database load the demo network first."""
    from waitress import serve  # noqa: PLC0415  only this command serves

    bring_up_to_date(context)
    if context.settings.embedded and _is_empty(context):
        _load_demo_apart()
    from core.app import create_app  # noqa: PLC0415
    from core.demo import loader  # noqa: PLC0415

    app = create_app(context.settings, context.installation)
    click.echo(f"generazioni serves on http://{host}:{port}")
    with context.database.session(context.operator("start"), writes=False) as session:
        if has_demo(session):
            click.echo(loader.sign_ins())
    worker = worker_of(context)
    thread = start_thread(worker)
    try:
        serve(app, host=host, port=port, threads=8, ident=None)
    finally:
        worker.stop()
        thread.join(timeout=10)


def _load_demo_apart() -> None:
    """Load the demo in a process of its own: whoever serves for days keeps none of the memory that loading takes."""
    code = "from core.cli import main; main()"
    subprocess.run([sys.executable, "-c", code, "demo"], stdout=subprocess.DEVNULL, check=True)  # noqa: S603  our own


def _is_empty(context: Context) -> bool:
    from sqlalchemy import select  # noqa: PLC0415

    from core.partners.models import Partner  # noqa: PLC0415

    with context.database.session(context.operator("start"), writes=False) as session:
        return session.scalars(select(Partner.id).limit(1)).first() is None


@click.command()
@click.option("--deploy", is_flag=True, help="Also what a trial may do and an installation with people's data may not")
@pass_context
def check(context: Context, *, deploy: bool) -> None:
    """Look at configuration, database, front end and plugins; name what is wrong and how to mend it."""
    wrong, looked_at = 0, list(findings(context))
    if deploy and looked_at[0].good:
        looked_at += weaknesses(context)
    for finding in looked_at:
        click.echo(f"{'ok   ' if finding.good else 'WRONG'} {finding.what}: {finding.text}")
        wrong += not finding.good
    if wrong:
        sys.exit(1)


@click.group()
def migrations() -> None:
    """For those who change models: write migrations, and check that none is missing."""


@migrations.command("write")
@click.argument("message", default="changes of the models")
@pass_context
def write_migrations(context: Context, message: str) -> None:
    """Write a revision for each line whose models say more than its tables."""
    url = f"sqlite:///{context.settings.var / 'migrations.db'}"
    (context.settings.var / "migrations.db").unlink(missing_ok=True)
    for line in [context.installation.lines()[0], *(p.line for p in context.installation.working())]:
        migrate.upgrade(url, [line])
        engine = make_engine(url)
        if migrate.differences(engine, line):
            migrate.write_revision(url, line, message)
            migrate.upgrade(url, [line])
            click.echo(f"Wrote a revision of {line.key}: read it, add grants and policies.")
        engine.dispose()


@migrations.command("check")
@pass_context
def check_migrations(context: Context) -> None:
    """Fail when the models say something that no migration does."""
    file = context.settings.var / "migrations-check.db"
    context.settings.var.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    url = f"sqlite:///{file}"
    migrate.upgrade(url, context.installation.lines())
    engine = make_engine(url)
    missing = [(line.key, one) for line in context.installation.lines() for one in migrate.differences(engine, line)]
    engine.dispose()
    for key, one in missing:
        click.echo(f"{key}: {one}", err=True)
    if missing:
        sys.exit(1)

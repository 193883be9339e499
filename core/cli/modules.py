"""Modules of the network from the command line: their tables, who runs them, what an action would do.

Listing and switching off import no plugin: they work when one of them breaks the start.
"""

import click
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from core.cli.context import Context, pass_context, who
from core.database.installed import InstalledModule
from core.database.scope import Scope
from core.modules import services
from core.modules.findings import Action
from core.modules.plans import Plan, lines_of, plan_of, refuse_stopped
from core.modules.queries import CODE_MISSING
from core.modules.switching import turn_off, turn_on
from core.partners.models import ModuleSwitch, Partner


@click.command("list")
@pass_context
def list_plugins(context: Context) -> None:
    """List the plugins with version, state, health and origin; what is wrong is said. Imports none of them."""
    installed, running = _in_database(context)
    known = context.listed.plugins
    for key in sorted({*known, *installed}):
        plugin = known.get(key)
        version = plugin.manifest.version if plugin and plugin.manifest else installed.get(key, ("?",))[0] or "?"
        state = "installed" if key in installed else "available"
        health = _health(context, key, installed)
        origin = plugin.manifest.origin if plugin and plugin.manifest else "-"
        click.echo(f"{key:20} {version:10} {state:10} {health:14} {origin}")
        if plugin and plugin.reason and health != "-":
            click.echo(f"    {plugin.reason}")
        if on := running.get(key):
            click.echo(f"    on for {', '.join(on)}")
    for ignored in context.listed.ignored:
        click.echo(f"{ignored.key:20} {'?':10} {'ignored':10} {'-':14} {ignored.reason}")


def _health(context: Context, key: str, installed: dict[str, tuple[str, str]]) -> str:
    """What can be told of a plugin without importing it; a dash when nothing is wrong so far."""
    plugin = context.listed.plugins.get(key)
    if plugin is None:
        return CODE_MISSING
    if plugin.health.value != "asleep":
        return plugin.health.value
    late = key in installed and installed[key][1] != plugin.head
    return "needs update" if late else "-"


def _in_database(context: Context) -> tuple[dict[str, tuple[str, str]], dict[str, list[str]]]:
    """Installed key → version and head, and key → codes of the partners that run it; empty without a database."""
    try:
        with context.database.session(context.operator("list"), writes=False) as session:
            rows = session.execute(select(InstalledModule.key, InstalledModule.module_version, InstalledModule.head))
            installed = {key: (version, head) for key, version, head in rows}
            on = select(ModuleSwitch.key, Partner.code).join(Partner, Partner.id == ModuleSwitch.partner_id)
            running: dict[str, list[str]] = {}
            for key, code in session.execute(on.where(ModuleSwitch.enabled).order_by(Partner.code)):
                running.setdefault(key, []).append(code)
    except DBAPIError:
        click.echo("The database cannot be read, or was never brought up to date: generazioni upgrade.", err=True)
        return {}, {}
    return installed, running


@click.command()
@click.argument("keys", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every plugin that could be loaded, in order of need")
@pass_context
def install(context: Context, keys: tuple[str, ...], *, everything: bool) -> None:
    """Make the tables of modules; they stay off until a partner switches them on."""
    house = context.installation
    wanted = [one.key for one in house.loaded() if one.installed is None] if everything else list(keys)
    if not wanted and not everything:
        raise click.UsageError("Name the modules, or say --all.")
    for key in wanted:
        seconds = services.install(context.settings, house, key, by=who())
        click.echo(f"{key} is installed ({seconds:.1f} s).")


@click.command()
@click.argument("key")
@click.option("--only-try", is_flag=True, help="On a copy, and nothing more")
@pass_context
def upgrade(context: Context, key: str, *, only_try: bool) -> None:
    """Bring a module's tables to its code's version: on a copy first, then in earnest."""
    house = context.installation
    if only_try:
        trial = services.try_upgrade(context.settings, services.loaded(house, key))
    else:
        done = services.upgrade(context.settings, house, key, by=who())
        if done is None:
            click.echo(f"{key} is up to date.")
            return
        trial = done
    verb = "would run" if only_try else "ran"
    click.echo(f"{key}: {verb} {', '.join(trial.revisions) or 'nothing'} ({trial.seconds:.1f} s on the copy).")
    for name, tables in (("made", trial.made), ("changed", trial.changed), ("dropped", trial.dropped)):
        if tables:
            click.echo(f"    {name}: {', '.join(tables)}")


@click.command()
@click.argument("key")
@click.option("--name", help="The module's key once more, instead of being asked")
@click.option(
    "--keeps-export", is_flag=True, help="The export is kept as long as the law wants, instead of being asked"
)
@pass_context
def purge(context: Context, key: str, name: str | None, *, keeps_export: bool) -> None:
    """Export everything a module keeps, then remove its tables for good."""
    plan = _plan(context, Action.PURGE, key, None)
    click.echo("\n".join(lines_of(plan)))
    refuse_stopped(plan)
    if plan.duties and not keeps_export:
        click.confirm("Do you keep the export for as long as the law wants?", abort=True)
    typed = name or click.prompt("This cannot be undone. Type the key of the module to go on")
    if typed != key:
        raise click.ClickException(f"That is not {key}: nothing was done.")
    purged = services.purge(context.settings, context.installation, key, by=who())
    click.echo(f"{key} is purged: {len(purged.tables)} tables, {purged.rows} rows.")
    click.echo(f"The export is in {purged.archive.folder} (sha256 of contents.json: {purged.archive.sha256}).")
    for missing in purged.archive.missing:
        click.echo(f"    this attachment was not there: {missing}", err=True)


@click.command()
@click.argument("key")
@click.option("--partner", "code", required=True, help="The partner's code")
@pass_context
def enable(context: Context, key: str, code: str) -> None:
    """Switch a module on for a partner."""
    house = context.installation
    changed = context.database.run(context.acting_for(code), lambda session: turn_on(session, house, key))
    click.echo(f"{key} is on for {code}." if changed else f"{key} was on already for {code}.")


@click.command()
@click.argument("key")
@click.option("--partner", "codes", multiple=True, help="The partner's code; several may be given")
@click.option("--everywhere", is_flag=True, help="For every partner")
@pass_context
def disable(context: Context, key: str, codes: tuple[str, ...], *, everywhere: bool) -> None:
    """Switch a module off; every row stays. Imports no plugin."""
    if not codes and not everywhere:
        raise click.UsageError("Name a --partner, or say --everywhere.")
    for code in _running(context, key) if everywhere else codes:
        scope = Scope(partner_id=context.partner(code).id, actor=who(), reason="command line")
        gone = context.database.run(scope, lambda session: turn_off(session, context.listed, key))
        click.echo(f"Off for {code}: {', '.join(sorted(gone))}." if gone else f"{key} was off already for {code}.")


def _running(context: Context, key: str) -> list[str]:
    return _in_database(context)[1].get(key, [])


@click.command("plan")
@click.argument("action", type=click.Choice([one.value for one in Action]))
@click.argument("key")
@click.option("--partner", "code", help="The partner whose switch it is")
@pass_context
def plan_command(context: Context, action: str, key: str, code: str | None) -> None:
    """Say what an action would do; nothing is changed."""
    chosen = Action(action)
    if chosen in {Action.ENABLE, Action.DISABLE} and code is None:
        raise click.UsageError("Name the --partner.")
    click.echo("\n".join(lines_of(_plan(context, chosen, key, code))))


def _plan(context: Context, action: Action, key: str, code: str | None) -> Plan:
    partner = context.partner(code).id if code else None
    scope = Scope(partner_id=partner) if partner else context.operator("plan")
    with context.database.session(scope, writes=False) as session:
        return plan_of(session, context.installation, action, key, partner)

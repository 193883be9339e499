"""The installed plugins, from the command line."""

import click

from core.cli.context import Context, pass_context


@click.group()
def plugins() -> None:
    """Installed plugins."""


@plugins.command("list")
@pass_context
def list_plugins(context: Context) -> None:
    """List the plugins with version, health and origin; a broken one says why."""
    for plugin in context.installation.plugins.values():
        version = plugin.manifest.version if plugin.manifest else "?"
        origin = plugin.manifest.origin if plugin.manifest else str(plugin.folder)
        click.echo(f"{plugin.key:20} {version:10} {plugin.health.value:14} {origin}")
        if plugin.reason:
            click.echo(f"    {plugin.reason}")

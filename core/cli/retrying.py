"""Another try for a plugin that hung or ended the program, from the command line."""

import click

from core.cli.context import Context, pass_context
from core.plugins.first_load import forget


@click.command()
@click.argument("key")
@pass_context
def retry(context: Context, key: str) -> None:
    """Load a plugin again at the next start, although the same files hung or ended the program before."""
    if not forget(context.settings, key):
        raise click.ClickException(f"Nothing is held against {key}.")
    click.echo(f"{key} is loaded again at the next start.")

"""`generazioni plugins …`: where each of its commands stands."""

import click

from core.cli.late import LateGroup

COMMANDS = {
    **{name: f"core.cli.modules:{name}" for name in ("install", "upgrade", "purge", "enable", "disable")},
    "list": "core.cli.modules:list_plugins",
    "plan": "core.cli.modules:plan_command",
    **{name: f"core.cli.wheels:{name}" for name in ("add", "remove", "audit")},
    **{name: f"core.cli.authoring:{name}" for name in ("new", "messages")},
    "retry": "core.cli.retrying:retry",
}


@click.group(cls=LateGroup, late=COMMANDS)
def plugins() -> None:
    """Modules: their code on this machine, their tables, and who runs them."""

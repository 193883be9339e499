"""`generazioni …`: what an administrator does on the machine. Plugins add their own commands."""

import sys

import click

from core import __version__
from core.cli.context import Context
from core.cli.late import LateGroup
from core.config import WrongSetting
from core.refusals import Refusal

COMMANDS = {
    **{name: f"core.cli.setting_up:{name}" for name in ("init", "upgrade", "run", "demo", "check", "migrations")},
    **{name: f"core.cli.network:{name}" for name in ("partners", "users", "token")},
    **{name: f"core.cli.jobs:{name}" for name in ("jobs", "worker")},
    **{name: f"core.cli.data:{name}_command" for name in ("import", "export")},
    **{name: f"core.cli.{name}:{name}" for name in ("plugins", "keys", "audit")},
}


class Program(LateGroup):
    """The core's commands, and those that plugins answer with: plugins are loaded only when one is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *self._of_plugins(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, cmd_name) or self._of_plugins(ctx).get(cmd_name)

    def _of_plugins(self, ctx: click.Context) -> dict[str, click.Command]:
        ctx.obj = ctx.obj or Context()
        declared = [one for _module, one in ctx.obj.installation.declarations()]
        return {str(command.name): command for one in declared for command in one.commands}


@click.group(cls=Program, late=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="generazioni")
@click.pass_context
def main_group(context: click.Context) -> None:
    """Abitare, lavoro, comunità: the network's program."""
    context.obj = context.obj or Context()


def main() -> None:
    """Run a command; a refusal or a wrong setting is one line and exit status 1."""
    try:
        main_group(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except (Refusal, WrongSetting) as error:
        click.echo(f"generazioni: {error}", err=True)
        sys.exit(1)

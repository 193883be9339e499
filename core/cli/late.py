"""Groups of commands whose code is imported when one of them is asked for: `generazioni run` waits for no other."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LateGroup(click.Group):
    """A group that knows where its commands stand: name → `module:function`."""

    def __init__(self, *arguments: Any, late: Mapping[str, str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._late = late

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self._late})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._late:
            return super().get_command(ctx, cmd_name)
        module, _is, function = self._late[cmd_name].partition(":")
        found: click.Command = getattr(import_module(module), function)
        return found

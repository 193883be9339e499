"""The code of plugins on this machine: adding a wheel, removing it, looking whether files changed."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from core.cli.context import Context, pass_context, who
from core.plugins import wheels
from core.plugins.integrity import differences
from core.plugins.lock import WrongLock, lock_file, read_lock
from core.plugins.wheels import Opened, WrongWheel

HONEST = "A plugin can read and change everything the program can: add only what somebody you trust has reviewed."


def in_words(command: Callable[..., Any]) -> Callable[..., Any]:
    """Say what is wrong with a wheel or the lock in one line."""

    @wraps(command)
    def run(*arguments: Any, **named: Any) -> Any:
        try:
            return command(*arguments, **named)
        except (WrongWheel, WrongLock, OSError) as error:
            raise click.ClickException(str(error)) from error

    return run


@click.command("add")
@click.argument("wheel", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sha256", default="", help="The fingerprint its author published; another file is refused")
@click.option("--yes", is_flag=True, help="Do not ask")
@pass_context
@in_words
def add(context: Context, wheel: Path, sha256: str, *, yes: bool) -> None:
    """Add a plugin's wheel: it is loaded at the next start, and changes nothing by itself."""
    opened = wheels.open_wheel(context.settings, wheel, sha256=sha256, by=who())
    try:
        _tell(opened)
        missing = [need.wanted for need in opened.needs if not need.fits]
        if missing:
            raise WrongWheel(f"install these first, reviewed: {', '.join(missing)}. Nothing is pulled unseen.")
        if not yes:
            click.confirm(f"{HONEST}\nAdd it?", abort=True)
        wheels.keep(context.settings, opened)
    finally:
        wheels.discard(opened.folder)
    click.echo(f"Added to {lock_file(context.settings.plugin_home)}. Restart the program, then:")
    verb = "upgrade" if opened.replaces else "install"
    click.echo(f"    generazioni plugins {verb} {opened.manifest.key}")


def _tell(opened: Opened) -> None:
    one = opened.locked
    click.echo(f"{opened.manifest.name} ({one.key} {one.version}), from {one.wheel}")
    click.echo(f"    sha256 {one.sha256}")
    if opened.replaces:
        click.echo(f"    in place of {opened.replaces.version}")
    for need in opened.needs:
        here = f"{need.here} is here" if need.here else "missing"
        click.echo(f"    needs {need.wanted}: {here}{'' if need.fits or not need.here else ', which does not fit'}")
    for key, wanted in opened.manifest.requires.items():
        click.echo(f"    needs the module {key} {wanted}")


@click.command("remove")
@click.argument("key")
@click.option("--yes", is_flag=True, help="Do not ask")
@pass_context
@in_words
def remove(context: Context, key: str, *, yes: bool) -> None:
    """Take a plugin's code off this machine; its tables and rows stay until they are purged."""
    if not yes:
        click.confirm(f"The rows of {key} stay in the database, and nobody can work with them. Remove its code?",
                      abort=True)  # fmt: skip
    gone = wheels.remove(context.settings, key)
    click.echo(f"{gone.name} {gone.version} is removed. Restart the program.")


@click.command("audit")
@pass_context
@in_words
def audit(context: Context) -> None:
    """Compare the files of added plugins with their wheels; exit status 1 when something differs."""
    home = context.settings.plugin_home
    wrong = 0
    for locked in read_lock(home):
        found = differences(locked, home)
        wrong += len(found)
        click.echo(f"{locked.key:20} {locked.version:10} {'as it was added' if not found else 'CHANGED'}"
                   f"  {locked.sha256}  {locked.added_at} {locked.added_by}")  # fmt: skip
        for line in found:
            click.echo(f"    {line}")
    for ignored in context.listed.ignored:
        click.echo(f"{ignored.key:20} ignored: {ignored.reason}")
    if wrong:
        sys.exit(1)

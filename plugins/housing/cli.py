"""What housing adds to the command line."""

from pathlib import Path
from typing import Any

import click

from core.api import SentFile, show_money
from plugins.housing.services.bank import import_statement


@click.group()
def housing() -> None:
    """Homes, leases and rents."""


@housing.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--partner", "code", required=True, help="The partner's code")
@click.pass_obj
def statement(context: Any, file: Path, code: str) -> None:
    """Import a bank statement (CAMT.053, CSV or XLSX); proposals are confirmed on the page."""
    sent = SentFile(file.name, file.read_bytes())

    def work(session: Any) -> str:
        made = import_statement(session, file=sent)
        recognised = sum(line.lease_id is not None for line in made.lines)
        told = f"{made.number}: {made.lines_read} read, {made.lines_known} known, {recognised} recognised"
        return f"{told}, {show_money(made.gap)} missing between the balances" if made.gap else told

    click.echo(context.database.run(context.acting_for(code), work))

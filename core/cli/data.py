"""Files in and out, by the very import and export of the pages."""

import sys
from pathlib import Path

import click

from core.cli.context import Context, pass_context
from core.language import _
from core.refusals import Refusal
from core.resource.collections import Collection
from core.resource.query import ListState


def _collection(context: Context, key: str) -> Collection:
    book = context.installation.collections
    if key not in book:
        known = ", ".join(sorted(collection.key for collection in book))
        raise Refusal(_("There is no collection %(key)s: there are %(known)s.", key=key, known=known))
    return book[key]


@click.command("import")
@click.argument("collection")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--partner", "code", required=True, help="The partner's code")
@click.option("--dry-run", is_flag=True, help="Look at every row and write nothing")
@click.option("--only-valid", is_flag=True, help="Write the valid rows and leave the others out")
@click.option("--leave-out", "left_out", multiple=True, metavar="HEADING", help="A column of the file to pass over")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the rows with their outcome here"
)
@pass_context
def import_command(
    context: Context, collection: str, file: Path, code: str, *,
    dry_run: bool, only_valid: bool, left_out: tuple[str, ...], report: Path | None,
) -> None:  # fmt: skip
    """Import a CSV or XLSX file into a collection, such as people or housing.dwellings."""
    from core.resource import importing, reports  # noqa: PLC0415  spreadsheets are not needed at start

    wanted = _collection(context, collection)
    with click.progressbar(length=100, label=str(file), file=sys.stderr) as bar:
        told = importing.import_file(
            context.database, context.acting_for(code), wanted, file.read_bytes(),
            dry_run=dry_run, only_valid=only_valid, mapping=dict.fromkeys(left_out, ""), progress=bar.update,
        )  # fmt: skip
    for problem in told.problems:
        click.echo(str(problem), err=True)
    click.echo(str(told))
    if report:
        report.write_bytes(reports.report_csv(told))
    if told.problems and not only_valid:
        sys.exit(1)


@click.command("export")
@click.argument("collection")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--partner", "code", required=True, help="The partner's code")
@click.option("--q", default="", help="Only what matches these words")
@pass_context
def export_command(context: Context, collection: str, file: Path, code: str, q: str) -> None:
    """Export a collection to a .csv or .xlsx file."""
    from core.resource import exporting  # noqa: PLC0415

    wanted = _collection(context, collection)
    with context.database.session(context.acting_for(code), writes=False) as session, file.open("wb") as stream:
        exporting.write(session, wanted, ListState(q=q), file.suffix.lstrip(".") or "csv", stream)
    click.echo(f"{file}")

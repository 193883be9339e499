"""The pages of an import: send the file, look at the dry run, write it."""

from typing import Any

from flask import Blueprint, Response, g, render_template, request
from wtforms import FileField

from core.access.permissions import requires
from core.language import _
from core.refusals import Refusal
from core.resource import headings, importing
from core.resource.collections import Collection
from core.resource.forms import RecordForm, open_form
from core.resource.kept import kept_file
from core.resource.reports import Report, report_csv
from core.resource.tables import Table, read_table

LEFT_OUT = "-"


class SendFile(RecordForm):
    """The file to import."""

    file = FileField(_("File"), description=_("CSV or Excel (XLSX), with the headings in the first line"))


def register(blueprint: Blueprint, collection: Collection) -> None:
    """Add the import of one collection."""
    url, name, permission = f"{collection.url}/import", collection.resource.name, collection.may("import")

    @requires(permission)
    def ask() -> str:
        return _draw(collection, _form(), step=1)

    @requires(permission)
    def send() -> Any:
        return _sent(collection)

    @requires(permission)
    def template() -> Response:
        answer = Response(headings.template_csv(g.session, collection), content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return answer

    blueprint.add_url_rule(url, f"{name}-import", ask, methods=["GET"])
    blueprint.add_url_rule(url, f"{name}-import-send", send, methods=["POST"])
    blueprint.add_url_rule(f"{url}/template.csv", f"{name}-import-template", template, methods=["GET"])


def _form() -> RecordForm:
    return open_form(SendFile, g.session, g.collections)


def _draw(collection: Collection, form: RecordForm, **more: Any) -> str:
    return render_template("resource/import.html", collection=collection, form=form, **more)


def _sent(collection: Collection) -> Any:
    """A file was sent, or a dry run was looked at and is to be tried again or written."""
    form = _form()
    try:
        kept, content = kept_file()
        table = read_table(content)
    except Refusal as refusal:
        form.refuse(refusal)
        return _draw(collection, form, step=1), 422
    mapping = _mapping(table.headings)
    only_valid = request.form.get("which") == "valid"
    write = request.form.get("do") == "write"
    report = _run(collection, table, mapping, write=write, only_valid=only_valid)
    if report.applied:
        kept.unlink(missing_ok=True)
        return _draw(collection, form, step=3, report=report)
    if request.form.get("do") == "report":
        answer = Response(report_csv(report), content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = f'attachment; filename="{collection.resource.name}-errors.csv"'
        return answer
    fields = list(headings.targets(g.session, collection).items())
    page = _draw(
        collection, form, step=2, report=report, table=table, mapping=mapping, fields=fields, kept=kept.name,
        confirmed=_confirmed(),
    )  # fmt: skip
    return page, 422 if write and report.problems else 200


def _run(collection: Collection, table: Table, mapping: dict[str, str], *, write: bool, only_valid: bool) -> Report:
    """Write in the request's own transaction, or try and undo it: a second writer would wait for us.

    A trial leaves nothing, its one-time key included: the same page downloads the report and then imports.
    """
    report = importing.import_table(g.session, collection, table, mapping=mapping, confirmed=_confirmed())
    report.applied = write and (only_valid or not report.problems)
    if not report.applied:
        g.session.rollback()
        g.once = ""
    return report


def _mapping(given: list[str]) -> dict[str, str]:
    """Heading → what it means, where the page was told; “” leaves the column out."""
    chosen = {heading: request.form.get(f"map.{number}", "") for number, heading in enumerate(given)}
    return {heading: "" if name == LEFT_OUT else name for heading, name in chosen.items() if name}


def _confirmed() -> dict[int, str]:
    """Line → field, for the refusals that somebody looked at and answered with a tick."""
    ticks = {key.removeprefix("confirm."): field for key, field in request.form.items() if key.startswith("confirm.")}
    return {int(line): field for line, field in ticks.items() if line.isdigit()}

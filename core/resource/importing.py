"""Files in: every row through the form and the service of the page, each refusal with its place and reason."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.language import LANGUAGES, Words, _, speaking
from core.language.matching import normalise
from core.refusals import Refusal, Refusals
from core.resource import lookup
from core.resource.collections import Collection
from core.resource.exporting import untame
from core.resource.forms import open_form, present_texts, written
from core.resource.tables import Row, Table, read_table


@dataclass(frozen=True)
class Problem:
    """What is wrong in one row: the column and value are empty when it is the row as a whole."""

    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.column} “{self.value}”: " if self.column else ""
        return str(_("Row %(line)s: %(reason)s", line=self.line, reason=f"{place}{self.reason}"))


@dataclass
class Report:
    """What an import did, or would do: read = created + updated + unchanged + rejected, always."""

    table: Table
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    applied: bool = False
    problems: list[Problem] = field(default_factory=list)

    def __str__(self) -> str:
        counts = _(
            "%(read)s rows read: %(created)s created, %(updated)s updated, %(unchanged)s unchanged, "
            "%(rejected)s rejected.",
            read=self.read, created=self.created, updated=self.updated,
            unchanged=self.unchanged, rejected=self.rejected,
        )  # fmt: skip
        ending = _("Everything valid is written.") if self.applied else _("Nothing was written.")
        return f"{counts} {ending}"


class Undone(Exception):  # noqa: N818
    """Carries the report out of a transaction that is to leave nothing behind."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


def import_file(
    database: Database, scope: Scope, collection: Collection, content: bytes, *,
    dry_run: bool, only_valid: bool, mapping: Mapping[str, str] | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Report:  # fmt: skip
    """Import a file in one transaction of its own: all of it, or nothing unless `only_valid`."""
    table = read_table(content)

    def work(session: ScopedSession) -> Report:
        report = import_table(session, collection, table, mapping=mapping, progress=progress)
        if dry_run or (report.problems and not only_valid):
            raise Undone(report)
        report.applied = True
        return report

    try:
        return database.run(scope, work)
    except Undone as undone:
        return undone.report


def import_table(
    session: ScopedSession, collection: Collection, table: Table, *, mapping: Mapping[str, str] | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Report:  # fmt: skip
    """Bring the rows of a table in, each in a savepoint; the caller keeps or undoes the whole."""
    fields = dict(mapping) if mapping is not None else guess(collection, table.headings)
    report = Report(table, read=len(table.rows))
    unknown = [heading for heading in table.headings if heading not in fields]
    if unknown:
        reason = str(_("No field has this heading: correct it, or choose a field or “leave out”."))
        report.problems += [Problem(1, heading, "", reason) for heading in unknown]
        report.rejected = report.read
        return report
    seen: dict[tuple[str, ...], int] = {}
    step = max(1, len(table.rows) // 100)
    for number, row in enumerate(table.rows, start=1):
        outcome = _bring_in(session, collection, row, fields, seen=seen, report=report)
        setattr(report, outcome, getattr(report, outcome) + 1)
        if number % step == 0:
            progress(1)
    return report


def guess(collection: Collection, headings: list[str]) -> dict[str, str]:
    """Heading → field: by the field's name, by its label in any language, or by a name the resource adds."""
    names = {normalise(name): name for name in collection.form_names}
    form = collection.form()
    for language in LANGUAGES:
        with speaking(language):
            unbound = open_form(form, None, collection.book)
            names |= {normalise(str(f.label.text)): name for name, f in unbound._fields.items()}
    names |= {normalise(heading): name for heading, name in collection.resource.extra_imports}
    found = {heading: names.get(normalise(heading)) for heading in headings}
    return {heading: name for heading, name in found.items() if name is not None}


def _bring_in(
    session: ScopedSession, collection: Collection, row: Row, fields: Mapping[str, str],
    *, seen: dict[tuple[str, ...], int], report: Report,
) -> str:  # fmt: skip
    """Create, update or leave one row as it is; what became of it, as the report counts."""
    texts = {fields[h]: untame(v) for h, v in row.values.items() if fields.get(h)}
    headings = {name: heading for heading, name in fields.items()}
    try:
        record = _already_there(session, collection, texts, row, seen)
        with session.begin_nested():
            return _write(session, collection, texts, record)
    except Refusal as refusal:
        for one in refusal.refusals if isinstance(refusal, Refusals) else [refusal]:
            heading = headings.get(one.field or "", "")
            report.problems.append(
                Problem(row.line, heading or (one.field or ""), texts.get(one.field or "", ""), str(one))
            )
        return "rejected"


def _already_there(
    session: ScopedSession, collection: Collection, texts: Mapping[str, str], row: Row, seen: dict[tuple[str, ...], int]
) -> Any:
    """The record that this row speaks of, found by the columns that name it; twice in a file is refused."""
    for column in collection.match:
        text = texts.get(column.name, "").strip()
        if text:
            first = seen.setdefault((column.name, normalise(text)), row.line)
            if first != row.line:
                raise Refusal(_("The same value stands in row %(line)s of this file.", line=first), field=column.name)
            found = lookup.find(session, collection, text, exact=True)
            return next((r for r in found if str(column.value(r) or "").casefold() == text.casefold()), None)
    return None


def _write(session: ScopedSession, collection: Collection, texts: Mapping[str, str], record: Any) -> str:
    kind, book = collection.form(), collection.book
    before = present_texts(kind, session, book, record) if record is not None else {}
    form = open_form(kind, session, book, formdata=MultiDict({**before, **texts}), loose=False)
    if not form.validate():
        raise Refusals([Refusal(str(e), field=name) for name, errors in form.errors.items() for e in errors])
    values = form.values()
    if record is None:
        if collection.resource.create is None:
            raise Refusal(_("Records of this list are not made from files."))
        collection.resource.create(session, **values)
        return "created"
    if {name: text for name, value in values.items() if (text := written(value))} == before:
        return "unchanged"
    if collection.resource.amend is None:
        raise Refusal(_("This record is already here and is not changed from files."))
    collection.resource.amend(session, record, **values)
    return "updated"


def report_csv(report: Report) -> bytes:
    """The file's own columns with what became of each row and why, ready to be mended and sent again."""
    reasons: dict[int, list[str]] = {}
    for problem in report.problems:
        reasons.setdefault(problem.line, []).append(str(problem))
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    outcome, error, refused, good = (str(w) for w in (_("Outcome"), _("Error"), _("rejected"), _("valid")))
    writer.writerow([*report.table.headings, outcome, error])
    for row in report.table.rows:
        told = reasons.get(row.line, [])
        writer.writerow(
            [*(row.values.get(h, "") for h in report.table.headings), refused if told else good, " ".join(told)]
        )
    return text.getvalue().encode("utf-8-sig")


def template_csv(collection: Collection) -> bytes:
    """An empty file with the headings that are understood."""
    form = open_form(collection.form(), None, collection.book)
    labels: list[Words] = [field.label.text for field in form._fields.values()]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerow([str(label) for label in labels])
    return text.getvalue().encode("utf-8-sig")

"""Files in: every row through a form and a service as on the pages, each refusal with its place and reason."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import func
from werkzeug.datastructures import MultiDict

from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.language import _
from core.refusals import Refusal, Refusals
from core.resource import headings, lookup
from core.resource.collections import Collection
from core.resource.columns import Column
from core.resource.exporting import said, untame
from core.resource.fields import YesNoField
from core.resource.forms import RecordForm, open_form, present_texts, texts_of, written
from core.resource.headings import KEY, TOLD
from core.resource.reports import Problem, Report
from core.resource.tables import Row, Table, read_table

CHUNK = 500
Confirmed = Mapping[int, str]


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
    confirmed: Confirmed | None = None, progress: Callable[[int], None] = lambda done: None,
) -> Report:  # fmt: skip
    """Bring the rows of a table in, each in a savepoint; the caller keeps or undoes the whole.

    `mapping` says what headings mean where they do not say it themselves, “” leaving a column out;
    `confirmed` are lines whose refusal somebody looked at, with the field that says so.
    """
    report = Report(table, read=len(table.rows))
    intake = Intake(session, collection, table, mapping or {}, confirmed or {})
    report.problems += intake.unknown(table.headings)
    if report.problems:
        report.rejected = report.read
        return report
    step = max(1, len(table.rows) // 100)
    for number, row in enumerate(table.rows, start=1):
        report.count(row, intake.take(row, report.problems))
        if number % step == 0:
            progress(1)
    return report


class Intake:
    """The rows of one file on their way in: what their columns mean, and what was looked up for all at once."""

    def __init__(
        self, session: ScopedSession, collection: Collection, table: Table,
        mapping: Mapping[str, str], confirmed: Confirmed,
    ) -> None:  # fmt: skip
        self.session, self.collection, self.confirmed = session, collection, confirmed
        self.remembered: dict[Any, Any] = {}
        self.kind = headings.row_form(collection)
        self.labels = headings.targets(session, collection)
        self.names = headings.known(session, collection)
        self.fields = {**headings.guess(self.names, table.headings), **mapping}
        headings.refuse_twins(self.fields, self.labels)
        self.headings = {target: heading for heading, target in self.fields.items() if target}
        self.told = [c for c in collection.columns if f"{TOLD}{c.name}" in self.headings]
        self.shown = {headings.root(c): c for c in collection.columns if c.path or c.kind == "relation"}
        self.seen: dict[tuple[str, str], int] = {}
        self.found = dict(self._find_all(table.rows))

    def unknown(self, given: Iterable[str]) -> list[Problem]:
        """A problem for each heading that means nothing here."""
        return [
            Problem(1, heading, "", headings.unknown(self.names, self.labels, heading))
            for heading in given
            if heading not in self.fields
        ]

    def take(self, row: Row, problems: list[Problem]) -> str:
        """Create, update or leave one row as it is; what became of it, as the report counts."""
        texts = {self.fields[h]: untame(v) for h, v in row.values.items() if self.fields.get(h)}
        if confirms := self.confirmed.get(row.line):
            texts[confirms] = "y"
        try:
            record = self._already_there(texts, row)
            with self.session.begin_nested():
                return self._write(texts, record)
        except Refusal as refusal:
            alone = refusal.refusals if isinstance(refusal, Refusals) else [refusal]
            problems += [self._problem(row, texts, one) for one in alone]
            return "rejected"

    def _problem(self, row: Row, texts: Mapping[str, str], refusal: Refusal) -> Problem:
        """Where a refusal stands in the file; beside a box to tick it is a question that a column may answer."""
        name = refusal.field or ""
        label = str(self.labels.get(name, ""))
        column, reason = self.headings.get(name, label), str(refusal)
        asks = name in self.labels and issubclass(
            getattr(getattr(self.kind, name, None), "field_class", str), YesNoField
        )
        if not asks or isinstance(refusal, Unread):
            return Problem(row.line, column, texts.get(name, ""), reason)
        declared = self.collection.resource.imports.headings.get(name, (label,))
        column = self.headings.get(name, declared[0])
        answer = _("In the file, write yes in the column “%(column)s”.", column=column)
        return Problem(row.line, column, texts.get(name, ""), f"{reason} {answer}", confirms=name)

    def _find_all(self, rows: list[Row]) -> Iterable[tuple[tuple[str, str], Any]]:
        """The records that the file's rows speak of, looked for together and not row by row."""
        for column in self.collection.match:
            heading = self.headings.get(column.name)
            texts = sorted({_same(untame(row.values.get(heading, ""))) for row in rows} - {""}) if heading else []
            for start in range(0, len(texts), CHUNK):
                wanted = func.lower(column.expression).in_(texts[start : start + CHUNK])
                statement = lookup.base(self.session, self.collection).where(wanted)
                for record in self.session.scalars(statement).unique():
                    yield (column.name, _same(str(column.value(record)))), record

    def _already_there(self, texts: Mapping[str, str], row: Row) -> Any:
        """The record that this row speaks of: by its key, or by what names it; twice in a file is refused."""
        named = [(c.name, _same(text)) for c in self.collection.match if (text := texts.get(c.name, ""))]
        if key := texts.get(KEY, ""):
            named.insert(0, (KEY, _same(key)))
        if not named:
            return None
        first = self.seen.setdefault(named[0], row.line)
        if first != row.line:
            message = _("The same value stands in row %(line)s of this file: leave one of the two.", line=first)
            raise Refusal(message, field=named[0][0])
        if not key:
            return next((self.found[name] for name in named if name in self.found), None)
        record = lookup.by_key(self.session, self.collection, key)
        if record is None:
            raise Refusal(_("No record has this identifier: leave it empty to add a new one."), field=KEY)
        return record

    def _write(self, texts: Mapping[str, str], record: Any) -> str:
        book = self.collection.book
        before = present_texts(self.kind, self.session, book, record) if record is not None else {}
        # An empty cell takes nothing away from what is registered.
        given = {n: t for n, t in texts.items() if record is None or (t and not self._says(record, n, t))}
        form = open_form(
            self.kind, self.session, book, formdata=MultiDict({**before, **given}), record=record, loose=False,
            remembered=self.remembered,
        )  # fmt: skip
        if not form.validate():
            raise Refusals([Unread(str(e), field=name) for name, errors in form.errors.items() for e in errors])
        if record is None:
            return self._create(form, texts)
        if texts_of(form) == before:
            self._compare(record, texts)
            return "unchanged"
        return self._amend(record, form, texts)

    def _create(self, form: RecordForm, texts: Mapping[str, str]) -> str:
        resource, values = self.collection.resource, form.values()
        if resource.imports.find and (record := resource.imports.find(self.session, **values)) is not None:
            return self._write(texts, record)
        create = resource.imports.create or resource.create
        if create is None:
            raise Refusal(_("Records of this list are not made from files."))
        self._compare(create(self.session, **values), texts)
        return "created"

    def _amend(self, record: Any, form: RecordForm, texts: Mapping[str, str]) -> str:
        """Hand the row to the service; what it writes says whether the row was written otherwise and means the same."""
        resource = self.collection.resource
        if resource.amend is None or resource.imports.form is not None:
            raise Refusal(_("%(what)s is already here and says otherwise: it is not changed from files.", what=record))
        noticed = len(self.session.info.get("changes", ()))
        resource.amend(self.session, record, **form.values())
        self.session.flush()
        self._compare(record, texts)
        return "updated" if len(self.session.info.get("changes", ())) > noticed else "unchanged"

    def _says(self, record: Any, name: str, text: str) -> bool:
        """Whether a text is what the list shows of a related record, so that it stays as it is."""
        column = self.shown.get(name)
        return column is not None and text in _words(column, record)

    def _compare(self, record: Any, texts: Mapping[str, str]) -> None:
        """What no form writes must be what the record says: nothing of a file is passed over in silence."""
        for column in self.told:
            text = texts.get(f"{TOLD}{column.name}", "")
            if text and text not in (words := _words(column, record)):
                message = _(
                    "This column is not written from files, and the record says “%(words)s”: "
                    "leave it empty, or change it on the page.", words=words[0],
                )  # fmt: skip
                raise Refusal(message, field=f"{TOLD}{column.name}")


class Unread(Refusal):
    """A field could not be read: no confirmation helps."""


def _words(column: Column, record: Any) -> tuple[str, ...]:
    value = column.value(record)
    return said(column, record), column.shown(record), written(value)


def _same(text: str) -> str:
    """A name of a record as it is compared, whatever its case."""
    return text.strip().lower()

"""One row of a file after the other: read by a form, handed to a service, each refusal with its place and reason."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func
from werkzeug.datastructures import MultiDict

from core.database.scope import ScopedSession
from core.language import _
from core.refusals import Refusal, Refusals
from core.resource import headings, lookup
from core.resource.collections import Collection
from core.resource.columns import Column
from core.resource.exporting import said, untame
from core.resource.fields import YesNoField
from core.resource.forms import RecordForm, open_form, present_texts, texts_of, written
from core.resource.headings import KEY, TOLD
from core.resource.reports import Problem
from core.resource.tables import Row, Table

CHUNK = 500
Confirmed = Mapping[int, str]


class Reading(NamedTuple):
    """A row that its form could read: what it says, and the record that it speaks of, with what that one held."""

    texts: Mapping[str, str]
    values: dict[str, Any]
    record: Any = None
    before: Mapping[str, str] = {}
    after: Mapping[str, str] = {}


class Tangled(Exception):  # noqa: N818
    """A row was refused with something half done: what was written with it goes row by row."""


class Intake:
    """The rows of one file on their way in: what their columns mean, and what was looked up for all at once."""

    def __init__(
        self, session: ScopedSession, collection: Collection, table: Table,
        mapping: Mapping[str, str], confirmed: Confirmed,
    ) -> None:  # fmt: skip
        self.session, self.collection, self.confirmed = session, collection, confirmed
        self.remembered: dict[Any, Any] = {}
        self.blank: RecordForm | None = None
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

    def take_together(self, rows: Sequence[Row], problems: list[Problem]) -> list[str]:
        """What became of each row; they go in one savepoint where the collection writes many at once.

        When the database refuses one of them, or one stops half way, they go again, each in its own.
        """
        together = self.collection.resource.imports.together
        if together is None:
            return [self.take(row, problems) for row in rows]
        readings = [self._try_to_read(row) for row in rows]
        new = [one.values for one in readings if isinstance(one, Reading) and one.record is None]
        found: list[Problem] = []
        try:
            with self.session.begin_nested(), together(self.session, new):
                told = [self._hand_cleanly(row, one, found) for row, one in zip(rows, readings, strict=True)]
        except (Refusal, Tangled):
            return [self.take(row, problems) for row in rows]
        problems += found
        return told

    def take(self, row: Row, problems: list[Problem]) -> str:
        """Create, update or leave one row as it is; what became of it, as the report counts."""
        try:
            reading = self._read(row)
            with self.session.begin_nested():
                return self._hand(reading)
        except Refusal as refusal:
            problems += self._problems(row, refusal)
            return "rejected"

    def _try_to_read(self, row: Row) -> Reading | Refusal:
        try:
            return self._read(row)
        except Refusal as refusal:
            return refusal

    def _hand_cleanly(self, row: Row, reading: Reading | Refusal, problems: list[Problem]) -> str:
        """What became of a row among others; one that is refused must have left nothing behind."""
        left, savepoint = self._left_behind(), self.session.get_nested_transaction()
        try:
            if isinstance(reading, Refusal):
                raise reading
            return self._hand(reading)
        except Refusal as refusal:
            if self._left_behind() != left or not (savepoint and savepoint.is_active):
                raise Tangled from refusal
            problems += self._problems(row, refusal)
            return "rejected"

    def _left_behind(self) -> tuple[int, ...]:
        """How much the session has noticed and has yet to write."""
        session = self.session
        return len(session.info.get("changes", ())), len(session.new), len(session.dirty), len(session.deleted)

    def _problems(self, row: Row, refusal: Refusal) -> list[Problem]:
        alone = refusal.refusals if isinstance(refusal, Refusals) else [refusal]
        texts = self._texts(row)
        return [self._problem(row, texts, one) for one in alone]

    def _texts(self, row: Row) -> dict[str, str]:
        """What the row says, by what its headings mean."""
        texts = {self.fields[h]: untame(v) for h, v in row.values.items() if self.fields.get(h)}
        if confirms := self.confirmed.get(row.line):
            texts[confirms] = "y"
        return texts

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

    def _read(self, row: Row) -> Reading:
        texts = self._texts(row)
        return self._formed(texts, self._already_there(texts, row))

    def _formed(self, texts: Mapping[str, str], record: Any) -> Reading:
        if record is None:
            form = self._read_anew(texts) if self.collection.resource.imports.together else self._open(texts)
            return Reading(texts, _valid(form).values())
        before = present_texts(self.kind, self.session, self.collection.book, record)
        # An empty cell takes nothing away from what is registered.
        given = {n: t for n, t in texts.items() if t and not self._says(record, n, t)}
        form = _valid(self._open({**before, **given}, record))
        return Reading(texts, form.values(), record, before, texts_of(form))

    def _open(self, texts: Mapping[str, str], record: Any = None) -> RecordForm:
        return open_form(
            self.kind, self.session, self.collection.book, formdata=MultiDict(texts), record=record, loose=False,
            remembered=self.remembered,
        )  # fmt: skip

    def _read_anew(self, texts: Mapping[str, str]) -> RecordForm:
        """One form reads the new rows of a file in turn: to make it takes as long as to read a row."""
        if self.blank is None:
            self.blank = self._open(texts)
            return self.blank
        given = MultiDict(texts)
        for name in {*self.fields.values(), *self.confirmed.values()} & self.blank._fields.keys():
            self.blank._fields[name].process(given)
        return self.blank

    def _hand(self, reading: Reading) -> str:
        """Hand what was read to the service that makes or amends the record."""
        if reading.record is None:
            return self._create(reading.values, reading.texts)
        if reading.after == reading.before:
            self._compare(reading.record, reading.texts)
            return "unchanged"
        return self._amend(reading.record, reading.values, reading.texts)

    def _create(self, values: dict[str, Any], texts: Mapping[str, str]) -> str:
        resource = self.collection.resource
        if resource.imports.find and (record := resource.imports.find(self.session, **values)) is not None:
            return self._hand(self._formed(texts, record))
        create = resource.imports.create or resource.create
        if create is None:
            raise Refusal(_("Records of this list are not made from files."))
        self._compare(create(self.session, **values), texts)
        return "created"

    def _amend(self, record: Any, values: dict[str, Any], texts: Mapping[str, str]) -> str:
        """Hand the row to the service; what it writes says whether the row was written otherwise and means the same."""
        resource = self.collection.resource
        if resource.amend is None or resource.imports.form is not None:
            raise Refusal(_("%(what)s is already here and says otherwise: it is not changed from files.", what=record))
        noticed = len(self.session.info.get("changes", ()))
        resource.amend(self.session, record, **values)
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


def _valid(form: RecordForm) -> RecordForm:
    """The form, when it could read all that it was given."""
    if not form.validate():
        raise Refusals([Unread(str(e), field=name) for name, errors in form.errors.items() for e in errors])
    return form


class Unread(Refusal):
    """A field could not be read: no confirmation helps."""


def _words(column: Column, record: Any) -> tuple[str, ...]:
    value = column.value(record)
    return said(column, record), column.shown(record), written(value)


def _same(text: str) -> str:
    """A name of a record as it is compared, whatever its case."""
    return text.strip().lower()

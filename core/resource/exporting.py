"""The same list as the page, in a file: XLSX with typed cells, or CSV as Italian offices open it."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from flask import Response

from core.database.scope import ROME
from core.language import Words, _
from core.language.matching import normalise
from core.refusals import NotFound
from core.resource.collections import Collection
from core.resource.columns import Column, show
from core.resource.query import ListState, ordered

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
# The last column: the record's key, by which a file that comes back names it.
KEY_LABEL = _("Identifier")
CHUNK = 1000
# What a spreadsheet would take for a formula, once the invisible signs before it are passed over.
FORMULA = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff]*[=+\-@|\uff1d\uff0b\uff0d\uff20\t\r\n]")
HARMLESS = re.compile(r"[+-]?\d[\d.,]*|\+\d[\d ]{5,}")


@dataclass(frozen=True)
class Cell:
    """A value and what kind of value it is."""

    value: Any
    kind: str = ""

    @property
    def said(self) -> str:
        """The value as the CSV says it."""
        if isinstance(self.value, Decimal):
            return f"{self.value:f}".replace(".", ",")
        return show(self.value, self.kind)


def response(session: Any, collection: Collection, state: ListState, kind: str) -> Response:
    """The file as an answer to a browser."""
    stream = io.BytesIO()
    write(session, collection, state, kind, stream)
    return _sent(stream, collection.resource.title, kind)


def _sent(stream: io.BytesIO, title: Words, kind: str) -> Response:
    name = normalise(str(title)).replace(" ", "-") or "export"
    answer = Response(stream.getvalue(), content_type=TYPES[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def write(session: Any, collection: Collection, state: ListState, kind: str, stream: IO[bytes]) -> None:
    """Write the list's rows, in its order and with its filters, whatever their number."""
    if kind not in TYPES:
        raise NotFound(_("Files can be xlsx or csv, not %(kind)s.", kind=kind))
    rows = session.scalars(ordered(session, collection, state).execution_options(yield_per=CHUNK))
    columns = collection.columns
    cells = ([*(cell_of(c, row) for c in columns), Cell(str(row.id))] for row in rows)
    headings = [*(str(column.label) for column in columns), str(KEY_LABEL)]
    (_write_xlsx if kind == "xlsx" else _write_csv)(headings, cells, stream)


def cell_of(column: Column, row: Any) -> Cell:
    """What stands under a column; a sentence in the place of what is withheld."""
    return Cell(column.shown(row)) if column.is_withheld(row) else Cell(column.value(row), column.kind)


def table_response(title: Words, headings: Sequence[Words], rows: Iterable[Sequence[Any]], kind: str) -> Response:
    """Rows that a page of its own made, in a file like those of lists; decimals are euro."""
    if kind not in TYPES:
        raise NotFound(_("Files can be xlsx or csv, not %(kind)s.", kind=kind))
    stream = io.BytesIO()
    cells = ([Cell(value, "money" if isinstance(value, Decimal) else "") for value in row] for row in rows)
    (_write_xlsx if kind == "xlsx" else _write_csv)([str(one) for one in headings], cells, stream)
    return _sent(stream, title, kind)


def _write_csv(headings: list[str], rows: Iterable[Sequence[Cell]], stream: IO[bytes]) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([tame(cell.said) for cell in row])
    text.flush()
    text.detach()


def said(column: Column, row: Any) -> str:
    """A value as the CSV says it."""
    return cell_of(column, row).said


def tame(text: str) -> str:
    """The text with an apostrophe before it when a spreadsheet would run it; amounts and telephones stay."""
    return f"'{text}" if FORMULA.match(text) and not HARMLESS.fullmatch(text) else text


def untame(text: str) -> str:
    """The text as it was before `tame`, so that an exported file can be imported again."""
    return text[1:] if text.startswith("'") and tame(text[1:]) == text else text


def _write_xlsx(headings: list[str], rows: Iterable[Sequence[Cell]], stream: IO[bytes]) -> None:
    import xlsxwriter  # noqa: PLC0415  not needed at start

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    book = xlsxwriter.Workbook(stream, options)
    sheet = book.add_worksheet()
    formats = {
        "date": book.add_format({"num_format": "dd/mm/yyyy"}),
        "moment": book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        "money": book.add_format({"num_format": '#,##0.00 "€"'}),
    }
    head = book.add_format({"bold": True})
    for place, heading in enumerate(headings):
        sheet.write_string(0, place, heading, head)
    for line, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            _write_cell(sheet, line, place, cell, formats)
    sheet.freeze_panes(1, 0)
    book.close()


def _write_cell(sheet: Any, line: int, place: int, cell: Cell, formats: dict[str, Any]) -> None:
    value = cell.value
    if value is None:
        return
    if isinstance(value, datetime):
        sheet.write_datetime(line, place, value.astimezone(ROME).replace(tzinfo=None), formats["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(line, place, value, formats["date"])
    elif isinstance(value, Decimal | int) and not isinstance(value, bool):
        sheet.write_number(line, place, float(value), formats["money"] if cell.kind == "money" else None)
    else:
        sheet.write_string(line, place, show(value, cell.kind))

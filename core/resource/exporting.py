"""The same list as the page, in a file: XLSX with typed cells, or CSV as Italian offices open it."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from flask import Response

from core.database.scope import ROME
from core.language import _
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


def response(session: Any, collection: Collection, state: ListState, kind: str) -> Response:
    """The file as an answer to a browser."""
    stream = io.BytesIO()
    write(session, collection, state, kind, stream)
    name = normalise(str(collection.resource.title)).replace(" ", "-") or "export"
    answer = Response(stream.getvalue(), content_type=TYPES[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def write(session: Any, collection: Collection, state: ListState, kind: str, stream: IO[bytes]) -> None:
    """Write the list's rows, in its order and with its filters, whatever their number."""
    if kind not in TYPES:
        raise NotFound(_("Files can be xlsx or csv, not %(kind)s.", kind=kind))
    rows = session.scalars(ordered(session, collection, state).execution_options(yield_per=CHUNK))
    (_write_xlsx if kind == "xlsx" else _write_csv)(collection.columns, rows, stream)


def _write_csv(columns: list[Column], rows: Iterator[Any], stream: IO[bytes]) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";")
    writer.writerow([*(str(column.label) for column in columns), str(KEY_LABEL)])
    for row in rows:
        writer.writerow([*(tame(said(column, row)) for column in columns), str(row.id)])
    text.flush()
    text.detach()


def said(column: Column, row: Any) -> str:
    """A value as the CSV says it."""
    value = column.value(row)
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    return show(value, column.kind)


def tame(text: str) -> str:
    """The text with an apostrophe before it when a spreadsheet would run it; amounts and telephones stay."""
    return f"'{text}" if FORMULA.match(text) and not HARMLESS.fullmatch(text) else text


def untame(text: str) -> str:
    """The text as it was before `tame`, so that an exported file can be imported again."""
    return text[1:] if text.startswith("'") and tame(text[1:]) == text else text


def _write_xlsx(columns: list[Column], rows: Iterator[Any], stream: IO[bytes]) -> None:
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
    for place, column in enumerate(columns):
        sheet.write_string(0, place, str(column.label), head)
    sheet.write_string(0, len(columns), str(KEY_LABEL), head)
    for line, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            _write_cell(sheet, line, place, column, row, formats=formats)
        sheet.write_string(line, len(columns), str(row.id))
    sheet.freeze_panes(1, 0)
    book.close()


def _write_cell(sheet: Any, line: int, place: int, column: Column, row: Any, *, formats: dict[str, Any]) -> None:
    value = column.value(row)
    if value is None:
        return
    if isinstance(value, datetime):
        sheet.write_datetime(line, place, value.astimezone(ROME).replace(tzinfo=None), formats["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(line, place, value, formats["date"])
    elif isinstance(value, Decimal | int) and not isinstance(value, bool):
        sheet.write_number(line, place, float(value), formats["money"] if column.kind == "money" else None)
    else:
        sheet.write_string(line, place, show(value, column.kind))

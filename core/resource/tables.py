"""Files of rows as offices send them: CSV in whatever encoding and separator, or XLSX."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.language import _
from core.refusals import Refusal

SEPARATORS = ";,\t"
XLSX = b"PK\x03\x04"
MOST_ROWS = 50_000


@dataclass(frozen=True)
class Row:
    """One line of a file: its number there, counting the headings as 1, and its texts by heading."""

    line: int
    values: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A file that was read: its headings in their order, and the rows that are not blank."""

    headings: list[str]
    rows: list[Row]


def read_table(content: bytes) -> Table:
    """The rows of a CSV or XLSX file; `Refusal` when it is neither, empty, or too long."""
    lines = _read_xlsx(content) if content.startswith(XLSX) else _read_csv(content)
    filled = [(number, values) for number, values in enumerate(lines, start=1) if any(v.strip() for v in values)]
    if not filled:
        raise Refusal(_("The file is empty: its first line must hold the headings."), field="file")
    if len(filled) > MOST_ROWS:
        raise Refusal(_("The file has more than %(n)s rows: divide it.", n=MOST_ROWS), field="file")
    headings = [heading.strip() for heading in filled[0][1]]
    while headings and not headings[-1]:
        headings.pop()
    if len({h for h in headings if h}) != len(headings):
        raise Refusal(_("Each column needs a heading of its own in the first line."), field="file")
    rows = [
        Row(number, dict(zip(headings, (v.strip() for v in values), strict=False))) for number, values in filled[1:]
    ]
    return Table(headings, rows)


def _read_csv(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    first = text.lstrip().split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def _decoded(content: bytes) -> str:
    """UTF-8 when it is, else Windows-1252 as older office programs save; no text has null bytes."""
    if b"\x00" in content:
        raise Refusal(_("This is not a CSV or XLSX file: save it again from the spreadsheet."), field="file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _read_xlsx(content: bytes) -> list[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415  not needed at start

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [
            [_cell(value) for value in line] for line in book.get_sheet_by_index(0).to_python(skip_empty_area=False)
        ]
    except CalamineError as error:
        raise Refusal(_("This XLSX file cannot be read: save it again from the spreadsheet."), field="file") from error


def _cell(value: Any) -> str:
    """A cell as somebody would have typed it."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(round(value, 6)).replace(".", ",")
    return str(value)

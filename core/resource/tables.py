"""Files of rows as offices send them: CSV in whatever encoding and separator, or XLSX."""

import codecs
import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.language import _
from core.language.matching import normalise
from core.refusals import Refusal

SEPARATORS = ";,\t"
XLSX = b"PK\x03\x04"
MOST_ROWS = 50_000
# What a workbook may hold once unpacked: parts, bytes, and how many times its own size.
MOST_PARTS, MOST_UNPACKED, MOST_RATIO = 1_000, 500_000_000, 100


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
    _refuse_headings(headings)
    if len(filled) == 1:
        raise Refusal(_("The file holds only headings: add at least one row below them."), field="file")
    rows = [
        Row(number, dict(zip(headings, (v.strip() for v in values), strict=False))) for number, values in filled[1:]
    ]
    return Table(headings, rows)


def _refuse_headings(headings: list[str]) -> None:
    """Each column has a heading, and one of its own: else its texts could be two things."""
    for place, heading in enumerate(headings, start=1):
        if not heading:
            raise Refusal(
                _("Column %(n)s has no heading: write one in the first line, or take the column out.", n=place),
                field="file",
            )
        first = [normalise(one) for one in headings].index(normalise(heading)) + 1
        if first != place:
            raise Refusal(
                _("The heading “%(heading)s” stands on columns %(first)s and %(second)s: give each its own.",
                  heading=heading, first=first, second=place), field="file",
            )  # fmt: skip


def _read_csv(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    first = text.lstrip().split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def _decoded(content: bytes) -> str:
    """UTF-16 when marked so, UTF-8 when it is, else Windows-1252 as older office programs save."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content:
        raise Refusal(_("This is not a CSV or XLSX file: save it again from the spreadsheet."), field="file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as in_utf8:
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, in_utf8.start) + 1
            raise Refusal(
                _("Row %(line)s holds signs in an unknown encoding: save the file again as “CSV UTF-8” or XLSX.",
                  line=line), field="file",
            ) from error  # fmt: skip


def _read_xlsx(content: bytes) -> list[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415  not needed at start

    _refuse_other_archives(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [
            [_cell(value) for value in line] for line in book.get_sheet_by_index(0).to_python(skip_empty_area=False)
        ]
    except CalamineError as error:
        raise Refusal(_("This XLSX file cannot be read: save it again from the spreadsheet."), field="file") from error


def _refuse_other_archives(content: bytes) -> None:
    """A workbook is a zip archive: refuse one that holds none, or that would unpack to far more than it is."""
    try:
        inside = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise Refusal(_("This XLSX file is cut short or damaged: save it again."), field="file") from error
    if not any(one.filename.startswith("xl/workbook.") for one in inside):
        raise Refusal(
            _("This is a zip archive and not an XLSX workbook: send the workbook or the CSV file itself."), field="file"
        )
    unpacked = sum(one.file_size for one in inside)
    if len(inside) > MOST_PARTS or unpacked > min(MOST_UNPACKED, MOST_RATIO * len(content)):
        raise Refusal(_("This XLSX file unpacks to far more than a list of rows: save it again as CSV."), field="file")


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

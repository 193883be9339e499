"""Tables as they stand, in a workbook and in CSV files: every column, every partner, exact."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from sqlalchemy import Table

from core.database.field import Choice
from core.database.ownership import owner_among
from core.database.scope import ROME

LONGEST_SHEET = 1_000_000
LONGEST_NAME = 31
LONGEST_TEXT = 32_767


class Sheets:
    """`tables.xlsx` with a sheet for each table, one more for each million of rows, and a CSV of each table.

    The workbook is for people; the CSV cuts no long text. The partner's code stands beside its key.
    """

    def __init__(self, folder: Path, partners: Mapping[UUID, str]) -> None:
        import xlsxwriter  # noqa: PLC0415  not needed at start

        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._folder, self._partners = folder, partners
        self._book = xlsxwriter.Workbook(str(folder / "tables.xlsx"), options)
        self._head = self._book.add_format({"bold": True})
        self._date = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._names: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            if not self._names:
                self._book.add_worksheet("empty")
            self._book.close()

    def write(self, table: Table, rows: Iterable[Mapping[str, Any]]) -> int:
        """Write a table's rows; says how many."""
        owner = owner_among(table.c.keys()) or ""
        headings = [*(["partner"] if owner else []), *(column.name for column in table.c)]
        sheet, line, count = self._sheet(table.name, headings), 1, 0
        with (self._folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as stream:
            exact = csv.writer(stream)
            exact.writerow(headings)
            for row in rows:
                if line > LONGEST_SHEET:
                    sheet, line = self._sheet(table.name, headings), 1
                own = [_plain(row[column.name]) for column in table.c]
                cells = [*([self._partners.get(row[owner], "")] if owner else []), *own]
                exact.writerow(["" if value is None else str(value) for value in cells])
                for place, value in enumerate(cells):
                    self._write_cell(sheet, line, place, value)
                line, count = line + 1, count + 1
        return count

    def _sheet(self, name: str, headings: Sequence[str]) -> Any:
        short, number = name[:LONGEST_NAME], 1
        while short in self._names:
            number += 1
            short = f"{name[: LONGEST_NAME - 3]}~{number}"
        self._names.add(short)
        sheet = self._book.add_worksheet(short)
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, self._head)
        return sheet

    def _write_cell(self, sheet: Any, line: int, place: int, value: Any) -> None:
        if isinstance(value, bool):
            sheet.write_boolean(line, place, value)
        elif isinstance(value, datetime):
            sheet.write_datetime(line, place, value.astimezone(ROME).replace(tzinfo=None), self._moment)
        elif isinstance(value, date):
            sheet.write_datetime(line, place, value, self._date)
        elif isinstance(value, int | float | Decimal):
            sheet.write_number(line, place, value)
        elif value is not None:
            sheet.write_string(line, place, value[:LONGEST_TEXT])


def _plain(value: Any) -> Any:
    """A value as a cell may hold it: keys and structures as their exact text."""
    if isinstance(value, Choice):
        return value.value
    if value is None or isinstance(value, bool | int | float | Decimal | date | str):
        return value
    return str(value) if isinstance(value, UUID) else json.dumps(value, ensure_ascii=False, default=str)

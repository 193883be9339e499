"""A sheet of rows, good and bad, and how an office would save it."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import xlsxwriter

Cell = str | int | Decimal | date | bool | None
ENCODINGS = {"cp1252": "Windows-1252", "utf-8-sig": "UTF-8 with a byte-order mark", "utf-8": "UTF-8"}
SAVED = datetime(2026, 4, 7, 9, 30)  # noqa: DTZ001  workbooks keep no time zone
INTRODUCTION = """# Example files

A municipality's dwellings, people and applications for homes, as its offices would send them. People are
invented (see `core/demo/`); telephone numbers and e-mail addresses reach nobody. `python -m examples.make`
makes everything here, this page included, and always the same.

Dates are dd/mm/yyyy and amounts 1.234,56; in the workbooks both are real dates and numbers. Some lines are blank.
The CSV and the XLSX of one sheet hold the same rows at the same line numbers; line 1 is the header.
Each row that is wrong is rejected with its reason; the others come in, beside the demo network or without it:

    generazioni import housing.dwellings examples/dwellings.csv --partner MONTICHIARI --dry-run
    generazioni import housing.dwellings examples/dwellings.csv --partner MONTICHIARI --only-valid --report esiti.csv
    generazioni import people examples/people.xlsx --partner MONTICHIARI --only-valid
    generazioni import housing.applications examples/applications.csv --partner MONTICHIARI --only-valid

Applications name people, homes and a call, so they go last. The call is SAS 2026/1: social homes, applications from
02/03/2026 to 31/03/2026, the demonstration scheme, all the homes of the file that are SAS; prepare and publish it first.
Each application puts its household together, and records its ISEE, when the registry has none.
"""


@dataclass(frozen=True)
class Fault:
    """What is wrong in a row: the column and why."""

    column: str
    why: str


@dataclass
class Sheet:
    """Rows by header; a blank line is an empty dict."""

    name: str
    title: str
    headers: tuple[str, ...]
    encoding: str
    rows: list[dict[str, Cell]] = field(default_factory=list)
    faults: dict[int, Fault] = field(default_factory=dict)

    def spoil(self, place: int, column: str, value: Cell, why: str) -> None:
        """Put a wrong value into the row at a place (0 is the first below the header)."""
        if not self.rows[place] or place in self.faults:
            raise ValueError(f"{self.name}: row {place} is blank or already wrong")
        self.rows[place] = self.rows[place] | {column: value}
        self.faults[place] = Fault(column, why)

    def leave_blank(self, rng: Random, count: int) -> None:
        """Put blank lines among the rows, before any of them is spoiled."""
        for place in sorted(rng.sample(range(2, len(self.rows)), count), reverse=True):
            self.rows.insert(place, {})

    def filled(self) -> Iterable[tuple[int, dict[str, Cell]]]:
        """The places and rows that hold something."""
        return ((place, row) for place, row in enumerate(self.rows) if row)

    def good(self) -> list[dict[str, Cell]]:
        """The rows that should pass."""
        return [row for place, row in self.filled() if place not in self.faults]


def written(value: Cell) -> str:
    """A value as Italian offices write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "sì" if value else "no"
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, Decimal):
        return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    return str(value)


def write_csv(sheet: Sheet, path: Path) -> None:
    """Semicolons and CRLF, as spreadsheets save here; of blank lines only the first lost its semicolons."""
    emptied = sheet.rows.index({})
    with path.open("w", encoding=sheet.encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerow(sheet.headers)
        for place, row in enumerate(sheet.rows):
            writer.writerow([] if place == emptied else [written(row.get(header)) for header in sheet.headers])


def write_xlsx(sheet: Sheet, path: Path) -> None:
    """A workbook with real dates and numbers; what is wrong stays as it was typed."""
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": sheet.title, "created": SAVED})
        page = book.add_worksheet(sheet.title[:31])
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
        amount = book.add_format({"num_format": "#,##0.00"})
        page.write_row(0, 0, sheet.headers, bold)
        page.freeze_panes(1, 0)
        for line, row in enumerate(sheet.rows, start=1):
            for column, header in enumerate(sheet.headers):
                value = row.get(header)
                if isinstance(value, date):
                    page.write_datetime(line, column, value, day)
                elif isinstance(value, Decimal):
                    page.write_number(line, column, float(value), amount)
                elif value is not None:
                    page.write(line, column, written(value) if isinstance(value, bool) else value)


def explain(sheets: Iterable[Sheet]) -> str:
    """The page that says what stands in each file and which rows are wrong."""
    return INTRODUCTION + "".join(map(_section, sheets))


def _section(sheet: Sheet) -> str:
    filled = len(list(sheet.filled()))
    blank = len(sheet.rows) - filled
    lines = [
        f"\n## {sheet.name}.csv, {sheet.name}.xlsx\n",
        f"{filled} rows, {len(sheet.faults)} of them wrong, and {blank} blank lines.",
        f"The CSV is in {ENCODINGS[sheet.encoding]}.\n",
        "| Line | Column | Value | Why |",
        "|---:|---|---|---|",
    ]
    for place, fault in sorted(sheet.faults.items()):
        value = written(sheet.rows[place].get(fault.column))
        lines.append(f"| {place + 2} | {fault.column} | {f'`{value}`' if value else '(empty)'} | {fault.why} |")
    return "\n".join(lines) + "\n"

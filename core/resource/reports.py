"""What an import did, or would do, row by row, and the file that tells it."""

import csv
import io
from dataclasses import dataclass, field

from core.language import _, in_context
from core.resource.exporting import tame, untame
from core.resource.tables import Row, Table

# The columns that the report adds; they come back with a mended file and mean nothing in it.
ADDED = (_("Outcome"), _("Error"))


@dataclass(frozen=True)
class Problem:
    """What is wrong in one row: the column and value are empty when it is the row as a whole.

    `confirms` is the field that would let the row in, when somebody says that it is right as it is.
    """

    line: int
    column: str
    value: str
    reason: str
    confirms: str = ""

    def __str__(self) -> str:
        place = f"{self.column} “{self.value}”: " if self.value else f"{self.column}: " if self.column else ""
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
    outcomes: dict[int, str] = field(default_factory=dict)

    def count(self, row: Row, outcome: str) -> None:
        """Note what became of a row: created, updated, unchanged or rejected."""
        self.outcomes[row.line] = outcome
        setattr(self, outcome, getattr(self, outcome) + 1)

    def __str__(self) -> str:
        counts = _(
            "%(read)s rows read: %(created)s created, %(updated)s updated, %(unchanged)s unchanged, "
            "%(rejected)s rejected.",
            read=self.read, created=self.created, updated=self.updated,
            unchanged=self.unchanged, rejected=self.rejected,
        )  # fmt: skip
        return f"{counts} {self.ending}"

    @property
    def ending(self) -> str:
        """Whether anything was written."""
        if not self.applied:
            return str(_("Nothing was written."))
        return str(_("Only the valid rows are written.") if self.rejected else _("Everything is written."))


def report_csv(report: Report) -> bytes:
    """The file's own columns with what became of each row and why, ready to be mended and sent again."""
    words = {
        "created": in_context("row", "created"), "updated": in_context("row", "updated"),
        "unchanged": in_context("row", "unchanged"), "rejected": in_context("row", "rejected"),
    }  # fmt: skip
    reasons: dict[int, list[str]] = {}
    for problem in report.problems:
        place = f"{problem.column}: " if problem.column else ""
        reasons.setdefault(problem.line, []).append(f"{place}{problem.reason}")
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow([*report.table.headings, *map(str, ADDED)])
    for row in report.table.rows:
        cells = [tame(untame(row.values.get(h, ""))) for h in report.table.headings]
        outcome = words[report.outcomes.get(row.line, "rejected")]
        writer.writerow([*cells, str(outcome), " ".join(reasons.get(row.line) or reasons.get(1, []))])
    return text.getvalue().encode("utf-8-sig")

"""Files in: every row through a form and a service as on the pages, each refusal with its place and reason."""

from collections.abc import Callable, Mapping

from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.resource.collections import Collection
from core.resource.intake import Confirmed, Intake
from core.resource.reports import Report
from core.resource.tables import Table, read_table

TOGETHER = 200


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
    step, counted = max(1, len(table.rows) // 100), 0
    for start in range(0, len(table.rows), TOGETHER):
        rows = table.rows[start : start + TOGETHER]
        for row, outcome in zip(rows, intake.take_together(rows, report.problems), strict=True):
            report.count(row, outcome)
        if done := (start + len(rows)) // step - counted:
            counted += done
            progress(done)
    return report

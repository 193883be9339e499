"""Removing a module's tables and every trace of it, after everything was exported.

What stays: the audit trail, attached files and issued documents, protocol numbers, and the line that says who
purged what and where the export is.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, select, text

from core.access.models import RolePermission
from core.config import Settings
from core.database import faults, installed
from core.database.installed import ModuleVerb
from core.database.migrate import Line
from core.database.points import passed
from core.database.scope import ScopedSession
from core.database.session import settle
from core.demo.models import DemoRow
from core.drafts.models import Draft
from core.events.models import Event
from core.jobs.models import Job, JobLine
from core.language import _, plural
from core.modules.archive import Archive, write_archive
from core.modules.owner import across
from core.modules.tables import names_of, pointing_at
from core.parameters.models import NetworkParameter, PartnerParameter
from core.partners.models import ModuleSwitch
from core.refusals import Refusal


@dataclass(frozen=True)
class Purged:
    """What was removed, and where its export stands."""

    archive: Archive
    tables: list[str]

    @property
    def rows(self) -> int:
        """How many rows went."""
        return sum(self.archive.rows.values())


def purge(connection: Connection, settings: Settings, line: Line, *, by: str) -> Purged:
    """Export, remove and note it, within the connection's transaction."""
    passed("purge.begun")
    known = installed.keys(connection)
    tables = names_of(connection, line.key, known)
    if others := pointing_at(connection, tables):
        raise Refusal(_("Other tables point at its rows: %(tables)s.", tables=", ".join(others)))
    version_table = [line.version_table] if _exists(connection, line.version_table) else []
    if connection.dialect.name == "postgresql" and tables:
        connection.execute(text(f"lock table {', '.join(tables)} in access exclusive mode"))
    archive = write_archive(connection, settings, line.key, tables)
    passed("purge.exported")
    with across(connection, settings, by=by, reason="module purged") as session:
        _forget_rows(session, line.key, tables)
        settle(session)
    passed("purge.emptied")
    _drop(connection, line.key, [*tables, *version_table], known)
    passed("purge.dropped")
    installed.forget(connection, line.key)
    faults.forget(connection, line.key)
    told = str(plural("%(n)s row", "%(n)s rows", sum(archive.rows.values())))
    installed.say(
        connection, line.key, ModuleVerb.PURGE, by=by, version=line.version,
        text=f"{len(tables)} tables, {told}; {archive.folder.name}; sha256 {archive.sha256}",
    )  # fmt: skip
    passed("purge.noted")
    return Purged(archive, tables)


def _forget_rows(session: ScopedSession, key: str, tables: Collection[str]) -> None:
    """Take out of the core's tables what is about the module; what is audited leaves its lines."""
    audited: tuple[tuple[Any, ColumnElement[bool]], ...] = (
        (ModuleSwitch, ModuleSwitch.key == key),
        (RolePermission, RolePermission.permission.startswith(f"{key}.", autoescape=True)),
        (PartnerParameter, PartnerParameter.key.startswith(f"{key}.", autoescape=True)),
        (NetworkParameter, NetworkParameter.key.startswith(f"{key}.", autoescape=True)),
    )
    for model, which in audited:
        for row in session.scalars(select(model).where(which)):
            session.delete(row)
    session.flush()
    is_ours = (Job.module == key) | Job.kind.startswith(f"{key}.", autoescape=True)
    ours = select(Job.id).where(is_ours)
    address = f"/m/{key.replace('_', '-')}"
    silent: tuple[tuple[Any, ColumnElement[bool]], ...] = (
        (JobLine, JobLine.job_id.in_(ours)),
        (Job, is_ours),
        (Event, Event.name.startswith(f"{key}.", autoescape=True)),
        (Draft, Draft.page.startswith(f"{address}/", autoescape=True)),
        (DemoRow, DemoRow.table.in_(tables)),
    )
    for model, which in silent:
        session.execute(delete(model).where(which).execution_options(synchronize_session=False))


def _drop(connection: Connection, key: str, tables: Collection[str], known: Collection[str]) -> None:
    """Drop the tables with their triggers, and the functions that these called but those of a longer key."""
    if connection.dialect.name != "postgresql":
        for table in tables:
            connection.execute(text(f'drop table "{table}"'))
        return
    if tables:
        connection.execute(text(f"drop table {', '.join(tables)}"))
    functions = "select oid::regprocedure::text from pg_proc where pronamespace = 'public'::regnamespace"
    named = connection.execute(text(f"{functions} and starts_with(proname, :prefix)"), {"prefix": f"{key}_"})
    longer = tuple(f"{one}_" for one in known if one.startswith(f"{key}_"))
    for function in named.scalars().all():
        if function.startswith(longer):
            continue
        connection.execute(text(f"drop function {function}"))


def _exists(connection: Connection, table: str) -> bool:
    return connection.dialect.has_table(connection, table)

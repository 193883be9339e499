"""Migrations: one Alembic line and one version table for the core and for each plugin, run in order of need."""

import re
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text

from core.database import installed
from core.database.model import mapped, metadata
from core.database.ownership import Between, ConsentBound, PartnerOwned, Registered
from core.database.points import passed
from core.database.policies import APP, OPERATOR
from core.database.session import make_engine
from core.language import _
from core.refusals import Refusal

HERE = Path(__file__).parent
LOCK = 4_127_001
CORE = "core"
# Longer than any page takes, so that an upgrade waits for pages and pages never long for an upgrade.
PATIENCE = "10s"


class Busy(Refusal):
    """Somebody else changes the tables just now."""


@dataclass(frozen=True)
class Line:
    """A line of migrations: whose it is, where its revisions stand, which tables are its own.

    `version` and `title` are what a module's manifest says; they are noted when its tables are made.
    """

    key: str
    folder: Path
    prefixes: tuple[str, ...]
    version: str = ""
    title: str = ""

    @property
    def version_table(self) -> str:
        """The table that says how far this line has come."""
        return f"alembic_version_{self.key}"

    @property
    def heads(self) -> frozenset[str]:
        """The newest revisions, which nothing follows."""
        return frozenset(self.revisions) - frozenset(self.revisions.values())

    @property
    def head(self) -> str:
        """The same as one text."""
        return ", ".join(sorted(self.heads))

    @property
    def revisions(self) -> dict[str, str]:
        """Revision → the one before it, read from the files without importing them."""
        return _revisions(self.folder, self.folder.stat().st_mtime_ns) if self.folder.is_dir() else {}

    def after(self, head: str) -> list[str]:
        """The revisions that come after this one, oldest first."""
        follows = {before: revision for revision, before in self.revisions.items()}
        later, at = [], head or "None"
        while at in follows:
            at = follows[at]
            later.append(at)
        return later


@lru_cache
def _revisions(folder: Path, changed: int) -> dict[str, str]:
    """Read once for as long as no file comes or goes: the folder's own time tells."""
    found = {}
    for source in folder.glob("*.py"):
        words = dict(
            part.split(" = ", 1)
            for part in source.read_text(encoding="utf-8").splitlines()
            if part.startswith(("revision = ", "down_revision = "))
        )
        if "revision" in words:
            found[words["revision"].strip("'\"")] = words.get("down_revision", "None").strip("'\"")
    return found


def core_line() -> Line:
    """The core's own line: the tables of every package in it."""
    home = HERE.parent
    packages = sorted(file.parent.name for file in home.glob("*/__init__.py"))
    return Line(CORE, home / "migrations", tuple(f"{name}_" for name in packages))


def upgrade(url: str, lines: Sequence[Line], *, by: str = "generazioni", wait: bool = True) -> list[str]:
    """Bring the database up to date and say which lines moved; safe to stop and run again.

    Each line is one transaction, under a lock on PostgreSQL, with the note of what is installed. SQLite is
    copied aside first (`….before-upgrade`), because its files are small and a copy is the surest way back.
    With `wait=False` it refuses instead of waiting for somebody else who is at the tables.
    """
    engine = make_engine(url)
    try:
        behind = [line for line in lines if pending(engine, line) or not _is_noted(engine, line)]
        if behind and engine.dialect.name == "sqlite":
            keep_copy(url, ".before-upgrade")
        for line in behind:
            with locked(engine, wait=wait) as connection:
                run(connection, line, by=by)
            passed("migrate.kept")
        return [line.key for line in behind]
    finally:
        engine.dispose()


def run(connection: Connection, line: Line, *, by: str) -> None:
    """Bring one line up to date within the connection's transaction, and note it."""
    passed("migrate.begun")
    if line.heads:
        _command(connection, line, "upgrade", "heads")
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"grant select on {line.version_table} to {APP}, {OPERATOR}"))
    passed("migrate.tables")
    if line.key != CORE and installed.is_kept(connection):
        _note(connection, line, line.head, by=by)
    passed("migrate.noted")


def _note(connection: Connection, line: Line, head: str, *, by: str) -> None:
    installed.note(connection, line.key, title=line.title, version=line.version, head=head, by=by)


def downgrade(url: str, line: Line, revision: str = "base") -> None:
    """Take a line back to a revision; `base` removes all its tables."""
    engine = make_engine(url)
    try:
        with locked(engine) as connection:
            _command(connection, line, "downgrade", revision)
            if line.key != CORE and installed.is_kept(connection):
                installed.forget(connection, line.key)
                if revision != "base":
                    _note(connection, line, revision, by="generazioni")
    finally:
        engine.dispose()


def _is_noted(engine: Engine, line: Line) -> bool:
    """Whether what is written of a module is what its code says."""
    with engine.connect() as connection:
        if line.key == CORE or not installed.is_kept(connection):
            return True
        table = installed.INSTALLED
        wanted = table.select().where(table.c.key == line.key, table.c.module_version == line.version)
        return connection.execute(wanted).first() is not None


def pending(engine: Engine, line: Line) -> bool:
    """Whether the code knows revisions that the database has not run."""
    return line.heads != versions(engine, line)


def is_made_by_hand(thing: Any, kind: str, compared: object) -> bool:
    """Whether it is an index of words that a revision makes on PostgreSQL alone, and no model can speak of."""
    return kind == "index" and compared is None and thing.dialect_options["postgresql"]["using"] == "gin"


def differences(engine: Engine, line: Line) -> list[Any]:
    """What the models say and the database lacks: empty when the migrations tell the whole story."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415  start-up does without Alembic
    from alembic.migration import MigrationContext  # noqa: PLC0415

    def ours(name: str | None, kind: str, parents: object) -> bool:
        return kind != "table" or (name or "").startswith(line.prefixes)

    def of_this_line(thing: Any, name: str | None, kind: str, reflected: bool, compared: object) -> bool:  # noqa: FBT001
        return ours(name, kind, None) and not is_made_by_hand(thing, kind, compared)

    with engine.connect() as connection:
        options = {
            "include_name": ours,
            "include_object": of_this_line,
            "compare_type": True,
            "version_table": line.version_table,
        }
        context = MigrationContext.configure(connection, opts={**options, "target_metadata": metadata})
        return list(compare_metadata(context, metadata))


def write_revision(url: str, line: Line, message: str) -> None:
    """Write a new revision file with what the models changed; its author reads it and adds the policies."""
    engine = make_engine(url)
    with engine.connect() as connection:
        _command(connection, line, "revision", message)
    engine.dispose()
    newest = max(line.folder.glob("*_[0-9]*.py"))
    written = _with_policies(newest.read_text())
    if line.key != CORE:
        written = written.replace("from core.database import policies", "from core.api import policies")
    newest.write_text(written)


def _with_policies(source: str) -> str:
    """Add to a new revision, after the tables it makes, the grants and policies that their ownership asks."""
    made = re.findall(r"op\.create_table\(\s*'(\w+)'", source)
    owners = {model.__tablename__: model for model in mapped()}
    lines = [f"    policies.grant(op, {', '.join(map(repr, made))})"] if made else []
    for table in made:
        owner = owners[table]
        if issubclass(owner, ConsentBound):
            person = "id" if table == "people_person" else "person_id"
            lines.append(f"    policies.consent_bound(op, {table!r}, person={person!r}, facet={owner.facet!r})")
        elif issubclass(owner, Between):
            lines.append(f"    policies.between(op, {table!r}, adds='GIVER', changes='GIVER')")
        elif issubclass(owner, PartnerOwned | Registered):
            kind = "partner_owned" if issubclass(owner, PartnerOwned) else "registered"
            lines.append(f"    policies.{kind}(op, {table!r})")
    end = source.index("\n\ndef downgrade")
    return source[:end].rstrip() + "\n" + "\n".join(lines) + "\n\n" + source[end:]


def _command(connection: Connection, line: Line, verb: str, argument: str) -> None:
    from alembic import command  # noqa: PLC0415  start-up does without Alembic

    config = _config(line)
    config.attributes["connection"] = connection
    if verb == "revision":
        folder = line.folder
        folder.mkdir(exist_ok=True)
        number = len(list(folder.glob("*_[0-9]*.py"))) + 1
        command.revision(
            config, argument, autogenerate=True, rev_id=f"{line.key}_{number:04d}", version_path=str(folder)
        )
    else:
        with _without_bytecode():
            getattr(command, verb)(config, argument)


@contextmanager
def _without_bytecode() -> Iterator[None]:
    """Revisions are compiled from their sources: files that Python would leave beside them are in nobody's lock."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def _config(line: Line) -> Any:
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(HERE / "alembic"))
    config.set_main_option("version_locations", str(line.folder))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("file_template", "%%(rev)s")
    config.attributes["prefixes"] = line.prefixes
    config.attributes["version_table"] = line.version_table
    return config


def versions(engine: Engine, line: Line) -> set[str]:
    """How far the database has come in a line; nothing when it has none of its tables."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(line.version_table):
            return set()
        return set(connection.execute(text(f"select version_num from {line.version_table}")).scalars())  # noqa: S608


@contextmanager
def locked(engine: Engine, *, wait: bool = True) -> Iterator[Connection]:
    """One change of the tables at a time; on SQLite foreign keys rest while tables are rebuilt."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # Straight to the driver: inside a transaction SQLite ignores this pragma.
            connection.connection.driver_connection.execute("pragma foreign_keys=off")  # type: ignore[union-attr]
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"set local lock_timeout = '{PATIENCE}'; set local statement_timeout = 0"))
                _take_turn(connection, wait=wait)
            yield connection


def _take_turn(connection: Connection, *, wait: bool) -> None:
    if wait:
        connection.execute(text("set local lock_timeout = 0"))
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
        connection.execute(text(f"set local lock_timeout = '{PATIENCE}'"))
    elif not connection.execute(text("select pg_try_advisory_xact_lock(:key)"), {"key": LOCK}).scalar_one():
        raise Busy(_("Another module is being installed, upgraded or purged just now: try again in a minute."))


def keep_copy(url: str, suffix: str) -> Path | None:
    """Copy a SQLite database aside, with what still stands in its journal; None when there is none yet."""
    file = Path(url.removeprefix("sqlite:///"))
    if not file.exists() or not file.stat().st_size:
        return None
    copy = file.with_name(file.name + suffix)
    copy.unlink(missing_ok=True)
    source, target = sqlite3.connect(file), sqlite3.connect(copy)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
    return copy

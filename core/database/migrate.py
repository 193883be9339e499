"""Migrations: one Alembic line and one version table for the core and for each plugin, run in order of need."""

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.orm import DeclarativeBase

from core.database.model import Record, metadata
from core.database.ownership import ConsentBound, PartnerOwned, Registered
from core.database.policies import APP, OPERATOR
from core.database.session import make_engine

HERE = Path(__file__).parent
LOCK = 4_127_001


@dataclass(frozen=True)
class Line:
    """A line of migrations: whose it is, where its revisions stand, which tables are its own."""

    key: str
    folder: Path
    prefixes: tuple[str, ...]

    @property
    def version_table(self) -> str:
        """The table that says how far this line has come."""
        return f"alembic_version_{self.key}"


def core_line() -> Line:
    """The core's own line: every table that is not a plugin's."""
    folder = HERE.parent / "migrations"
    names = (
        "access",
        "agenda",
        "audit",
        "demo",
        "documents",
        "drafts",
        "events",
        "files",
        "jobs",
        "numbering",
        "organisations",
        "parameters",
        "partners",
        "people",
        "places",
    )
    return Line("core", folder, tuple(f"{name}_" for name in names))


def upgrade(url: str, lines: Sequence[Line]) -> list[str]:
    """Bring the database up to date and say which lines moved; safe to stop and run again.

    PostgreSQL does each line in one transaction under an advisory lock. SQLite is copied aside
    first (`….before-upgrade`), because its files are small and a copy is the surest way back.
    """
    engine = make_engine(url)
    try:
        behind = [line for line in lines if pending(engine, line)]
        if behind and engine.dialect.name == "sqlite":
            _keep_copy(url)
        for line in behind:
            with _locked(engine) as connection:
                _command(connection, line, "upgrade", "heads")
                if engine.dialect.name == "postgresql":
                    connection.execute(text(f"grant select on {line.version_table} to {APP}, {OPERATOR}"))
        return [line.key for line in behind]
    finally:
        engine.dispose()


def downgrade(url: str, line: Line, revision: str = "base") -> None:
    """Take a line back to a revision; `base` removes all its tables."""
    engine = make_engine(url)
    try:
        with _locked(engine) as connection:
            _command(connection, line, "downgrade", revision)
    finally:
        engine.dispose()


def pending(engine: Engine, line: Line) -> bool:
    """Whether the code knows revisions that the database has not run."""
    return _heads(line) != _versions(engine, line)


def differences(engine: Engine, line: Line) -> list[Any]:
    """What the models say and the database lacks: empty when the migrations tell the whole story."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415  start-up does without Alembic
    from alembic.migration import MigrationContext  # noqa: PLC0415

    def ours(name: str | None, kind: str, parents: object) -> bool:
        return kind != "table" or (name or "").startswith(line.prefixes)

    def of_this_line(thing: Any, name: str | None, kind: str, reflected: bool, compared: object) -> bool:  # noqa: FBT001
        return ours(name, kind, None)

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
    newest.write_text(_with_policies(newest.read_text()))


def _with_policies(source: str) -> str:
    """Add to a new revision, after the tables it makes, the grants and policies that their ownership asks."""
    made = re.findall(r"op\.create_table\(\s*'(\w+)'", source)
    owners = {mapper.local_table.name: mapper.class_ for mapper in _mappers()}
    lines = [f"    policies.grant(op, {', '.join(map(repr, made))})"] if made else []
    for table in made:
        owner = owners[table]
        if issubclass(owner, ConsentBound):
            person = "id" if table == "people_person" else "person_id"
            lines.append(f"    policies.consent_bound(op, {table!r}, person={person!r})")
        elif issubclass(owner, PartnerOwned | Registered):
            kind = "partner_owned" if issubclass(owner, PartnerOwned) else "registered"
            lines.append(f"    policies.{kind}(op, {table!r})")
    end = source.index("\n\ndef downgrade")
    return source[:end].rstrip() + "\n" + "\n".join(lines) + "\n\n" + source[end:]


def _mappers() -> Iterator[Any]:
    for base in Record.__subclasses__():
        if DeclarativeBase in base.__bases__:
            yield from base.registry.mappers  # type: ignore[attr-defined]


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
        getattr(command, verb)(config, argument)


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


def _heads(line: Line) -> set[str]:
    """The newest revisions of a line, read from its file names' contents without importing them."""
    found, followed = set(), set()
    for source in line.folder.glob("*.py"):
        words = dict(
            part.split(" = ", 1)
            for part in source.read_text().splitlines()
            if part.startswith(("revision = ", "down_revision = "))
        )
        if "revision" in words:
            found.add(words["revision"].strip("'\""))
            followed.add(words.get("down_revision", "None").strip("'\""))
    return found - followed


def _versions(engine: Engine, line: Line) -> set[str]:
    with engine.connect() as connection:
        if not inspect(connection).has_table(line.version_table):
            return set()
        return set(connection.execute(text(f"select version_num from {line.version_table}")).scalars())  # noqa: S608


@contextmanager
def _locked(engine: Engine) -> Iterator[Connection]:
    """One upgrade at a time; on SQLite foreign keys rest while tables are rebuilt."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # Straight to the driver: inside a transaction SQLite ignores this pragma.
            connection.connection.driver_connection.execute("pragma foreign_keys=off")  # type: ignore[union-attr]
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
            yield connection


def _keep_copy(url: str) -> None:
    file = Path(url.removeprefix("sqlite:///"))
    if file.exists() and file.stat().st_size:
        shutil.copy2(file, file.with_suffix(file.suffix + ".before-upgrade"))

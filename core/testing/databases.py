"""Throw-away databases for tests: a PostgreSQL that lives as long as the run, and SQLite files.

Both kinds of server do the same three things: `template` prepares a database once for the whole run,
`fresh` copies it, `drop` removes the copy. Workers of one run share the servers through a folder.
"""

import fcntl
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import psycopg
from psycopg import sql

from core.testing import postgresql

OWNER, APP, OPERATOR = ROLES = ("generazioni_owner", "generazioni_app", "generazioni_operator")
EMPTY = "empty"
# Making and dropping a database writes hundreds of files: in memory that takes a third of the time.
MEMORY, WIDE_ENOUGH = Path("/dev/shm"), 4 << 30  # noqa: S108  the folder in it gets a name of its own


@dataclass(frozen=True)
class DatabaseUrls:
    """One database as its three roles reach it; on SQLite, which has no roles, thrice the same."""

    owner: str
    app: str
    operator: str


Prepare = Callable[[DatabaseUrls], object]


class Server(Protocol):
    """Where databases for tests come from."""

    def template(self, name: str, prepare: Prepare) -> str:
        """Prepare a database once for the whole run; its name is what `fresh` copies."""

    def fresh(self, template: str = EMPTY) -> DatabaseUrls:
        """A new database, empty or copied from a template."""

    def drop(self, urls: DatabaseUrls) -> None:
        """Remove a database that `fresh` made, whoever is still connected to it."""


@dataclass(frozen=True)
class PostgresqlCluster:
    """A running PostgreSQL with the program's three roles, reached through a socket in its folder."""

    folder: Path

    def template(self, name: str, prepare: Prepare) -> str:
        """Prepare a database once for the whole run; it is closed to connections when ready."""
        with locked(self.folder), self._superuser() as connection:
            found = connection.execute("select datistemplate from pg_database where datname = %s", [name]).fetchone()
            if found == (True,):
                return name
            if found:  # the test that prepared it failed half way
                connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
            self._create(connection, name, "template1")
            prepare(self.urls(name))
            ready = sql.SQL("alter database {} with is_template true allow_connections false")
            connection.execute(ready.format(sql.Identifier(name)))
        return name

    def fresh(self, template: str = EMPTY) -> DatabaseUrls:
        """A new database owned by generazioni_owner."""
        name = f"test_{uuid4().hex}"
        with self._superuser() as connection:
            self._create(connection, name, "template1" if template == EMPTY else template)
        return self.urls(name)

    def drop(self, urls: DatabaseUrls) -> None:
        """Remove a database, whoever is still connected to it."""
        name = urls.owner.partition("?")[0].rpartition("/")[2]
        with self._superuser() as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    def urls(self, database: str) -> DatabaseUrls:
        """How the three roles reach a database of this cluster."""
        return DatabaseUrls(*(f"postgresql+psycopg://{role}@/{database}?host={self.folder}" for role in ROLES))

    @staticmethod
    def _create(connection: psycopg.Connection, name: str, template: str) -> None:
        create = sql.SQL("create database {} template {} owner {}")
        connection.execute(create.format(*(sql.Identifier(word) for word in (name, template, OWNER))))

    def _superuser(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True)


@dataclass(frozen=True)
class SqliteFolder:
    """A folder of SQLite files."""

    folder: Path

    def template(self, name: str, prepare: Prepare) -> str:
        """Prepare a file once for the whole run."""
        file = self.folder / f"{name}.db"
        with locked(self.folder):
            if not file.exists():
                draft = file.with_suffix(".draft")
                prepare(self.urls(draft))
                _gather_journal(draft)
                draft.rename(file)
        return name

    def fresh(self, template: str = EMPTY) -> DatabaseUrls:
        """A new file, empty or copied from a template."""
        file = self.folder / f"test_{uuid4().hex}.db"
        if template != EMPTY:
            shutil.copy(self.folder / f"{template}.db", file)
        return self.urls(file)

    def drop(self, urls: DatabaseUrls) -> None:
        """Remove a file with its journal."""
        file = Path(urls.app.removeprefix("sqlite:///"))
        for left in file.parent.glob(f"{file.name}*"):
            left.unlink()

    @staticmethod
    def urls(file: Path) -> DatabaseUrls:
        """A file, as all three roles reach it."""
        return DatabaseUrls(*[f"sqlite:///{file}"] * 3)


def _gather_journal(file: Path) -> None:
    """Bring what still stands in the write-ahead log into the file, so that copying the file copies all."""
    with sqlite3.connect(file) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()


def new_folder() -> Path:
    """A folder for one run's servers, in memory where it is wide enough; sockets' paths may not be long."""
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= WIDE_ENOUGH
    return Path(tempfile.mkdtemp(prefix="generazioni-", dir=MEMORY if in_memory else None))


def shared_cluster(folder: Path) -> PostgresqlCluster:
    """The run's PostgreSQL, started by whichever worker asks first."""
    place = folder / "postgresql"
    with locked(folder):
        if not place.exists():
            postgresql.start(place)
            with psycopg.connect(host=str(place), user="postgres", dbname="postgres", autocommit=True) as connection:
                for role in ROLES:
                    connection.execute(f"create role {role} login nosuperuser nobypassrls nocreatedb nocreaterole")
                # So that a migration may give a function to the operator.
                connection.execute(f"grant {OPERATOR} to {OWNER}")
    return PostgresqlCluster(place)


def shared_sqlite_folder(folder: Path) -> SqliteFolder:
    """The run's SQLite files."""
    place = folder / "sqlite"
    place.mkdir(exist_ok=True)
    return SqliteFolder(place)


def throw_away(folder: Path) -> None:
    """Stop what runs in the folder and remove it."""
    postgresql.stop(folder / "postgresql")
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One worker at a time."""
    with (folder / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield

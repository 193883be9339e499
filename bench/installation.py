"""A generazioni with a large registry, on PostgreSQL or SQLite: made once, kept, and copied for each run."""

import fcntl
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench import machine
from core.config import ROOT
from core.testing import postgresql

KEPT = ROOT / "var" / "bench"
BIN = Path(sys.executable).parent
OWNER, APP, OPERATOR = "generazioni_owner", "generazioni_app", "generazioni_operator"
PARTNER, USER, PASSWORD = "MONTICHIARI", "giulia.ferrari@demo.example", "generazioni-demo"
# As an installation would be set up: writes reach the disk.
SETTINGS = ("listen_addresses=''", "max_connections=100", "shared_buffers=256MB", "jit=off")


@dataclass(frozen=True)
class Installation:
    """One database with its folder; `urls` are those of the roles app, owner and operator."""

    kind: str
    folder: Path
    urls: tuple[str, str, str]

    @property
    def environment(self) -> dict[str, str]:
        """What the program is told."""
        app, owner, operator = self.urls
        # One step of signing in is enough for a bench: its visitor is the head of a partner.
        return {
            "GENERAZIONI_VAR": str(self.folder), "GENERAZIONI_SECRET_KEY": "b" * 40,
            "GENERAZIONI_FIELD_KEYS": "c" * 64, "GENERAZIONI_SECOND_FACTOR": "optional",
            "GENERAZIONI_DATABASE_URL": app, "GENERAZIONI_OWNER_DATABASE_URL": owner,
            "GENERAZIONI_OPERATOR_DATABASE_URL": operator,
        }  # fmt: skip

    def command(self, *words: str | Path, **settings: str) -> machine.Run:
        """Run `generazioni …` here and measure it; settings go by their names without the prefix."""
        more = {f"GENERAZIONI_{name}": value for name, value in settings.items()}
        return machine.run([BIN / "generazioni", *words], {**quiet(), **self.environment, **more})

    def prepare(self) -> None:
        """The tables of the core and of every module, as this code wants them."""
        self.command("upgrade")
        self.command("plugins", "install", "--all")


class Postgresql:
    """The bench's own server, started for the run."""

    kind = "postgresql"

    def __init__(self) -> None:
        self.folder = KEPT / "pg"

    @contextmanager
    def running(self) -> Iterator[None]:
        """The server while the block lasts."""
        fresh = not (self.folder / "cluster").exists()
        self.folder.mkdir(parents=True, exist_ok=True)
        if fresh:
            postgresql.make(self.folder)
        postgresql.stop(self.folder, mode="fast")
        postgresql.serve(self.folder, SETTINGS)
        try:
            if fresh:
                for role in (OWNER, APP, OPERATOR):
                    self.execute(f"create role {role} login nosuperuser nobypassrls nocreatedb nocreaterole")
                self.execute(f"grant {OPERATOR} to {OWNER}")
            yield
        finally:
            postgresql.stop(self.folder, mode="fast")

    def execute(self, statement: str, database: str = "postgres") -> None:
        """One statement of the superuser."""
        with psycopg.connect(host=str(self.folder), user="postgres", dbname=database, autocommit=True) as connection:
            connection.execute(statement.encode())

    def exists(self, name: str) -> bool:
        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres") as connection:
            return connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is not None

    def at(self, name: str) -> Installation:
        """The installation of that name, there or not yet."""
        urls = tuple(f"postgresql+psycopg://{role}@/{name}?host={self.folder}" for role in (APP, OWNER, OPERATOR))
        return Installation(self.kind, _folder(f"{self.kind}-{name}"), urls)  # type: ignore[arg-type]

    def create(self, name: str, template: str = "template1") -> None:
        self.drop(name)
        self.execute(f"create database {name} template {template} owner {OWNER}")

    def drop(self, name: str) -> None:
        self.execute(f"drop database if exists {name} with (force)")

    def rename(self, name: str, new: str) -> None:
        self.execute(f"alter database {name} rename to {new}")

    def tidy(self, name: str) -> None:
        self.execute("vacuum analyze", name)

    def cpu(self) -> float:
        """Seconds of processor of the server so far."""
        pid = int((self.folder / "cluster" / "postmaster.pid").read_text().split()[0])
        return machine.cpu_of(list(machine.family(pid)))


class Sqlite:
    """Files in the folder."""

    kind = "sqlite"

    @contextmanager
    def running(self) -> Iterator[None]:
        """Nothing to start."""
        yield

    def file(self, name: str) -> Path:
        return _folder(f"{self.kind}-{name}") / "generazioni.db"

    def exists(self, name: str) -> bool:
        return self.file(name).exists()

    def at(self, name: str) -> Installation:
        return Installation(self.kind, self.file(name).parent, (f"sqlite:///{self.file(name)}",) * 3)

    def create(self, name: str, template: str = "") -> None:
        self.drop(name)
        if template:
            shutil.copyfile(self.file(template), self.file(name))

    def drop(self, name: str) -> None:
        for left in self.file(name).parent.glob("generazioni.db*"):
            left.unlink()

    def rename(self, name: str, new: str) -> None:
        self.drop(new)
        self.file(name).rename(self.file(new))

    def tidy(self, name: str) -> None:
        with sqlite3.connect(self.file(name)) as connection:
            connection.execute("analyze")
            connection.commit()
            connection.execute("pragma wal_checkpoint(truncate)")
        connection.close()

    def cpu(self) -> float:
        """Its work is done in the program's own processes."""
        return 0.0


Server = Postgresql | Sqlite


def _folder(name: str) -> Path:
    """The folder of an installation, with the front end that was built."""
    folder = KEPT / name
    folder.mkdir(parents=True, exist_ok=True)
    assets = folder / "assets"
    if not assets.exists():
        assets.symlink_to(ROOT / "var" / "assets")
    return folder


@contextmanager
def alone() -> Iterator[None]:
    """One bench at a time: two would measure each other."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def made(server: Server, people: int) -> machine.Run | None:
    """Make the demo with so many people more, unless it is there; what making it took.

    One that cannot be brought to this code's tables is made anew.
    """
    name = kept_name(people)
    if server.exists(name):
        try:
            server.at(name).prepare()
        except machine.Failed:
            server.drop(name)
        else:
            return None
    server.create("making")
    server.at("making").prepare()
    took = server.at("making").command("demo", "--people", str(people))
    server.tidy("making")
    server.rename("making", name)
    return took


def kept_name(people: int) -> str:
    """What the kept database is called."""
    return f"people_{people}"


@contextmanager
def copy(server: Server, people: int, name: str = "bench") -> Iterator[Installation]:
    """A copy of the kept database, thrown away after: each run meets the same rows."""
    server.create(name, kept_name(people))
    try:
        yield server.at(name)
    finally:
        server.drop(name)


def free_port() -> int:
    """A port nobody listens on."""
    import socket  # noqa: PLC0415

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def quiet() -> dict[str, str]:
    """The environment without settings of whoever runs the bench; compiled code is kept, as it is by default."""
    ours = ("GENERAZIONI_", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}

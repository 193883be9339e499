"""Where connections come from and where transactions end: nothing else commits."""

import os
import random
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, exc, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from core.config import Settings
from core.database import changes
from core.database.scope import Scope, ScopedSession
from core.database.sealing import Seals

T = TypeVar("T")

# In seconds, the last in milliseconds: a page says within five seconds that the database is away.
SOON = {"connect_timeout": 3, "keepalives_idle": 10, "keepalives_interval": 2, "keepalives_count": 2,
        "tcp_user_timeout": 4000}  # fmt: skip

TRIES = 10
LONGEST_PAUSE = 0.5
CONFLICTS = {"40001", "40P01"}
UNREACHABLE = (exc.OperationalError, exc.InterfaceError, exc.TimeoutError)


class UnsafeRole(Exception):  # noqa: N818
    """The database role could walk around row-level security, so nothing is served with it."""


class Database:
    """The engines of one installation, and the sessions opened on them."""

    def __init__(self, settings: Settings) -> None:
        self.seals = Seals(settings.field_keys)
        self.engine = make_engine(settings.database_url)
        self.operator_engine = (
            self.engine
            if settings.operator_database_url == settings.database_url
            else make_engine(settings.operator_database_url)
        )
        self._ways = {
            (operator, writes): engine.execution_options(generazioni_writes=writes)
            for operator, engine in ((False, self.engine), (True, self.operator_engine))
            for writes in (False, True)
        }
        forget_connections_in_children(self)

    def session(self, scope: Scope, *, writes: bool = True) -> ScopedSession:
        """A session that sees and writes only what the scope may; `writes=False` takes no write lock."""
        return ScopedSession(
            self._ways[scope.operator, writes],
            info={"scope": scope, "seals": self.seals},
            expire_on_commit=False,
        )

    @contextmanager
    def transaction(self, scope: Scope) -> Iterator[ScopedSession]:
        """One transaction: kept whole when the block ends well, undone whole when it does not."""
        with self.session(scope) as session:
            yield session
            finish(session)

    def run(self, scope: Scope, work: Callable[[ScopedSession], T]) -> T:
        """Do the work in one transaction, again from the start when another one got in its way."""

        def once() -> T:
            with self.transaction(scope) as session:
                return work(session)

        return with_retries(once)

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()
        self.operator_engine.dispose()


def forget_connections_in_children(database: Database) -> None:
    """Let a forked worker open connections of its own: its parent's are not to be shared (gunicorn --preload)."""
    known = weakref.ref(database)

    def forget() -> None:
        if opened := known():
            for engine in (opened.engine, opened.operator_engine):
                engine.dispose(close=False)

    os.register_at_fork(after_in_child=forget)


def finish(session: ScopedSession) -> None:
    """Write the audit lines of what changed and commit: the only commit of the program."""
    settle(session)
    session.commit()


def settle(session: ScopedSession) -> None:
    """Write what changed, with its audit lines; whoever began the transaction ends it."""
    session.flush()
    changes.write_lines(session)


def with_retries(work: Callable[[], T]) -> T:
    """Call the work up to ten times while the database says that transactions collided."""
    for attempt in range(TRIES):
        try:
            return work()
        except (DBAPIError, StaleDataError) as error:
            if not is_conflict(error) or attempt == TRIES - 1:
                raise
            time.sleep(random.uniform(0, min(LONGEST_PAUSE, 0.01 * 2**attempt)))  # noqa: S311  jitter, not a secret
    raise AssertionError("unreachable")


def is_conflict(error: Exception) -> bool:
    """Whether the same work may succeed if it is simply done again."""
    if isinstance(error, StaleDataError):
        return True
    cause = getattr(error, "orig", None)
    return getattr(cause, "sqlstate", None) in CONFLICTS or "database is locked" in str(cause)


def is_away(error: BaseException) -> bool:
    """Whether the database does not answer, so that the same may succeed in a while."""
    if getattr(getattr(error, "orig", None), "sqlite_errorname", None) == "SQLITE_ERROR":
        return False  # for SQLite a wrong statement is operational too, but it answered
    return isinstance(error, UNREACHABLE) or bool(getattr(error, "connection_invalidated", False))


def make_engine(url: str) -> Engine:
    """An engine set up so that SQLite and PostgreSQL behave alike."""
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": 15})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    options = "-c timezone=UTC -c statement_timeout=15000 -c idle_in_transaction_session_timeout=60000"
    return create_engine(url, pool_pre_ping=True, pool_timeout=4, connect_args={**SOON, "options": options})


def _prepare_sqlite(connection: Any, record: Any) -> None:
    """Foreign keys on, readers beside one writer, and no transaction that the driver begins by itself."""
    connection.isolation_level = None
    for pragma in ("foreign_keys=on", "journal_mode=wal", "synchronous=normal", "busy_timeout=15000"):
        connection.execute(f"pragma {pragma}")


def _begin_sqlite(connection: Any) -> None:
    """Writers lock at once: a read that later writes would fail in the middle instead of waiting."""
    writes = connection.get_execution_options().get("generazioni_writes", True)
    connection.exec_driver_sql("begin immediate" if writes else "begin")


def refuse_unsafe_role(engine: Engine) -> None:
    """Raise `UnsafeRole` when connected as a superuser or one that bypasses row-level security."""
    if engine.dialect.name != "postgresql":
        return
    with engine.connect() as connection:
        unsafe = connection.execute(
            text("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        ).scalar_one()
    if unsafe:
        raise UnsafeRole(
            "The database role is a superuser or bypasses row-level security: "
            "connect as generazioni_app (docs/operate.md says how to make it)."
        )

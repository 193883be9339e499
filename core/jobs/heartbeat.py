"""What a worker does beside its work: it shows that it lives, and keeps the lease of the job it holds."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.exc import SQLAlchemyError
from uuid_utils.compat import uuid7

from core.database.field import now
from core.database.scope import ScopedSession
from core.database.session import Database
from core.jobs.models import Heartbeat, Job, JobState
from core.jobs.queue import ACROSS

log = logging.getLogger("generazioni.jobs")
BEAT_EVERY = timedelta(seconds=10)
FORGOTTEN = timedelta(days=1)


class Pulse:
    """A thread that beats until it is stopped; between steps it lengthens the lease of the job at hand."""

    def __init__(self, database: Database, *, name: str, lease: timedelta) -> None:
        self._database, self._name, self._lease = database, name, lease
        self._key = uuid7()
        self._held: UUID | None = None
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to beat."""
        self._beat()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Beat no more, and say so: nobody waits for a worker that left in order."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(timeout=5)
        self._tell(lambda session: session.execute(delete(Heartbeat).where(Heartbeat.id == self._key)))

    def hold(self, lease_id: UUID | None) -> None:
        """The lease to keep from now on; None for none."""
        self._held = lease_id

    def _run(self) -> None:
        pause = min(BEAT_EVERY, self._lease / 4).total_seconds()
        while not self._over.wait(pause):
            self._beat()

    def _beat(self) -> None:
        self._tell(self._write)

    def _write(self, session: ScopedSession) -> None:
        at, held = now(), self._held
        seen = update(Heartbeat).where(Heartbeat.id == self._key).values(seen_at=at)
        if not session.execute(seen.execution_options(synchronize_session=False)).rowcount:  # type: ignore[attr-defined]
            session.execute(delete(Heartbeat).where(Heartbeat.seen_at < at - FORGOTTEN))
            session.add(Heartbeat(id=self._key, name=self._name, seen_at=at))
        if held is not None:
            ours = (
                update(Job)
                .where(Job.state == JobState.RUNNING, Job.lease_id == held)
                .values(lease_until=at + self._lease)
            )
            session.execute(ours.execution_options(synchronize_session=False))

    def _tell(self, what: Callable[[ScopedSession], object]) -> None:
        """A beat that does not reach the database is only a beat missed."""
        try:
            self._database.run(ACROSS, what)
        except SQLAlchemyError as error:
            log.warning("a heartbeat was missed: %s", type(error).__name__)

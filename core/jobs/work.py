"""A job as the code that does it sees it: steps, progress, and a log in plain words."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.access.members import members_who_may
from core.access.models import User
from core.access.roles import Rights
from core.config import Settings
from core.database.field import now
from core.database.scope import Scope
from core.database.session import Database
from core.jobs.models import Job, JobLine, JobState
from core.language import Words, speaking
from core.mail import send

LEASE = timedelta(seconds=60)


class Interrupted(Exception):  # noqa: N818
    """The job does not go on here; whoever does the work lets this pass."""


class LeaseLost(Interrupted):
    """Another worker took the job because this one seemed to be gone."""


class Cancelled(Interrupted):
    """Somebody asked the job to stop."""


class Stopped(Interrupted):
    """This worker stops; another goes on from here."""


@dataclass(frozen=True)
class Taken:
    """A job that this worker holds, as it stood when it was taken."""

    job_id: UUID
    partner_id: UUID
    user_id: UUID | None
    actor: str
    kind: str
    arguments: dict[str, Any]
    done: int
    total: int | None
    kept: dict[str, Any]
    lease_id: UUID
    language: str


class Work:
    """The steps of one job. What a step writes, the progress and the check of the lease are one transaction.

    `done` counts what is behind, also behind an earlier try: whoever does the work begins there. `kept` is
    a mapping of JSON values that is saved with each step, such as the last key that was treated.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        taken: Taken,
        scope: Scope,
        *,
        rights: Rights | None = None,
        lease: timedelta = LEASE,
        stopping: threading.Event | None = None,
    ) -> None:
        self.settings = settings
        self.done, self.total, self.kept = taken.done, taken.total, deepcopy(taken.kept)
        self._database, self._taken, self._scope, self._lease = database, taken, scope, lease
        self._rights = rights or Rights({}, (), {}, {})
        self._stopping = stopping or threading.Event()
        self._session: Session | None = None
        self._further = 0
        self._link: str | None = None

    @contextmanager
    def step(self, done: int = 0) -> Iterator[Session]:
        """One transaction in the partner's scope, `done` further when it ends well.

        Raises an `Interrupted` when the job may not go on: nothing of this step is written then.
        """
        if self._stopping.is_set():
            raise Stopped
        before, total = deepcopy(self.kept), self.total
        try:
            with self._database.transaction(self._scope) as session:
                self._refuse_lost(session)
                self._session, self._further = session, done
                yield session
                session.flush()
                self._keep(session, self._further)
        except BaseException:
            self.kept, self.total = before, total
            raise
        finally:
            self._session = None
        self.done += self._further

    def further(self, done: int) -> None:
        """Within a step: so much more is done, where it shows only then how much it was."""
        self._further += done

    def out_of(self, total: int) -> None:
        """Say how much there is to do in all."""
        if self.total == total:
            return
        if self._session is None:
            with self.step():
                self.total = total
        else:
            self.total = total

    def say(self, text: Words) -> None:
        """Add a line to the job's log, within the step when one is open."""
        if self._session is None:
            with self.step() as session:
                session.add(self._line(text))
        else:
            self._session.add(self._line(text))

    def link(self, address: str) -> None:
        """Where the result is to be seen: an address within the program, shown beside the result."""
        if not address.startswith("/") or address.startswith("//"):
            raise ValueError(f"not an address of ours: {address}")
        self._link = address

    def address(self, path: str) -> str:
        """A path of the program as a whole address, for a mail."""
        return f"{self.settings.public_url or 'http://127.0.0.1:8000'}{path}"

    def members(self, session: Session, permission: str) -> list[User]:
        """Who in the partner may do something, by name: those whom a mail about it concerns."""
        return members_who_may(session, permission, self._rights)

    def write(self, user: User, *, subject: Words, text: Words) -> None:
        """Send a mail in its reader's language: a link, and nobody's data."""
        with speaking(user.language):
            send(self.settings, to=user.email, subject=subject, text=text)

    def end(self, session: Session, state: JobState, **values: Any) -> bool:
        """Let the job go in this state; False when it is no longer ours to say so."""
        over = state is not JobState.WAITING
        told = {"finished_at": now() if over else None, "link": self._link} if over else {}
        return self._write(session, state=state, lease_id=None, lease_until=None, **told, **values)

    def tries(self, session: Session) -> int:
        """How often in a row it was begun without getting further."""
        return session.scalars(select(Job.tries).where(Job.id == self._taken.job_id)).one()

    def line(self, session: Session, text: Words) -> None:
        """Add a line to the log in a transaction that is not a step."""
        session.add(self._line(text))

    def _line(self, text: Words) -> JobLine:
        return JobLine(job_id=self._taken.job_id, text=text)

    def _refuse_lost(self, session: Session) -> None:
        wanted = select(Job.lease_id, Job.cancel_asked_at).where(Job.id == self._taken.job_id)
        held = session.execute(wanted).one_or_none()
        if held is None or held.lease_id != self._taken.lease_id:
            raise LeaseLost
        if held.cancel_asked_at is not None:
            raise Cancelled

    def _keep(self, session: Session, done: int) -> None:
        at = now()
        further: dict[str, Any] = {"tries": 0} if done else {}
        ours = self._write(
            session, done=self.done + done, total=self.total, kept=self.kept, progressed_at=at,
            lease_until=at + self._lease, **further,
        )  # fmt: skip
        if not ours:
            raise LeaseLost

    def _write(self, session: Session, **values: Any) -> bool:
        """Write on the row while it is ours: the condition is what makes each step count once."""
        ours = update(Job).where(Job.id == self._taken.job_id, Job.lease_id == self._taken.lease_id)
        changed = session.execute(ours.values(**values).execution_options(synchronize_session=False))
        return changed.rowcount == 1  # type: ignore[attr-defined]

"""The worker: takes jobs one after the other, does them, and says what became of them."""

import logging
import os
import socket
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from core.access.roles import Rights
from core.config import Settings
from core.database.field import now
from core.database.scope import Scope
from core.database.session import Database, with_retries
from core.jobs import queue
from core.jobs.declaration import JobKind, declared
from core.jobs.heartbeat import Pulse
from core.jobs.models import JobState
from core.jobs.rules import pause_after
from core.jobs.schedule import Schedule
from core.jobs.work import LEASE, Cancelled, LeaseLost, Stopped, Taken, Work
from core.language import Words, _, speaking
from core.language.formats import show_datetime
from core.partners.services import modules_of
from core.refusals import Refusal

log = logging.getLogger("generazioni.jobs")
LOOK_EVERY = 0.5
SCHEDULES_EVERY = 15.0
AFTER_A_FAULT = 5.0
Chore = Callable[[], object]


@dataclass(frozen=True)
class Lent:
    """What a worker works with: the database, the settings and what roles may do.

    `waiting` tells the modules that do not serve just now: their jobs stay where they are.
    """

    database: Database
    settings: Settings
    rights: Rights | None = None
    waiting: Callable[[], frozenset[str]] = frozenset


class Worker:
    """One loop over everybody's queue; start as many as are needed, in as many processes."""

    def __init__(self, lent: Lent, *, chores: Sequence[Chore] = (), lease: timedelta = LEASE) -> None:
        self.stopping = threading.Event()
        self._lent, self._chores, self._lease = lent, chores, lease
        self._schedule = Schedule(lent.database, declared())
        self._looked = float("-inf")
        name = f"{socket.gethostname()}:{os.getpid()}"
        self._pulse = Pulse(lent.database, name=name, lease=lease)

    def run(self) -> None:
        """Work until told to stop; a database that is away is waited for."""
        self._pulse.start()
        try:
            while not self.stopping.is_set():
                try:
                    worked = self.turn()
                except SQLAlchemyError as error:
                    log.error("the worker could not reach the queue: %s", told_safely(error))  # noqa: TRY400
                    self.stopping.wait(AFTER_A_FAULT)
                else:
                    if not worked:
                        self.stopping.wait(LOOK_EVERY)
        finally:
            self._pulse.stop()

    def stop(self) -> None:
        """Finish the step under way and take nothing more."""
        self.stopping.set()

    def turn(self) -> bool:
        """Look at the clock, do the chores, then one job if there is one; False when there was none."""
        if time.monotonic() - self._looked >= SCHEDULES_EVERY:
            self._looked = time.monotonic()
            self._schedule.look()
        for chore in self._chores:
            chore()
        waiting = self._lent.waiting()
        kinds = {key: one for key, one in declared().items() if one.module not in waiting}
        taken = queue.take(self._lent.database, kinds, lease=self._lease)
        if taken is None:
            return False
        self._pulse.hold(taken.lease_id)
        try:
            with speaking(taken.language):
                self._do(taken, declared()[taken.kind].kind)
        finally:
            self._pulse.hold(None)
        return True

    def _do(self, taken: Taken, kind: JobKind) -> None:
        database = self._lent.database
        scope = self._scope(taken, kind)
        work = Work(
            database, self._lent.settings, taken, scope, rights=self._lent.rights, lease=self._lease,
            stopping=self.stopping,
        )  # fmt: skip
        try:
            result = with_retries(lambda: kind.run(work, **taken.arguments))
        except LeaseLost:
            log.warning("job %s (%s) went on elsewhere", taken.job_id, taken.kind)
        except Cancelled:
            self._end(work, scope, JobState.CANCELLED, line=_("Stopped: what was written stays."))
        except Stopped:
            self._end(work, scope, JobState.WAITING, tries=0)
        except (Exception, SystemExit) as error:  # noqa: BLE001  whatever the code does, the queue goes on
            self._fail(work, scope, taken, error)
        else:
            self._end(work, scope, JobState.DONE, result=result, line=result)

    def _scope(self, taken: Taken, kind: JobKind) -> Scope:
        """Who the job acts as: the one who started it, in their partner, with what its modules may do."""
        narrow = Scope(partner_id=taken.partner_id)
        with self._lent.database.session(narrow, writes=False) as session:
            modules = modules_of(session)
        return Scope(
            partner_id=taken.partner_id, user_id=taken.user_id, actor=taken.actor, reason=str(kind.label),
            permissions=frozenset(self._lent.rights.declared if self._lent.rights else ()), modules=modules,
        )  # fmt: skip

    def _end(self, work: Work, scope: Scope, state: JobState, *, line: Words | None = None, **values: Any) -> None:
        with self._lent.database.transaction(scope) as session:
            if work.end(session, state, **values) and line:
                work.line(session, line)

    def _fail(self, work: Work, scope: Scope, taken: Taken, error: BaseException) -> None:
        """Keep the reason in plain words; the place in the code goes to the log, and no value of anybody's."""
        code = str(taken.lease_id)[:8]
        reason = reason_of(error, code)
        log.error("job %s (%s) failed, code %s: %s", taken.job_id, taken.kind, code, told_safely(error))
        kind = declared()[taken.kind].kind
        with self._lent.database.transaction(scope) as session:
            tries = work.tries(session)
            if isinstance(error, Refusal) or tries >= kind.tries:
                if work.end(session, JobState.DEAD, reason=reason):
                    work.line(session, reason)
                return
            again = now() + pause_after(tries)
            if work.end(session, JobState.WAITING, reason=reason, due_at=again):
                work.line(session, reason)
                work.line(session, _("It is tried again at %(time)s.", time=show_datetime(again)))


def reason_of(error: BaseException, code: str) -> Words:
    """What went wrong, for people: a refusal in its own words, a fault of the program by a code to tell support."""
    if isinstance(error, Refusal):
        return error.message
    return _("Something unexpected happened in the program. Tell support the code %(code)s.", code=code)


def told_safely(error: BaseException) -> str:
    """An error's type and its places in the code: messages may carry the values of people's records."""
    places = "".join(traceback.format_tb(error.__traceback__))
    return f"{type(error).__module__}.{type(error).__qualname__}\n{places}"


def start_thread(worker: Worker) -> threading.Thread:
    """A worker beside the server in the same process."""
    thread = threading.Thread(target=worker.run, name="jobs", daemon=True)
    thread.start()
    return thread

"""What of a module went wrong while pages were made: named in the log, and kept for who administers the network.

Kept are the module, the part, the kind of error and its place in the code, never a message: messages may carry
the values of people's records. Requests only note; each process writes down what it noted when it looks at the
database for its plugins (core/plugins/health.py), apart from anybody's transaction.
"""

import logging
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, Engine, Integer, String, Table, UniqueConstraint, case, delete, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped
from uuid_utils.compat import uuid7

from core.database.field import field, now
from core.database.model import Model
from core.database.ownership import Common
from core.language import _

log = logging.getLogger("generazioni.modules")
SLOW = 2.0  # seconds: nobody may be stopped in the middle of a request, but all can see who kept it
TOO_SLOW = "slow"
MOST = 200  # different faults that a process notes between two looks


class ModuleFault(Common, Model):
    """A part of a module that failed or took too long in requests, however often."""

    __tablename__ = "modules_fault"
    __audited__ = False
    __table_args__ = (UniqueConstraint("key", "part", "error", "place", info={"message": _("It is noted already.")}),)

    key: Mapped[str] = field(_("Module"), String(60))
    part: Mapped[str] = field(_("Part"), String(160))
    error: Mapped[str] = field(_("What happened"), String(120))
    place: Mapped[str] = field(_("Place in the code"), String(200), default="")
    times: Mapped[int] = field(_("Times"), Integer, default=1)
    seconds: Mapped[int] = field(_("Seconds at most"), Integer, default=0)
    first_at: Mapped[datetime] = field(_("First"), default=now)
    last_at: Mapped[datetime] = field(_("Last"), default=now)

    @property
    def is_slow(self) -> bool:
        """Whether it answered, only late."""
        return self.error == TOO_SLOW


FAULTS = cast("Table", ModuleFault.__table__)


@dataclass(frozen=True)
class Noted:
    """How often, how long at most and when last."""

    times: int
    seconds: float
    last_at: datetime

    def and_(self, other: "Noted") -> "Noted":
        """Both together."""
        longest = max(self.seconds, other.seconds)
        return Noted(self.times + other.times, longest, max(self.last_at, other.last_at))


Which = tuple[str, str, str, str]
_noted: dict[Which, Noted] = {}
_lock = threading.Lock()


@contextmanager
def watching(module: str, part: str) -> Iterator[None]:
    """Note when the block fails or takes long; what it raises goes on to whoever stands around it.

    `part` says which of the module's parts it is: the same words every time, and nobody's data.
    """
    began = time.monotonic()
    try:
        yield
    except Exception as error:
        note(module, part, type(error).__name__, _place_of(error))
        raise
    finally:
        seconds = time.monotonic() - began
        if seconds >= SLOW:
            log.warning("%s of %s took %.1f seconds", part, module or "the core", seconds)
            note(module, part, TOO_SLOW, seconds=seconds)


def note(module: str, part: str, error: str, place: str = "", *, seconds: float = 0.0) -> None:
    """Remember a fault of a module until this process writes it down; the core's own stand in the log alone."""
    which = (module[:60], part[:160], error[:120], place[:200])
    if module:
        _add({which: Noted(1, seconds, now())})


def _add(more: dict[Which, Noted]) -> None:
    with _lock:
        for which, noted in more.items():
            if which in _noted or len(_noted) < MOST:
                _noted[which] = _noted[which].and_(noted) if which in _noted else noted


def _place_of(error: Exception) -> str:
    """File and line of the innermost code that is not a library's."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "site-packages" not in frame.filename and not frame.filename.startswith("<")]
    if not (last := (own or frames)[-1:]):
        return ""
    return f"{'/'.join(last[0].filename.rsplit('/', 2)[-2:])}:{last[0].lineno}"


def keep(engine: Engine) -> None:
    """Write down what was noted since the last time; what cannot be written now is tried again later."""
    with _lock:
        taken = dict(_noted)
        _noted.clear()
    if not taken:
        return
    try:
        with engine.begin() as connection:
            for which, noted in sorted(taken.items()):
                _write(connection, which, noted)
    except SQLAlchemyError as error:
        log.warning("faults of modules could not be written down: %s", type(error).__name__)
        _add(taken)


def _write(connection: Connection, which: Which, noted: Noted) -> None:
    key, part, error, place = which
    columns = FAULTS.c
    same = (columns.key == key, columns.part == part, columns.error == error, columns.place == place)
    seconds = round(noted.seconds)
    longest = case((columns.seconds > seconds, columns.seconds), else_=seconds)
    again = {"times": columns.times + noted.times, "last_at": noted.last_at, "seconds": longest}
    if connection.execute(update(FAULTS).where(*same).values(**again)).rowcount:
        return
    row = {"id": uuid7(), "version": 1, "created_at": now(), "first_at": noted.last_at, "last_at": noted.last_at}
    told = {"key": key, "part": part, "error": error, "place": place, "times": noted.times, "seconds": seconds}
    connection.execute(FAULTS.insert().values(**row, **told))


def forget(connection: Connection, key: str) -> None:
    """Take away what is kept of a module: other code has come, or it is gone."""
    connection.execute(delete(FAULTS).where(FAULTS.c.key == key))

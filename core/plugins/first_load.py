"""The first load of a plugin's files: under a clock, and remembered, so that a hang or a crash is met once.

See docs/decisions/0011-a-plugin-is-loaded-under-a-clock.md.
"""

import hashlib
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from core import __version__
from core.config import Settings

TICK = 0.5  # seconds
STILL = 0.02  # of a tick: whoever computes less than this only waits
BEGUN, LOADED, HUNG = "begun", "loaded", "hung"


@dataclass(frozen=True)
class Patience:
    """How many seconds in a row a plugin may wait for something, and how many it may compute.

    Apart, because on a busy machine a sound plugin is slow: it still computes in every tick.
    """

    waiting: float
    computing: float


# The program must serve within ten seconds, and one broken plugin may not keep it.
PATIENCE = Patience(waiting=4, computing=6)
PATIENCE_OF_TESTS = Patience(waiting=60, computing=60)


class Overdue(BaseException):
    """The clock rang: no `except Exception` of a plugin holds this up."""


class Refused(Exception):  # noqa: N818
    """These very files hung or ended the program before; the sentence says which."""


@dataclass(frozen=True)
class Process:
    """Whoever loads; containers that share a folder count their processes from one each, so the host belongs to it."""

    host: str
    number: int

    @classmethod
    def of_this(cls) -> "Process":
        """The process that asks."""
        return cls(socket.gethostname(), os.getpid())

    @property
    def is_gone(self) -> bool:
        """Whether it ended; of another host's nobody here can say, and of our own number it is one of before."""
        if self.host != socket.gethostname():
            return False
        if self.number == os.getpid():
            return True
        try:
            os.kill(self.number, 0)
        except ProcessLookupError:
            return True
        except OSError:
            return False
        return False


@dataclass(frozen=True)
class Note:
    """What became of the files of one plugin when they were last loaded for the first time."""

    place: Path
    files: str

    @classmethod
    def of(cls, settings: Settings, key: str, folder: Path) -> "Note":
        """The note on the files that stand in a plugin's folder now."""
        return cls(settings.var / "first-loads" / f"{key}.json", fingerprint(folder))

    def read(self) -> tuple[str, Process]:
        """How far these files came, and in which process; nothing when they are others than last time."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            told = json.loads(self.place.read_text(encoding="utf-8"))
            if told["files"] == self.files:
                return str(told["state"]), Process(str(told["host"]), int(told["process"]))
        return "", Process.of_this()

    def write(self, state: str) -> None:
        """Keep it; where nothing can be kept, each start is a first one."""
        process = Process.of_this()
        draft = self.place.with_suffix(f".{process.host}.{process.number}.part")
        told = {"files": self.files, "state": state, "host": process.host, "process": process.number}
        with suppress(OSError):
            self.place.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(told))
            draft.replace(self.place)


def fingerprint(folder: Path) -> str:
    """A digest of names, sizes and times of a plugin's files, and of the program that loads them."""
    digest = hashlib.sha256(f"{__version__} {sys.version}".encode())
    for file in sorted(folder.rglob("*")):
        if file.suffix in {".pyc", ".mo"} or "__pycache__" in file.parts:
            continue
        with suppress(OSError):
            state = file.stat()
            digest.update(f"{file.relative_to(folder)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


@contextmanager
def first_load(settings: Settings, key: str, folder: Path) -> Iterator[None]:
    """Load a plugin inside the block: unknown files under the clock, known ones at once.

    `Refused` before the block is entered when these files hung, or when the program ended while it loaded them.
    """
    note = Note.of(settings, key, folder)
    state, process = note.read()
    if state == HUNG:
        raise Refused(_again(key, "it hung when these files were first loaded"))
    if state == BEGUN and process.is_gone:
        raise Refused(_again(key, "the program ended while it loaded these files"))
    if state == LOADED:
        yield
        return
    note.write(BEGUN)
    try:
        with _clock(PATIENCE_OF_TESTS if settings.strict else PATIENCE):
            yield
    except Overdue as overdue:
        note.write(HUNG)
        raise Refused(_again(key, str(overdue))) from overdue
    except BaseException:
        note.write("")
        raise
    note.write(LOADED)


def forget(settings: Settings, key: str) -> bool:
    """Try these files again at the next start; False when nothing was held against them."""
    place = settings.var / "first-loads" / f"{key}.json"
    there = place.exists()
    place.unlink(missing_ok=True)
    return there


def _again(key: str, what: str) -> str:
    return f"{what}; it is tried again when its files change, or after `generazioni plugins retry {key}`"


@contextmanager
def _clock(patience: Patience) -> Iterator[None]:
    """Raise `Overdue` inside the block when it hangs; only the main thread hears alarms."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    began = before = time.thread_time()
    waited, running = 0.0, True

    def ring(number: int, frame: FrameType | None) -> None:
        nonlocal before, waited
        used = time.thread_time()
        waited = waited + TICK if used - before < STILL * TICK else 0.0
        before = used
        if running and waited >= patience.waiting:
            raise Overdue(f"it waited for {waited:.0f} seconds while it was loaded")
        if running and used - began >= patience.computing:
            raise Overdue(f"it computed for {used - began:.0f} seconds while it was loaded")

    old = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, TICK, TICK)
    try:
        yield
    finally:
        running = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)

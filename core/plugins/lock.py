"""`plugins.lock`: the wheels that an administrator of the machine added, each with its fingerprint."""

import json
import os
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

try:
    import fcntl
except ImportError:  # not on Windows, where one administrator at a time is asked for
    fcntl = None  # type: ignore[assignment]

HEADING = "# Which plugins may be loaded. Written by `generazioni plugins add` and `plugins remove`, not by hand.\n"


class WrongLock(Exception):  # noqa: N818
    """A lock that cannot be read: no plugin of it is loaded, for nobody knows what was added."""


@dataclass(frozen=True)
class Locked:
    """One wheel that was added.

    `sha256` is the wheel's, `record` that of the list of its files' fingerprints, as it stands unpacked.
    """

    key: str
    name: str
    version: str
    package: str
    sha256: str
    record: str
    wheel: str
    added_at: str
    added_by: str

    def folder(self, home: Path) -> Path:
        """Where its files stand, apart from those of any other wheel."""
        return home / f"{self.name}-{self.version}-{self.sha256[:12]}"


def lock_file(home: Path) -> Path:
    """The lock of a home of plugins."""
    return home / "plugins.lock"


@contextmanager
def changing(home: Path) -> Iterator[None]:
    """One at a time: whoever reads the lock in order to write it waits for whoever is at it."""
    with (home / ".changing").open("a") as stream:
        if fcntl is not None:
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def read_lock(home: Path) -> list[Locked]:
    """What was added, by key; nothing where nothing ever was."""
    file = lock_file(home)
    if not file.exists():
        return []
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        return sorted((Locked(**one) for one in told.get("plugin", ())), key=lambda one: one.key)
    except (OSError, tomllib.TOMLDecodeError, TypeError, UnicodeDecodeError) as error:
        raise WrongLock(f"{file} cannot be read: {error}") from error


def write_lock(home: Path, plugins: Iterable[Locked]) -> None:
    """Write the lock beside itself and swap it in whole: a stop in between leaves the one before."""
    file = lock_file(home)
    draft = file.with_suffix(f".{os.getpid()}.part")
    blocks = [HEADING]
    for one in sorted(plugins, key=lambda one: one.key):
        # A string of JSON is a string of TOML too.
        lines = (f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in asdict(one).items())
        blocks.append("\n[[plugin]]\n" + "".join(lines))
    with draft.open("w", encoding="utf-8") as stream:
        stream.write("".join(blocks))
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)

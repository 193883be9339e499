"""A module's own suite, run in a process of its own as its author runs it."""

import os
import subprocess
from pathlib import Path


def run(python: Path, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run pytest in a module's folder, knowing nothing of the program's own settings."""
    told = {name: value for name, value in os.environ.items() if not name.startswith(("GENERAZIONI_", "PYTEST_"))}
    return subprocess.run(  # noqa: S603  our own code
        [str(python), "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *arguments], cwd=folder, env=told,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def passed(done: "subprocess.CompletedProcess[str]") -> int:
    """How many tests passed; a suite that does not pass whole fails with what it wrote."""
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "skipped" not in last, last
    return int(last.split(" passed")[0])

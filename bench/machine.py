"""The machine the figures are of, and what its processes use."""

import os
import platform
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from core.testing import postgresql

TICK = os.sysconf("SC_CLK_TCK")
PACKAGES = ("Flask", "SQLAlchemy", "psycopg", "gunicorn", "waitress", "Jinja2")


def described() -> dict[str, str]:
    """What the figures depend on: processor, versions, and the load that others put on the machine."""
    cpu = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                if line.startswith("model name")), platform.processor())  # fmt: skip
    server = subprocess.run(
        [postgresql.find_binaries() / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return {
        "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "processor": f"{cpu}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "postgresql": server.stdout.strip(),
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "commit": commit.stdout.strip(),
        "load before": f"{os.getloadavg()[0]:.1f}",
    }


def family(pid: int) -> Iterator[int]:
    """A process and all that stand under it."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            yield from family(int(child))


def cpu_of(pids: Sequence[int]) -> float:
    """Seconds of processor that these processes used so far, children that ended among them."""
    total = 0
    for pid in pids:
        try:
            told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(told[11]) + int(told[12])
    return total / TICK


def memory_of(pids: Sequence[int]) -> float:
    """MiB of these processes, what they share counted once (PSS)."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def peak_of(pids: Sequence[int]) -> float:
    """The highest MiB that one of these processes held so far."""
    peaks = [0]
    for pid in pids:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        peaks += [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
    return max(peaks) / 1024


class Failed(Exception):  # noqa: N818
    """A command that did not end well, with the end of what it said."""


@dataclass(frozen=True)
class Run:
    """What a command took: seconds by the clock and of processor, and the most MiB it held."""

    seconds: float
    cpu: float
    memory: float
    said: str


def run(command: Sequence[str | Path], environment: Mapping[str, str]) -> Run:
    """Run a command to its end, in this environment alone, and measure it; one that fails shows what it said."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    said = process.stdout.read() if process.stdout else ""
    _pid, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        told = " ".join(map(str, command))
        raise Failed(f"{told} ended with {process.returncode}: {said[-3000:].strip()}")
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said)

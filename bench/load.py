"""Load from wrk: so many connections for so many seconds, and what the answers took."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("load.lua")


class NoWrk(Exception):  # noqa: N818
    """The load generator is missing, and the sentence says how to get it."""


@dataclass(frozen=True)
class Request:
    """One request as wrk sends it."""

    path: str
    method: str = "GET"
    body: str = ""


@dataclass(frozen=True)
class Answers:
    """What a run met: milliseconds of the middle and of the slowest twentieth, requests a second, wrong answers."""

    requests: int
    seconds: float
    p50: float
    p95: float
    bytes: float
    wrong: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def load(
    port: int, requests: Sequence[Request], *, connections: int, seconds: float, headers: Mapping[str, str],
    start: int = 0,
) -> Answers:  # fmt: skip
    """Send the requests in turn, from `start` on, over connections that are kept open."""
    if shutil.which("wrk") is None:
        raise NoWrk("The bench needs wrk: install it (Debian: apt-get install wrk).")
    with tempfile.TemporaryDirectory() as folder:
        lines, head = Path(folder, "requests"), Path(folder, "headers")
        lines.write_text("".join(f"{one.method}\t{one.path}\t{one.body}\n" for one in requests), encoding="utf-8")
        head.write_text("".join(f"{name}: {value}\n" for name, value in headers.items()), encoding="utf-8")
        told = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "30s", "-s", str(SCRIPT),
             f"http://127.0.0.1:{port}/"],
            env={**os.environ, "REQUESTS": str(lines), "HEADERS": str(head), "START": str(start)},
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
    return Answers(**json.loads(next(line[7:] for line in told.splitlines() if line.startswith("RESULT "))))

"""What people would pick instead, measured by scripts of theirs that stand in a folder of your own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.figures import Figure, Found
from bench.installation import KEPT

PEERS = {
    "Tryton": ["bench_tryton.py", "postgresql"], "Django admin": ["bench_django.py", "postgresql"],
    "Flask-Admin and FAB": ["bench_flaskadmin.py"],
}  # fmt: skip


def measured(place: Path, say: Callable[[str], None]) -> dict[str, Found]:
    """Each peer's pages, as its own script measures them; a script that is not there or fails is named."""
    found: dict[str, Found] = {}
    for name, command in PEERS.items():
        say(f"{name} …")
        told = {"PATH": os.environ["PATH"], "BENCH_ROOT": str(KEPT / "peers")}
        ran = subprocess.run(
            [sys.executable, place.resolve() / command[0], *command[1:]],
            env=told, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if ran.returncode:
            # Peers come from PyPI: without it there is nothing to compare with.
            why = ran.stderr.strip().splitlines()[-1:] or ["no reason given"]
            found[name] = Found(failed={"peer": why[0]})
            say(f"{name} FAILED: {ran.stderr[-1500:]}")
            continue
        answers = json.loads(ran.stdout.splitlines()[-1])
        found[name] = Found({
            f"peer-{'-'.join(path)}": Figure(" · ".join(path), row["c1_p50_ms"], "ms", more={"rate": row["c8_rps"]})
            for path, row in _scenarios(answers)
        })  # fmt: skip
    return found


def _scenarios(told: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], dict[str, float]]]:
    """Every measured page of a peer's answer, with the names that lead to it."""
    if not isinstance(told, dict):
        return []
    if "c1_p50_ms" in told:
        return [(path, told)]
    return [one for name, inner in told.items() for one in _scenarios(inner, (*path, name))]

"""What people would pick instead, by the scripts that stand beside the repository, when they do."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from bench.installation import KEPT
from bench.measure import Figure, Figures
from core.config import ROOT

# Worktrees stand a folder deeper than the repository.
PLACES = [folder / "shared" / "bench" for folder in (ROOT.parent, ROOT.parent.parent)]
PEERS = {
    "Tryton": ["bench_tryton.py", "postgresql"], "Django admin": ["bench_django.py", "postgresql"],
    "Flask-Admin and FAB": ["bench_flaskadmin.py"],
}  # fmt: skip


def measured(say: Callable[[str], None]) -> dict[str, Figures]:
    """Each peer's list of 50 of 100,000, as its own script measures it; a script that fails is said and left out."""
    place = next((folder for folder in PLACES if folder.is_dir()), None)
    if place is None:
        say("The peers' scripts are not here: they stand in ../shared/bench.")
        return {}
    found = {}
    for name, command in PEERS.items():
        say(f"{name} …")
        told = {"PATH": os.environ["PATH"], "BENCH_ROOT": str(KEPT / "peers")}
        ran = subprocess.run(
            [sys.executable, *command], cwd=place, env=told, capture_output=True, text=True, check=False
        )
        if ran.returncode:
            say(f"{name}: {ran.stderr[-500:]}")
            continue
        answers = json.loads(ran.stdout.splitlines()[-1])
        found[name] = {
            f"peer-{'-'.join(path)}": Figure(" · ".join(path), row["c1_p50_ms"], "ms", more={"rate": row["c8_rps"]})
            for path, row in _scenarios(answers)
        }
    return found


def _scenarios(told: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], dict[str, float]]]:
    """Every measured page of a peer's answer, with the names that lead to it."""
    if not isinstance(told, dict):
        return []
    if "c1_p50_ms" in told:
        return [(path, told)]
    return [one for name, inner in told.items() for one in _scenarios(inner, (*path, name))]

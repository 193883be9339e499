"""Which modules are tested: those that pytest's settings name, in an installation of them and what they need."""

import os
from collections.abc import Sequence
from pathlib import Path

from core.config import ROOT, read_settings
from core.plugins.finding import found
from core.plugins.manifest import Ignored, Manifest

TESTED = "GENERAZIONI_TESTED"


def choose(keys: Sequence[str], root: Path) -> None:
    """Let this process and those it starts load the named modules, what they need, and no other.

    A module that stands in a folder under `root` need not be added to be tested, nor one that pip installed.
    """
    if not keys:
        return
    folders = os.environ.get("GENERAZIONI_PLUGIN_FOLDERS", "").split(os.pathsep)
    if root != ROOT and any(root.glob("*/manifest.toml")):
        folders.append(str(root))
    else:
        announced = (one for one in found(read_settings()) if isinstance(one, Ignored))
        folders += [str(one.folder) for one in announced if one.key in keys]
    os.environ["GENERAZIONI_PLUGIN_FOLDERS"] = os.pathsep.join(dict.fromkeys(filter(None, folders)))
    there = {one.key: one for one in found(read_settings()) if isinstance(one, Manifest)}
    os.environ["GENERAZIONI_SKIP"] = ",".join(sorted(set(there) - _with_needs(keys, there)))
    os.environ[TESTED] = ",".join(keys)


def _with_needs(keys: Sequence[str], there: dict[str, Manifest]) -> set[str]:
    wanted: set[str] = set()
    left = [key for key in keys if key in there]
    while left:
        key = left.pop()
        if key not in wanted:
            wanted.add(key)
            left += [need for need in there[key].requires if need in there]
    return wanted


def is_tested(module: str) -> bool:
    """Whether the conformance tests look at this module; the core's own is the empty key."""
    named = os.environ.get(TESTED, "")
    return not named or module in named.split(",")

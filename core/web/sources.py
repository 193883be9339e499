"""Where the front end is used: the templates and code of the core and of every plugin, installed ones too."""

import importlib.util
from collections.abc import Iterable, Iterator
from importlib.metadata import entry_points
from pathlib import Path

from core.config import ROOT

ENTRY_POINTS = "generazioni.plugins"
SUFFIXES = {".html", ".py", ".toml"}


def source_files(folders: Iterable[Path]) -> list[Path]:
    """Every file that may name a class or an icon, in a steady order."""
    everywhere = {ROOT / "core", *folders, *_installed_plugins()}
    return sorted(file for folder in everywhere for file in folder.rglob("*") if file.suffix in SUFFIXES)


def _installed_plugins() -> Iterator[Path]:
    """Packages that came with pip, found by their entry points without importing them."""
    for point in entry_points(group=ENTRY_POINTS):
        found = importlib.util.find_spec(point.module.partition(".")[0])
        yield from map(Path, found.submodule_search_locations or [] if found else [])

"""Which plugins can be loaded and in which order: ranges, needs, conflicts, circles."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from packaging.specifiers import SpecifierSet

from core.plugins.manifest import Manifest


def objections(manifest: Manifest, others: Mapping[str, Manifest], core_version: str) -> list[str]:
    """Why this plugin cannot be loaded among the others; empty when it can."""
    told = []
    if manifest.core and core_version not in SpecifierSet(manifest.core, prereleases=True):
        told.append(f"needs core {manifest.core}, and this is {core_version}")
    for key, wanted in manifest.requires.items():
        if key not in others:
            told.append(f"needs the module {key} {wanted}, which is not installed")
        elif others[key].version not in SpecifierSet(wanted, prereleases=True):
            told.append(f"needs {key} {wanted}, and {others[key].version} is installed")
    told += [f"cannot stand beside {key}" for key in manifest.conflicts if key in others]
    return told


def in_order(manifests: Mapping[str, Manifest]) -> tuple[list[str], dict[str, str]]:
    """The keys in order of need, ties by key, and those in a circle with the circle named."""
    left = dict(manifests)
    circles: dict[str, str] = {}
    while True:
        graph = {key: _needs(left[key], left) for key in sorted(left)}
        try:
            return list(TopologicalSorter(graph).static_order()), circles
        except CycleError as error:
            ring = error.args[1]
            for key in set(ring):
                circles[key] = "each needs the other: " + " → ".join(ring)
                left.pop(key, None)


def _needs(manifest: Manifest, others: Mapping[str, Manifest]) -> Iterable[str]:
    return sorted(key for key in (*manifest.requires, *manifest.optional) if key in others)

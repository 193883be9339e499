"""Where plugins come from, without importing any: folders of the program, and wheels in the lock."""

from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

from core.config import Settings
from core.plugins.integrity import differences
from core.plugins.lock import Locked, WrongLock, read_lock
from core.plugins.manifest import GROUP, Changed, Ignored, Manifest, Unreadable, found_in, read_or_tell


def found(settings: Settings) -> Iterator[Manifest | Unreadable]:
    """Every plugin there is: in folders, then added, then those that are only announced by a distribution."""
    yield from found_in(settings.plugin_folders)
    home = settings.plugin_home
    try:
        added = read_lock(home)
    except WrongLock as error:
        yield Changed("plugins.lock", home, str(error))
        added = []
    for locked in added:
        yield _added(locked, home)
    yield from _announced(home)


def _added(locked: Locked, home: Path) -> Manifest | Unreadable:
    folder = locked.folder(home)
    if wrong := differences(locked, home):
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""  # noqa: PLR2004  enough to see what it is about
        return Changed(locked.key, folder, f"it is not as it was added: {'; '.join(wrong[:3])}{more}")
    file = folder.joinpath(*locked.package.split("."), "manifest.toml")
    return read_or_tell(file, locked.package, f"{locked.name} {locked.version}")


def root_of(manifest: Manifest) -> Path:
    """The folder that an added plugin's package is imported from."""
    return manifest.folder.parents[manifest.package.count(".")]


def _announced(home: Path) -> Iterator[Ignored]:
    """Entry points of distributions on Python's path: pip alone does not let a plugin in."""
    for distribution in distributions():
        where = Path(str(distribution.locate_file("")))
        if where.is_relative_to(home):
            continue
        for entry in distribution.entry_points:
            if entry.group == GROUP:
                origin = f"{distribution.name} {distribution.version}"
                yield Ignored(entry.name, where, f"{origin} announces it, and nobody added it: see docs/operate.md")

"""Adding a wheel on the machine: looked into without running anything of it, unpacked whole or not at all."""

import os
import shutil
import stat
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import Distribution, PackageNotFoundError, PathDistribution, distribution
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from secrets import token_hex
from tempfile import mkdtemp

from packaging.requirements import InvalidRequirement, Requirement
from packaging.tags import sys_tags
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from core.config import Settings
from core.plugins.integrity import differences, list_differences, record_of, sha256_of
from core.plugins.lock import Locked, changing, lock_file, read_lock, write_lock
from core.plugins.manifest import GROUP, Manifest, WrongManifest, found_in, read_manifest

LARGEST = 200 * 2**20
MOST_FILES = 5000
PART = ".part-"
AN_HOUR = 3600.0  # seconds
A_DAY = 24 * AN_HOUR


class WrongWheel(Exception):  # noqa: N818
    """A wheel that is not added; the sentence says why and what would do."""


@dataclass(frozen=True)
class Need:
    """A distribution that a wheel needs, and the version of it that is here, if any."""

    wanted: str
    here: str
    fits: bool


@dataclass(frozen=True)
class Opened:
    """A wheel unpacked beside its final place, looked at and found whole."""

    manifest: Manifest
    locked: Locked
    folder: Path
    needs: tuple[Need, ...]
    replaces: Locked | None


def open_wheel(settings: Settings, file: Path, *, sha256: str, by: str) -> Opened:
    """Unpack a wheel aside and look whether it can be added; `discard` or `keep` comes next."""
    name, version = _named(file)
    digest = sha256_of(file)
    if sha256 and digest != sha256.lower().removeprefix("sha256:"):
        raise WrongWheel(f"{file.name} has the SHA-256 {digest}, not the one you gave: it is another file. Not added.")
    home = settings.plugin_home
    home.mkdir(parents=True, exist_ok=True, mode=0o755)
    sweep(home)
    folder = Path(mkdtemp(prefix=PART, dir=home))
    try:
        _unpack(file, folder)
        return _looked_at(settings, file, folder, name=name, version=version, sha256=digest, by=by)
    except BaseException:
        discard(folder)
        raise


def _named(file: Path) -> tuple[str, str]:
    if file.suffix != ".whl":
        raise WrongWheel(f"{file.name} is not a wheel (.whl): a source archive runs code while it is installed.")
    try:
        name, version, _build, tags = parse_wheel_filename(file.name)
    except InvalidWheelFilename as error:
        raise WrongWheel(f"{file.name} is not named like a wheel: {error}") from error
    if not tags & set(sys_tags()):
        raise WrongWheel(f"{file.name} was built for another Python or another machine.")
    return name, str(version)


def _unpack(file: Path, folder: Path) -> None:
    """Write the archive's files below the folder and nowhere else; links and bombs are refused."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > LARGEST:
                raise WrongWheel(f"{file.name} is too large to be a plugin.")
            for entry in entries:
                _refuse_astray(file, entry)
                archive.extract(entry, folder)
    except (zipfile.BadZipFile, OSError, RuntimeError) as error:
        raise WrongWheel(f"{file.name} cannot be unpacked: {error}") from error


def _refuse_astray(file: Path, entry: zipfile.ZipInfo) -> None:
    path = PurePosixPath(entry.filename)
    astray = not path.parts or path.is_absolute() or ".." in path.parts or {"\\", ":"} & {*entry.filename}
    if astray or stat.S_ISLNK(entry.external_attr >> 16):
        raise WrongWheel(f"{file.name} would write outside its own folder ({entry.filename}). Not added.")
    if path.parts[0].endswith(".data"):
        raise WrongWheel(f"{file.name} brings files for elsewhere ({path.parts[0]}): a plugin is one package.")


def _looked_at(
    settings: Settings, file: Path, folder: Path, *, name: str, version: str, sha256: str, by: str
) -> Opened:
    told = _metadata(folder, file)
    if told.version != version or canonicalize_name(told.name) != name:
        raise WrongWheel(f"{file.name} says inside that it is {told.name} {told.version}.")
    record = record_of(folder)
    if wrong := list_differences(folder, record):
        raise WrongWheel(f"{file.name} is damaged: {'; '.join(wrong[:5])}")
    points = [point for point in told.entry_points if point.group == GROUP]
    if len(points) != 1:
        raise WrongWheel(f"{file.name} announces {len(points)} plugins under the entry points {GROUP}: it must be one.")
    package = points[0].module
    try:
        manifest = read_manifest(folder.joinpath(*package.split("."), "manifest.toml"), package, f"{name} {version}")
    except WrongManifest as error:
        raise WrongWheel(f"{file.name}: {error}") from error
    others = {one.key: one for one in read_lock(settings.plugin_home)}
    _refuse_taken(settings, manifest, name, others)
    _refuse_more(file, folder, package)
    locked = Locked(
        key=manifest.key, name=name, version=version, package=package, sha256=sha256, record=sha256_of(record),
        wheel=file.name, added_at=datetime.now(UTC).isoformat(timespec="seconds"), added_by=by,
    )  # fmt: skip
    return Opened(manifest, locked, folder, tuple(_needs(told)), others.get(manifest.key))


def _metadata(folder: Path, file: Path) -> Distribution:
    found = sorted(folder.glob("*.dist-info"))
    if len(found) != 1 or not (found[0] / "METADATA").is_file() or not (found[0] / "RECORD").is_file():
        raise WrongWheel(f"{file.name} is not a whole wheel: METADATA or RECORD is missing.")
    return PathDistribution(found[0])


def _refuse_taken(settings: Settings, manifest: Manifest, name: str, others: dict[str, Locked]) -> None:
    """A key belongs to one distribution, and a package of the program cannot be covered by a plugin's."""
    if manifest.key in {one.key for one in found_in(settings.plugin_folders)}:
        raise WrongWheel(f"the key {manifest.key} belongs to a plugin that comes with the program")
    if manifest.key in others and others[manifest.key].name != name:
        raise WrongWheel(f"the key {manifest.key} belongs to {others[manifest.key].name}, which was added before")
    top = manifest.package.partition(".")[0]
    if top in {"core", "plugins", "tests", "translations"} or any(
        one.package.partition(".")[0] == top and one.key != manifest.key for one in others.values()
    ):
        raise WrongWheel(f"the package {top} is somebody else's: a plugin has a package of its own")


def _refuse_more(file: Path, folder: Path, package: str) -> None:
    """One package of its own: a second one could stand in for a library, and one of a known name would not be found."""
    top = package.partition(".")[0]
    more = sorted(one.name for one in folder.iterdir() if one.name != top and not one.name.endswith(".dist-info"))
    if more:
        raise WrongWheel(f"{file.name} brings {', '.join(more)} beside its package {top}: a plugin is one package.")
    known = find_spec(top)
    if known is not None and not str(known.origin).startswith(str(folder.parent)):
        raise WrongWheel(f"a package {top} is installed already ({known.origin}): uninstall that one first.")


def _needs(told: Distribution) -> Iterator[Need]:
    """What the wheel asks for on this machine, without its extras; the program itself counts as there."""
    for text in told.requires or ():
        try:
            wanted = Requirement(text)
        except InvalidRequirement as error:
            raise WrongWheel(f"it needs something that cannot be read: {text}") from error
        if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            here = distribution(wanted.name).version
        except PackageNotFoundError:
            here = ""
        yield Need(str(wanted), here, bool(here) and wanted.specifier.contains(here, prereleases=True))


def keep(settings: Settings, opened: Opened) -> None:
    """Give the unpacked wheel its place and write the lock.

    Stopped anywhere, what the lock names is there and whole. The files of the version before stay for a day: a
    server that was not restarted yet reads its templates there.
    """
    home = settings.plugin_home
    final = opened.locked.folder(home)
    with changing(home):
        if final.exists() and differences(opened.locked, home):
            final.rename(home / f"{PART}{token_hex(4)}")
        if not final.exists():
            opened.folder.chmod(0o755)
            opened.folder.rename(final)
        others = [one for one in read_lock(home) if one.key != opened.locked.key]
        write_lock(home, [*others, opened.locked])
    if opened.replaces and opened.replaces.folder(home).is_dir():
        os.utime(opened.replaces.folder(home))


def remove(settings: Settings, key: str) -> Locked:
    """Take a plugin's code off the machine: first from the lock, then its files."""
    home = settings.plugin_home
    home.mkdir(parents=True, exist_ok=True, mode=0o755)
    with changing(home):
        locked = {one.key: one for one in read_lock(home)}
        if key not in locked:
            raise WrongWheel(f"no plugin with the key {key} was added ({lock_file(home)})")
        gone = locked.pop(key)
        write_lock(home, locked.values())
    discard(gone.folder(home))
    sweep(home)
    return gone


def sweep(home: Path) -> None:
    """Remove what no lock names: what an adding that was stopped left an hour ago, versions replaced a day ago."""
    kept = {one.folder(home).name for one in read_lock(home)}
    for folder in home.iterdir():
        patience = AN_HOUR if folder.name.startswith(PART) else A_DAY
        ours = folder.name.startswith(PART) or any(folder.glob("*.dist-info/RECORD"))
        if ours and folder.name not in kept and time.time() - folder.stat().st_mtime > patience:
            discard(folder)


def discard(folder: Path) -> None:
    """Remove an unpacked wheel."""
    shutil.rmtree(folder, ignore_errors=True)

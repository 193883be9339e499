"""Importing added plugins: only from files that are still what the wheel brought, and never from bytecode."""

import hashlib
import os
import sys
from collections.abc import Mapping
from importlib.machinery import EXTENSION_SUFFIXES, SOURCE_SUFFIXES, ExtensionFileLoader, FileFinder, SourceFileLoader
from pathlib import Path
from typing import Any

from core.plugins.integrity import fingerprints, record_of, sha256_of

# Absolute path of each file that may be imported → its fingerprint.
_allowed: dict[str, str] = {}


class ChangedSource(ImportError):  # noqa: N818
    """A file is not the one that was added any more; it may have been changed while the program runs."""


class CheckedLoader(SourceFileLoader):
    """Compiles a source each time, after looking at its fingerprint.

    Bytecode kept beside it would be taken without a look at what it says, so it is neither read nor written:
    Python does without it when a source does not tell its age.
    """

    def path_stats(self, path: str) -> Mapping[str, Any]:
        """Tell no age."""
        raise OSError(path)

    def get_data(self, path: str) -> bytes:
        """The bytes of a file, when they are those that were added."""
        data = super().get_data(path)
        if _allowed.get(str(path)) != hashlib.sha256(data).hexdigest():
            raise ChangedSource(f"{path} was changed since the plugin was added")
        return data


class CheckedExtension(ExtensionFileLoader):
    """Loads a compiled module after looking at its fingerprint."""

    def create_module(self, spec: Any) -> Any:
        """The module, when its file is the one that was added."""
        if _allowed.get(str(spec.origin)) != sha256_of(Path(str(spec.origin))):
            raise ChangedSource(f"{spec.origin} was changed since the plugin was added")
        return super().create_module(spec)


def allow(folder: Path) -> None:
    """Let the packages in this folder be imported, as long as their files are those of its RECORD."""
    place = str(folder)
    _allowed.update({str(folder / name): told for name, told in fingerprints(record_of(folder)).items()})
    if place not in sys.path:
        sys.path.append(place)
        sys.path_hooks.insert(0, _hook_for(place))
        sys.path_importer_cache.pop(place, None)


def _hook_for(place: str) -> Any:
    """What finds modules below one folder with our loaders, and leaves every other folder to Python's own."""
    finders = FileFinder.path_hook((CheckedExtension, EXTENSION_SUFFIXES), (CheckedLoader, SOURCE_SUFFIXES))

    def hook(path: str) -> Any:
        if path != place and not path.startswith(place + os.sep):
            raise ImportError(path)
        return finders(path)

    return hook

"""What a plugin says of itself, read without importing its code."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from core.language import Words, _, current_language

# What shares of people go by (core/sharing/needs.py), and the words for it; a module may name others in its own.
CATEGORIES: Mapping[str, Words] = {
    "identity": _("identity"), "contacts": _("contacts"), "household": _("household"),
    "economic situation": _("economic situation"), "debts": _("debts"), "payments": _("payments"),
}  # fmt: skip
GROUP = "generazioni.plugins"
FOLDER = "folder"
SHAPES: dict[str, type] = {
    "key": str, "version": str, "core": str, "icon": str, "category": str, "license": str,
    "name": dict, "summary": dict, "requires": dict, "optional": dict, "conflicts": list, "personal_data": list,
}  # fmt: skip
WORDS: dict[type, str] = {str: "a text", dict: "a table of texts", list: "a list of texts"}
Told = str | Mapping[str, str]  # in one language for all, or by language


class WrongManifest(Exception):  # noqa: N818
    """A manifest that says too little, or something that cannot be."""


@dataclass(frozen=True)
class Manifest:
    """The manifest of one plugin: its key gives the prefixes of tables, permissions and addresses."""

    key: str
    version: str
    package: str
    folder: Path
    title: Mapping[str, str]
    summary: Mapping[str, str] = field(default_factory=dict)
    icon: str = "plug"
    category: str = ""
    core: str = ""
    requires: Mapping[str, str] = field(default_factory=dict)
    optional: Mapping[str, str] = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()
    personal_data: tuple[str, ...] = ()
    special_data: tuple[Told, ...] = ()
    retention: Told = ""
    license: str = ""
    origin: str = ""

    @property
    def name(self) -> str:
        """Its title in the reader's language."""
        return said(self.title) or self.key

    @property
    def about(self) -> str:
        """Its summary in the reader's language."""
        return said(self.summary)

    @property
    def kept_for(self) -> str:
        """How long it keeps its rows, in the reader's language."""
        return said(self.retention)

    @property
    def categories(self) -> list[Words]:
        """The categories of personal data, as the register of processing calls them."""
        return [CATEGORIES.get(one, one) for one in self.personal_data]

    @property
    def special_categories(self) -> list[str]:
        """Those of artt. 9 and 10 GDPR, in the reader's language."""
        return [said(one) for one in self.special_data]

    @property
    def tables(self) -> str:
        """The prefix of its tables."""
        return f"{self.key}_"

    @property
    def url(self) -> str:
        """The prefix of its addresses."""
        return f"/m/{self.key.replace('_', '-')}"

    @property
    def api_url(self) -> str:
        """The prefix of its endpoints."""
        return f"/api/v1/{self.key.replace('_', '-')}"


def _leaves(told: Any) -> Iterable[Any]:
    return told.values() if isinstance(told, dict) else told or ()


@dataclass(frozen=True)
class Unreadable:
    """A folder that looks like a plugin and whose manifest cannot be used."""

    key: str
    folder: Path
    reason: str


class Changed(Unreadable):
    """An added plugin whose files are not those of its wheel any more."""


class Ignored(Unreadable):
    """A plugin that some distribution announces and nobody added."""


def said(told: Told) -> str:
    """What a manifest tells, in the reader's language, else in English, else in the one that it has."""
    if isinstance(told, str):
        return told
    return told.get(current_language()) or told.get("en") or next(iter(told.values()), "")


def read_manifest(file: Path, package: str, origin: str = "") -> Manifest:
    """The manifest in a file; `WrongManifest` says what is missing or malformed."""
    try:
        told: dict[str, Any] = tomllib.loads(file.read_text())
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise WrongManifest(f"{file}: {error}") from error
    if missing := [name for name in ("key", "version", "name") if not told.get(name)]:
        raise WrongManifest(f"{file}: {', '.join(missing)} missing")
    for name, kind in SHAPES.items():
        if name in told and not (
            isinstance(told[name], kind) and all(isinstance(one, str) for one in _leaves(told[name]))
        ):
            raise WrongManifest(f"{file}: {name} must be {WORDS[kind]}")
    if not _is_told(told.get("retention", "")):
        raise WrongManifest(f"{file}: retention must be a text, or a table of texts by language")
    special = told.get("special_data", [])
    if not isinstance(special, list) or not all(map(_is_told, special)):
        raise WrongManifest(f"{file}: special_data must be a list of texts, or of tables of texts by language")
    key = str(told["key"])
    if not (key.isidentifier() and key.islower()):
        raise WrongManifest(f"{file}: the key {key!r} must be lower-case letters, digits and underscores")
    try:
        Version(told["version"])
        for told_range in (
            told.get("core", ""),
            *told.get("requires", {}).values(),
            *told.get("optional", {}).values(),
        ):
            SpecifierSet(told_range)
    except (InvalidVersion, InvalidSpecifier) as error:
        raise WrongManifest(f"{file}: {error}") from error
    return Manifest(
        key=key, version=told["version"], package=package, folder=file.parent, title=told["name"],
        summary=told.get("summary", {}), icon=told.get("icon", "plug"), category=told.get("category", ""),
        core=told.get("core", ""), requires=told.get("requires", {}), optional=told.get("optional", {}),
        conflicts=tuple(told.get("conflicts", ())), personal_data=tuple(told.get("personal_data", ())),
        special_data=tuple(told.get("special_data", ())), retention=told.get("retention", ""),
        license=told.get("license", ""), origin=origin,
    )  # fmt: skip


def _is_told(told: object) -> bool:
    """A text, or texts by language."""
    by_language = isinstance(told, dict) and all(isinstance(one, str) for one in told.values())
    return isinstance(told, str) or by_language


def found_in(folders: tuple[Path, ...]) -> Iterator[Manifest | Unreadable]:
    """Every plugin in the folders: those that come with the program, and those its environment names."""
    for folder in folders:
        for file in sorted(folder.glob("*/manifest.toml")):
            package = f"{folder.name}.{file.parent.name}" if folder.name == "plugins" else file.parent.name
            yield read_or_tell(file, package, FOLDER)


def read_or_tell(file: Path, package: str, origin: str) -> Manifest | Unreadable:
    """The manifest in a file, or what is wrong with it."""
    try:
        return read_manifest(file, package, origin)
    except WrongManifest as error:
        return Unreadable(file.parent.name, file.parent, str(error))

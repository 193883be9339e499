"""What a document is: declared once by the plugin that issues it, made from a template of its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.language import Words

SERIES = "DOCUMENTS"


@dataclass(frozen=True)
class DocumentKind:
    """A document that can be made of the records of a collection.

    `on` is the collection's key, `template` a file of the plugin's folder `documents/`, and
    `load(session, record)` gives the values it shows: texts, numbers, lists and mappings, amounts and
    dates already as people write them. They are loaded in the document's language.
    `permission` is asked to see and draft it, `issue_permission` (the same unless named) to issue it;
    `when(record)` says whether it makes sense now, `series` where its protocol numbers come from.
    """

    key: str
    label: Words
    on: str
    template: str
    load: Callable[..., dict[str, Any]]
    permission: str
    issue_permission: str = ""
    when: Callable[[Any], bool] = lambda record: True
    series: str = SERIES

    @property
    def name(self) -> str:
        """The last part of its key, as addresses have it."""
        return self.key.rpartition(".")[2]

    @property
    def to_issue(self) -> str:
        """The permission that issuing asks."""
        return self.issue_permission or self.permission


@dataclass(frozen=True)
class Declared:
    """A kind with the module that declared it (empty for the core) and the folder of its templates."""

    kind: DocumentKind
    module: str
    folder: Path

    @property
    def template(self) -> Path:
        """Where its template stands."""
        return self.folder / self.kind.template


_declared: dict[str, Declared] = {}


class UnknownKind(LookupError):  # noqa: N818
    """No installed module declares a document of this key."""


def declare(kinds: Iterable[DocumentKind], *, module: str, folder: Path) -> None:
    """Remember what a plugin declares, at start; a later load of the program says it again."""
    for kind in kinds:
        _declared[kind.key] = Declared(kind, module, folder)


def declared() -> list[Declared]:
    """Every declared document, in the order they were declared."""
    return list(_declared.values())


def declared_as(key: str) -> Declared:
    """The document declared under a key; `UnknownKind` when no installed module has it."""
    if key not in _declared:
        raise UnknownKind(key)
    return _declared[key]


def kinds_on(collection: str) -> list[Declared]:
    """The documents of a collection's records."""
    return [one for one in _declared.values() if one.kind.on == collection]


def forget(module: str) -> None:
    """Take back what a module declared, when it turns out to be broken."""
    for key in [key for key, one in _declared.items() if one.module == module]:
        del _declared[key]

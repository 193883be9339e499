"""Sentences that are said in the reader's language at the moment they are shown."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any

LANGUAGES = {"it": "Italiano", "en": "English"}
FIRST_LANGUAGE = "it"

_language: ContextVar[str] = ContextVar("language", default=FIRST_LANGUAGE)
_catalogues: dict[str, NullTranslations] = {}


def current_language() -> str:
    """The language of the page, mail or command being made: `it` unless someone chose."""
    return _language.get()


def use_language(language: str) -> None:
    """Speak this language for the rest of the request or command; unknown ones change nothing."""
    if language in LANGUAGES:
        _language.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak another language inside the block, as a mail to somebody else needs."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


class Message:
    """A sentence not yet said: it takes the language of whoever reads it, when it is read."""

    __slots__ = ("context", "count", "many", "text", "values")

    def __init__(
        self, text: str, values: dict[str, Any], *, many: str = "", count: int | None = None, context: str = ""
    ) -> None:
        self.text, self.values, self.many, self.count, self.context = text, values, many, count, context

    def __str__(self) -> str:
        catalogue = _catalogues.get(current_language()) or NullTranslations()
        if self.count is not None:
            said = catalogue.ngettext(self.text, self.many, self.count)
        elif self.context:
            said = catalogue.pgettext(self.context, self.text)
        else:
            said = catalogue.gettext(self.text) if self.text else ""
        return said % self.values if self.values else said

    def __repr__(self) -> str:
        return f"Message({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash((self.text, self.context))

    def __len__(self) -> int:
        return len(str(self))

    def __lt__(self, other: object) -> bool:
        return str(self) < str(other)


Words = str | Message


def _(text: str, /, **values: Any) -> Message:
    """A sentence; `%(name)s` in it is filled from the keywords."""
    return Message(text, values)


def in_context(context: str, text: str, /, **values: Any) -> Message:
    """A word that means different things in different places, told apart by its context."""
    return Message(text, values, context=context)


def plural(one: str, many: str, /, n: int, **values: Any) -> Message:
    """A sentence about a number of things; `%(n)s` is the number."""
    return Message(one, {"n": n, **values}, many=many, count=n)


def load_catalogues(folder: Path) -> None:
    """Read every domain's translations once, at start; a missing folder leaves English."""
    for language in LANGUAGES:
        _catalogues[language] = _read_language(folder / language / "LC_MESSAGES")


def _read_language(folder: Path) -> NullTranslations:
    together = NullTranslations()
    for source in sorted(folder.glob("*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            _compile(source, compiled)
        with compiled.open("rb") as stream:
            catalogue = GNUTranslations(stream)
        catalogue.add_fallback(together)
        together = catalogue
    return together


def _compile(source: Path, compiled: Path) -> None:
    """Turn an edited .po into what gettext reads; written beside it and swapped in whole."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415  only after an edit
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with source.open("rb") as stream:
        catalogue = read_po(stream)
    draft = compiled.with_suffix(f".{os.getpid()}.part")
    with draft.open("wb") as stream:
        write_mo(stream, catalogue)
    draft.replace(compiled)

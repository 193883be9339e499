"""Sentences that are said in the reader's language at the moment they are shown."""

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

LANGUAGES = {"it": "Italiano", "en": "English"}
FIRST_LANGUAGE = "it"

log = logging.getLogger("generazioni.language")
_language: ContextVar[str] = ContextVar("language", default=FIRST_LANGUAGE)
# (language, domain) → its own sentences first, then the core's, then the other modules'.
_catalogues: dict[tuple[str, str], NullTranslations] = {}
CORE = "core"


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
    """A sentence not yet said: it takes the language of whoever reads it, when it is read.

    `domain` is whose sentence it is, the core's or a module's: the same word may mean two things.
    """

    __slots__ = ("context", "count", "domain", "many", "text", "values")

    def __init__(
        self,
        text: str,
        values: dict[str, Any],
        *,
        many: str = "",
        count: int | None = None,
        context: str = "",
        domain: str = CORE,
    ) -> None:
        self.text, self.values, self.many, self.count, self.context = text, values, many, count, context
        self.domain = domain

    def __str__(self) -> str:
        language = current_language()
        catalogue = _catalogues.get((language, self.domain)) or _catalogues.get((language, CORE)) or NullTranslations()
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
    return Message(text, values, domain=_domain_of_caller())


def in_context(context: str, text: str, /, **values: Any) -> Message:
    """A word that means different things in different places, told apart by its context."""
    return Message(text, values, context=context, domain=_domain_of_caller())


def plural(one: str, many: str, /, n: int, **values: Any) -> Message:
    """A sentence about a number of things; `%(n)s` is the number."""
    return Message(one, {"n": n, **values}, many=many, count=n, domain=_domain_of_caller())


def _domain_of_caller() -> str:
    """The domain of the module that says the sentence: `plugins.housing.…` is housing's.

    No frame is kept in a variable: one that held itself would keep all its callers until they are collected.
    """
    first, _dot, rest = str(sys._getframe(2).f_globals.get("__name__", "")).partition(".")  # noqa: SLF001  the one way
    return rest.partition(".")[0] if first == "plugins" else first


def load_catalogues(folder: Path, of_modules: Mapping[str, Path] | None = None) -> None:
    """Read every domain's translations once, at start; a missing folder leaves English.

    `of_modules` are domains whose catalogues come with a module: domain → its folder of translations.
    """
    _catalogues.clear()
    for language in LANGUAGES:
        read = {source.stem: _read(source) for source in sorted((folder / language / "LC_MESSAGES").glob("*.po"))}
        for domain, place in (of_modules or {}).items():
            for source in sorted((place / language / "LC_MESSAGES").glob("*.po")):
                try:
                    read[domain] = _read_there(source)
                except Exception:  # a module whose translations are damaged speaks English
                    log.exception("the translations %s cannot be read", source)
        for domain in read:
            _catalogues[language, domain] = _chain(read, domain)


def _chain(read: dict[str, GNUTranslations], first: str) -> NullTranslations:
    """A domain's own sentences, then the core's, then everybody's."""
    order = dict.fromkeys(name for name in (first, CORE, *read) if name in read)
    chain = copy(read[first])
    for name in list(order)[1:]:
        chain.add_fallback(copy(read[name]))
    return chain


def _read(source: Path) -> GNUTranslations:
    compiled = source.with_suffix(".mo")
    if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
        _compile(source, compiled)
    with compiled.open("rb") as stream:
        return GNUTranslations(stream)


def _read_there(source: Path) -> GNUTranslations:
    """A catalogue in somebody else's folder: nothing is written beside it."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415  only where a module brings its own
    from babel.messages.pofile import read_po  # noqa: PLC0415

    compiled = BytesIO()
    with source.open("rb") as stream:
        write_mo(compiled, read_po(stream))
    compiled.seek(0)
    return GNUTranslations(compiled)


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

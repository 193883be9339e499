"""The sentences of code and templates as catalogues: what is new for a translator, and what is missing.

For `make messages`, and for whoever writes a module of their own (`generazioni plugins messages`).
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from core.language import LANGUAGES

METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
KEYWORDS = {"_": None, "plural": (1, 2), "in_context": ((1, "c"), 2)}
OPTIONS = {"**/templates/**.html": {"extensions": "jinja2.ext.do", "trimmed": "true", "silent": "false"}}
HEADER = "# PROJECT in another language; `make messages` adds what is new."
PLACEHOLDER = re.compile(r"%\((\w+)\)")


def languages() -> list[str]:
    """The languages that need catalogues: all but English, which the code speaks."""
    return [language for language in LANGUAGES if language != "en"]


def file_of(translations: Path, language: str, domain: str) -> Path:
    """Where the catalogue of a language and a domain stands."""
    return translations / language / "LC_MESSAGES" / f"{domain}.po"


def extract(domain: str, folder: Path, root: Path) -> Catalog:
    """The sentences that stand in a domain's code and templates; places are told from the root."""
    catalogue = Catalog(project="generazioni", domain=domain, creation_date=datetime(2026, 1, 1, tzinfo=UTC))
    found = extract_from_dir(folder, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=["Translators:"])
    for file, _line, words, comments, context in found:
        place = (folder / file).relative_to(root).as_posix()
        # No line numbers: they would change the catalogues with every edit of the code.
        catalogue.add(words, locations=[(place, 0)], auto_comments=comments, context=context)
    return catalogue


def read(file: Path, language: str) -> Catalog:
    """A language's catalogue of a domain; a new one when there is none."""
    if not file.exists():
        return Catalog(language, file.stem, HEADER, "generazioni", copyright_holder="The authors", fuzzy=False)
    with file.open("rb") as stream:
        return read_po(stream, locale=language, domain=file.stem)


def bring_up(file: Path, language: str, template: Catalog) -> Catalog:
    """Write new sentences, untranslated, into a catalogue, and take out those that are gone."""
    catalogue = read(file, language)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    written = BytesIO()
    write_po(written, catalogue, width=120, sort_by_file=True, ignore_obsolete=True, include_lineno=False)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(written.getvalue())
    return catalogue


def untranslated(catalogue: Catalog) -> int:
    """How many sentences wait for a translator."""
    return sum(1 for message in catalogue if message.id and not _is_translated(message))


def faults_of(template: Catalog, catalogue: Catalog) -> Iterator[str]:
    """What a catalogue lacks of the sentences in the code, and where its placeholders differ."""
    for message in template:
        if not message.id:
            continue
        translated = catalogue.get(message.id, message.context)
        if translated is None or not _is_translated(translated):
            yield f"not translated: {_first(message)!r}"
        elif translated.fuzzy:
            yield f"marked fuzzy: {_first(message)!r}"
        elif not _same_placeholders(message, translated):
            yield f"placeholders differ: {_first(message)!r}"


def _same_placeholders(message: Message, translated: Message) -> bool:
    wanted, *said = (
        set(PLACEHOLDER.findall(words)) for words in (" ".join(_forms(message.id)), *_forms(translated.string))
    )
    # A singular may do without the number: "one row".
    spared = set() if isinstance(message.id, str) else {"n"}
    return all(wanted - spared <= found <= wanted for found in said)


def _is_translated(message: Message) -> bool:
    return all(_forms(message.string))


def _first(message: Message) -> str:
    return _forms(message.id)[0]


def _forms(words: str | Sequence[str] | None) -> Sequence[str]:
    """A sentence as a list of its forms: one, or singular and plural."""
    return [words or ""] if isinstance(words, str | None) else words

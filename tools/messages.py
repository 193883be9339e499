"""The sentences of each domain (the core, each plugin) and their translations.

`update` writes what is new into translations/<language>/LC_MESSAGES/<domain>.po, where a translator finds it.
`check` names each sentence that is not translated, or whose placeholders differ.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from core.language import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "translations"
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
KEYWORDS = {"_": None, "plural": (1, 2), "in_context": ((1, "c"), 2)}
OPTIONS = {"**/templates/**.html": {"extensions": "jinja2.ext.do", "trimmed": "true", "silent": "false"}}
HEADER = "# PROJECT in another language; `make messages` adds what is new."
PLACEHOLDER = re.compile(r"%\((\w+)\)")


def domains() -> dict[str, Path]:
    """Domain → folder whose sentences it holds."""
    plugins = {manifest.parent.name: manifest.parent for manifest in sorted(ROOT.glob("plugins/*/manifest.toml"))}
    return {"core": ROOT / "core", **plugins}


def languages() -> list[str]:
    """The languages that need catalogues: all but English, which the code speaks."""
    return [language for language in LANGUAGES if language != "en"]


def extract(domain: str, folder: Path) -> Catalog:
    """The sentences that stand in a domain's code and templates."""
    catalogue = Catalog(project="generazioni", domain=domain, creation_date=datetime(2026, 1, 1, tzinfo=UTC))
    found = extract_from_dir(folder, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=["Translators:"])
    for file, _line, words, comments, context in found:
        place = (folder / file).relative_to(ROOT).as_posix()
        # No line numbers: they would change the catalogues with every edit of the code.
        catalogue.add(words, locations=[(place, 0)], auto_comments=comments, context=context)
    return catalogue


def read(language: str, domain: str) -> Catalog:
    """A language's catalogue of a domain; a new one when there is none."""
    file = _file(language, domain)
    if not file.exists():
        return Catalog(language, domain, HEADER, "generazioni", copyright_holder="The authors", fuzzy=False)
    with file.open("rb") as stream:
        return read_po(stream, locale=language, domain=domain)


def update() -> int:
    """Write new sentences, untranslated, into each catalogue, and take out those that are gone."""
    for language in languages():
        for domain, folder in domains().items():
            catalogue = read(language, domain)
            catalogue.update(extract(domain, folder), no_fuzzy_matching=True, update_creation_date=False)
            written = BytesIO()
            write_po(written, catalogue, width=120, sort_by_file=True, ignore_obsolete=True, include_lineno=False)
            file = _file(language, domain)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(written.getvalue())
            print(f"{language} {domain}: {len(catalogue)} sentences, {_untranslated(catalogue)} to translate")
    return 0


def check() -> int:
    """Print what is missing; the exit status says whether anything is."""
    faults = []
    for domain, folder in domains().items():
        template = extract(domain, folder)
        for language in languages():
            catalogue = read(language, domain)
            faults += [
                f"{_file(language, domain).relative_to(ROOT)}: {fault}" for fault in faults_of(template, catalogue)
            ]
    print(*faults, sep="\n", end="\n" if faults else "")
    return 1 if faults else 0


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


def _untranslated(catalogue: Catalog) -> int:
    return sum(1 for message in catalogue if message.id and not _is_translated(message))


def _is_translated(message: Message) -> bool:
    return all(_forms(message.string))


def _first(message: Message) -> str:
    return _forms(message.id)[0]


def _forms(words: str | Sequence[str] | None) -> Sequence[str]:
    """A sentence as a list of its forms: one, or singular and plural."""
    return [words or ""] if isinstance(words, str | None) else words


def _file(language: str, domain: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / f"{domain}.po"


if __name__ == "__main__":
    verbs = {"update": update, "check": check}
    if sys.argv[1:] not in [[verb] for verb in verbs]:
        sys.exit("Say update or check.")
    sys.exit(verbs[sys.argv[1]]())

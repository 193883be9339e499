"""Making a PDF: the values as plain JSON, the compiler in a process of its own, and what to say when it fails."""

import importlib.util
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from core.database.field import now
from core.database.scope import today
from core.documents.declaration import Declared, declared, declared_as
from core.language import LANGUAGES, Message, _, current_language, speaking
from core.language.formats import show_date
from core.refusals import Refusal

log = logging.getLogger("generazioni.documents")
NEEDED = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP")
LONGEST = 20  # seconds; ten pages take less than one
# Typst draws no control characters; a tab would join two words.
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


class CannotPrint(Refusal):
    """A document could not be made; its sentence is for people, the log has the compiler's words."""


def make_pdf(
    key: str,
    values: Mapping[str, Any],
    *,
    title: Any = "",
    language: str = "",
    author: str = "",
    number: str = "",
    on: date | None = None,
    sender: Mapping[str, Any] | None = None,
    replaces: Any = "",
    draft: bool = False,
) -> bytes:
    """The PDF of a declared document: tagged PDF/UA-1 in that language, with its title, date and protocol number.

    `UnknownKind` when nobody declares the key; `CannotPrint` says in one sentence that it could not be made.
    """
    one = declared_as(key)
    spoken = language if language in LANGUAGES else current_language()
    day = on or today()
    with speaking(spoken):
        given = {
            "values": plain(values),
            "document": plain({
                "title": title or one.kind.label, "language": spoken, "author": author, "number": number,
                "date": show_date(day), "day": [day.year, day.month, day.day], "draft": draft,
                "replaces": replaces, "sender": sender or {"name": author}, "words": words(),
            }),
        }  # fmt: skip
    return _compile(one, given, at=datetime(day.year, day.month, day.day, 12, tzinfo=now().tzinfo))


def words() -> dict[str, Any]:
    """The words that the base template writes itself."""
    return {
        "draft": _("DRAFT"), "number": _("Protocol number"), "date": _("Date"),
        "page": _("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
    }  # fmt: skip


def plain(value: Any) -> Any:
    """Sentences said, texts without control characters; a value that JSON has no word for is a mistake of ours."""
    if isinstance(value, str | Message):
        return CONTROLS.sub(lambda found: " " if found[0] in "\t\r\x0b\x0c" else "", str(value))
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    raise TypeError(f"a document's values are texts as people read them, not {type(value).__name__}: {value!r}")


def _compile(one: Declared, given: dict[str, Any], *, at: datetime) -> bytes:
    order = {
        "folder": str(one.folder), "template": one.kind.template, "timestamp": str(int(at.timestamp())),
        "given": json.dumps(given, ensure_ascii=False),
    }  # fmt: skip
    command = [sys.executable, "-I", "-m", "core.documents.compiler"]
    # Neither the database's address nor the secret key is any of the compiler's business.
    environment = {name: os.environ[name] for name in NEEDED if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603  our own module
            command,
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=LONGEST,
            check=False,
            env=environment,
        )
    except subprocess.TimeoutExpired as error:
        log.error("the document %s took more than %s s", one.kind.key, LONGEST)  # noqa: TRY400  the trace says nothing
        raise CannotPrint(
            _("“%(document)s” takes too long to make: tell the administrator.", document=one.kind.label)
        ) from error
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        log.error("the document %s failed: %s", one.kind.key, done.stderr.decode(errors="replace")[-2000:])
        raise CannotPrint(_("“%(document)s” could not be made: tell the administrator.", document=one.kind.label))
    return done.stdout


def shortcomings() -> list[str]:
    """What is missing for documents to be made: the compiler, or a template."""
    if importlib.util.find_spec("typst") is None:
        return ["the package typst is missing: run `make setup` (pip install typst)"]
    return [f"{one.kind.key} has no template {one.template}" for one in declared() if not one.template.is_file()]

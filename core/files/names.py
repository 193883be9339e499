"""File names as people may read them: one line, no path, nothing that hides or reverses letters."""

import unicodedata
from pathlib import PurePosixPath

from core.language import _
from core.refusals import Refusal

LONGEST = 150
INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


def clean_name(given: str) -> str:
    """The last part of a path, in NFC, without control and bidirectional characters, at most 150 long.

    A longer name loses letters before its extension. It is never used as a path.
    """
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(
        letter for letter in unicodedata.normalize("NFC", last) if unicodedata.category(letter) not in INVISIBLE
    )
    name = " ".join(seen.split()).strip(" .")
    if not name:
        raise Refusal(_("The file has no name: give it one and send it again."), field="file")
    if len(name) > LONGEST:
        ending = PurePosixPath(name).suffix[:20]
        name = name[: LONGEST - len(ending)].rstrip(" .") + ending
    return name


def extension_of(name: str) -> str:
    """What stands after the last dot, in small letters; empty when there is none."""
    return PurePosixPath(name).suffix.lower().removeprefix(".")

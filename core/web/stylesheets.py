"""Makes the framework's stylesheet small: without the rules whose classes stand in none of our sources.

What is kept is only ever too much: a class counts as used when its name stands anywhere in a source,
and `alert-` before an expression keeps every class that begins so.
"""

import re
from collections.abc import Callable, Iterator

PIECE = re.compile(r"""/\*.*?\*/|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[{};]|[^{};"'/]+|/""", re.DOTALL)
CLASS = re.compile(r"\.(-?[A-Za-z_](?:[\w-]|\\.)*)")
WORD = re.compile(r"-?[A-Za-z_][\w-]*")
COMMA = re.compile(r",(?![^()\[\]]*[)\]])")
GROUPS = ("@media", "@supports", "@container", "@layer")
EMBEDDED_VIDEO_FONT = "VideoJS"


def words_of(texts: Iterator[str]) -> set[str]:
    """Every word of the sources that could be a class, or the beginning of one when it ends with a hyphen."""
    return {word for text in texts for word in WORD.findall(text)}


def purge(css: str, words: set[str]) -> str:
    """The stylesheet without rules that can match nothing, and without fonts as `data:`, which our policy refuses."""
    beginnings = tuple(word for word in words if word.endswith("-") and len(word) > 2)  # noqa: PLR2004
    used = lambda name: name in words or name.startswith(beginnings)  # noqa: E731
    return "".join(_rules(_pieces(css), used))


def _pieces(css: str) -> Iterator[str]:
    return (piece for piece in PIECE.findall(css) if not piece.startswith("/*"))


def _rules(pieces: Iterator[str], used: Callable[[str], bool]) -> Iterator[str]:
    """The rules up to the end of the block, or of the sheet."""
    prelude = ""
    for piece in pieces:
        if piece == "}":
            return
        if piece == ";":
            yield f"{prelude.strip()};"
            prelude = ""
        elif piece == "{":
            yield _rule(prelude.strip().lstrip("\ufeff"), pieces, used)
            prelude = ""
        else:
            prelude += piece


def _rule(prelude: str, pieces: Iterator[str], used: Callable[[str], bool]) -> str:
    if prelude.startswith(GROUPS):
        inside = "".join(_rules(pieces, used))
        return f"{prelude}{{{inside}}}" if inside else ""
    body = _block(pieces)
    if prelude.startswith("@font-face") and EMBEDDED_VIDEO_FONT in body:
        return ""
    kept = prelude if prelude.startswith("@") else _selectors(prelude, used)
    return f"{kept}{{{body}}}" if kept else ""


def _block(pieces: Iterator[str]) -> str:
    """The text up to the brace that closes the block just opened, braces inside it included."""
    text, depth = "", 1
    for piece in pieces:
        depth += (piece == "{") - (piece == "}")
        if not depth:
            break
        text += piece
    return text


def _selectors(prelude: str, used: Callable[[str], bool]) -> str:
    """Those of the list that may match: each class they ask for is used (one in `:not()` is asked for by nobody)."""
    alternatives = (each.strip() for each in COMMA.split(prelude))
    return ",".join(each for each in alternatives if all(map(used, CLASS.findall(_asked(each)))))


def _asked(selector: str) -> str:
    return re.sub(r":(not|is|where)\([^()]*\)", "", selector)

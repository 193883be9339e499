"""What the body of a document is made of: texts, headings, facts, tables, lists, as the base template draws them.

A loader answers `{"parts": [parts.text(…), parts.table(…)]}` and its template says `#parts(values.parts)`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core.language import Words

Part = dict[str, Any]


@dataclass(frozen=True)
class TableColumn:
    """A column of a table: numbers stand at the right; a `width` takes that share of what the others leave."""

    label: Words
    number: bool = False
    width: int = 0


def text(*paragraphs: Words) -> Part:
    """Paragraphs, one after the other."""
    return {"kind": "text", "texts": [one for one in paragraphs if str(one)]}


def heading(words: Words) -> Part:
    """The title of what follows."""
    return {"kind": "heading", "text": words}


def facts(*rows: tuple[Words, Words | int | None]) -> Part:
    """Label and value, line by line; what is not given is left out."""
    return {"kind": "facts", "rows": [[label, str(value)] for label, value in rows if value not in {None, ""}]}


def points(*items: Words, numbered: bool = False) -> Part:
    """A list, with dots or numbers."""
    return {"kind": "points", "items": list(items), "numbered": numbered}


def table(
    columns: Sequence[TableColumn], rows: Iterable[Sequence[Words | int]], *, total: Sequence[Words] = (), none: Words
) -> Part:
    """Rows under a head that each page repeats, and perhaps their total; `none` is said when there are no rows."""
    shown = [[str(cell) for cell in row] for row in rows]
    if not shown:
        return text(none)
    head = [{"label": one.label, "number": one.number, "width": one.width} for one in columns]
    return {"kind": "table", "columns": head, "rows": shown, "total": list(total)}

"""What a parameter is: declared once by whoever uses it, given values year after year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from core.language import Words
from core.language.formats import show_date, show_number

Kind = Literal["decimal", "money", "integer", "percent", "text", "date", "table"]


@dataclass(frozen=True)
class ParameterKind:
    """One parameter; its key begins with the plugin's prefix (`housing.deposit_months`).

    `municipal` ones differ from partner to partner; the others are the network's, and a partner
    that sets its own says why. A `table` is text with a row a line and `;` between cells.
    """

    key: str
    label: Words
    kind: Kind
    help: Words = ""
    municipal: bool = False


_declared: dict[str, ParameterKind] = {}


def declare(kinds: Iterable[ParameterKind]) -> None:
    """Remember what a plugin declares, at start; declaring the same again changes nothing."""
    for kind in kinds:
        if _declared.setdefault(kind.key, kind) != kind:
            raise ValueError(f"parameter {kind.key} is declared twice")


def declared() -> list[ParameterKind]:
    """Every declared parameter, by key."""
    return [_declared[key] for key in sorted(_declared)]


def kind_of(key: str) -> ParameterKind | None:
    """What was declared under a key, or None when no installed module uses it."""
    return _declared.get(key)


def label_of(key: str) -> Words:
    """The parameter's name for people; its key when nobody declares it."""
    kind = _declared.get(key)
    return kind.label if kind else key


def stated(key: str, value: str) -> str:
    """A kept value as people write it: 2.50 is 2,50 in Italian."""
    kind = _declared.get(key)
    if kind is not None and kind.kind in {"decimal", "percent", "money"}:
        return show_number(Decimal(value))
    return show_date(date.fromisoformat(value)) if kind is not None and kind.kind == "date" else value


def forget(module: str) -> None:
    """Take back what a module declared, when it turns out to be broken."""
    for key in [key for key in _declared if key.startswith(f"{module}.")]:
        del _declared[key]

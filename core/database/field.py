"""Columns that introduce themselves: label, help, and what kind of value they hold."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import BigInteger, DateTime, Dialect, String, TypeDecorator
from sqlalchemy.orm import MappedColumn, mapped_column

from core.language import Words

CENT = Decimal("0.01")
SPECIAL = frozenset({"special", "judicial"})  # artt. 9 and 10 GDPR


class Choice(StrEnum):
    """A closed list whose members carry the word people read and the tone of its badge.

    `READY = "ready", _("Ready"), "ok"`; tones are ok, warn, bad, info or none.
    """

    label: Words
    tone: str

    def __new__(cls, value: str, label: Words = "", tone: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label or value
        member.tone = tone
        return member


class Money(TypeDecorator[Decimal]):
    """Euro as a Decimal of two places, kept as whole cents: exact on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        cents = Decimal(value) / CENT
        if cents != cents.to_integral_value():
            raise ValueError(f"{value} is not a whole number of cents")
        return int(cents)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) * CENT


class Exact(TypeDecorator[Decimal]):
    """A decimal with a fixed number of places, kept as a whole number: no REAL on SQLite.

    The unit, such as `%` or `m²`, follows the number where people read it; files and the API have the number alone.
    """

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int, unit: str = "") -> None:
        super().__init__()
        self.places, self.unit = places, unit

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        scaled = Decimal(value).scaleb(self.places)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than {self.places} decimals")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.places)


class Moment(TypeDecorator[datetime]):
    """An instant with its zone; SQLite forgets zones, so UTC is put back when reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Chosen(TypeDecorator[Choice]):
    """A member of a Choice, kept as its plain value."""

    impl = String(40)
    cache_ok = True

    def __init__(self, choices: type[Choice]) -> None:
        super().__init__()
        self.choices = choices
        self._members = {member.value: member for member in choices}

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.choices(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> Choice | None:
        return None if value is None else self._members.get(value) or self.choices(value)


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def field(
    label: Words,
    *arguments: Any,
    help: Words = "",  # noqa: A002  it is the column's help, as the style guide spells it
    kind: str = "",
    sensitivity: str = "",
    **options: Any,
) -> MappedColumn[Any]:
    """A column with the label and help that lists, forms, filters, imports and the API all use.

    `kind` names what the type alone cannot: `email`, `phone`, `iban`, `country`, `secret`, `hidden`.
    `sensitivity` is `special` (art. 9 GDPR: health, origin, beliefs) or `judicial` (art. 10): read only
    with a purpose, and never told by the audit trail.
    """
    if sensitivity and sensitivity not in SPECIAL:
        raise ValueError(f"no such sensitivity: {sensitivity}")
    if arguments and isinstance(arguments[0], type) and issubclass(arguments[0], Choice):
        arguments = (Chosen(arguments[0]), *arguments[1:])
    information = {"label": label, "help": help, "kind": kind, "sensitivity": sensitivity}
    information |= options.pop("info", {})
    return mapped_column(*arguments, info=information, **options)


class Fact(property):
    """A property that lists and pages can show, because it carries a label."""

    label: Words = ""
    money: bool = False


def fact(label: Words, *, money: bool = False) -> Callable[[Callable[[Any], Any]], Fact]:
    """Mark what a row can state of itself without a column, so that pages may name it."""

    def mark(method: Callable[[Any], Any]) -> Fact:
        stated = Fact(method)
        stated.label, stated.money = label, money
        return stated

    return mark

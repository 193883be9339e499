"""Sentences kept in the database so that each reader is told them in their own language."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Dialect, TypeDecorator

from core.language import Message, Words
from core.language.formats import show_date, show_datetime, show_number


class Sentence(TypeDecorator[Words]):
    """A text, or a sentence not yet said with its values."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Words | None, dialect: Dialect) -> Any:
        return None if value is None else kept(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Words | None:
        return None if value is None else told(value)


def kept(words: Any) -> Any:
    """Words as JSON holds them; a value that JSON does not know is kept as it is shown."""
    if isinstance(words, Message):
        values = {name: kept(value) for name, value in words.values.items()}
        return {
            "text": words.text, "values": values, "many": words.many, "count": words.count, "context": words.context,
            "domain": words.domain,
        }  # fmt: skip
    if isinstance(words, datetime):
        return show_datetime(words)
    if isinstance(words, date):
        return show_date(words)
    if isinstance(words, Decimal):
        return show_number(words)
    return words if isinstance(words, bool | int | float) else str(words)


def told(held: Any) -> Any:
    """The words that were kept."""
    if not isinstance(held, dict):
        return held
    values = {name: told(value) for name, value in held["values"].items()}
    return Message(
        held["text"], values, many=held["many"], count=held["count"], context=held["context"], domain=held["domain"]
    )

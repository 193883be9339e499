"""What an event may say: keys of records, numbers and days; who wants more looks it up, as far as it may."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from core.database.field import Choice

Plain = dict[str, Any]


def kept(facts: Plain) -> Plain:
    """Facts as JSON holds them; `TypeError` for free text and anything else that could be about a person."""
    return {name: _kept(name, value) for name, value in facts.items()}


def facts_of(held: Plain) -> Plain:
    """The facts as they were announced; a choice comes back as its plain value."""
    return {name: _told(value) for name, value in held.items()}


def _kept(name: str, value: Any) -> Any:
    if isinstance(value, UUID):
        return {"key": str(value)}
    if isinstance(value, date) and not isinstance(value, datetime):
        return {"day": value.isoformat()}
    if isinstance(value, Choice):
        return value.value
    if value is None or isinstance(value, bool | int):
        return value
    raise TypeError(f"{name}: an event tells keys, numbers, days and choices, not {type(value).__name__}")


def _told(value: Any) -> Any:
    if isinstance(value, dict):
        return UUID(value["key"]) if "key" in value else date.fromisoformat(value["day"])
    return value

"""What the form macros ask of a WTForms field: how it is drawn, what it is tied to, what is wrong with it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import request
from wtforms.fields import FieldList, FormField, HiddenField
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget, Select, TableWidget

from core.language import Words

DATE_INPUTS = {"date", "datetime-local"}


def ticked(name: str) -> list[UUID]:
    """The records ticked in the sent form; what is no key was not offered, and is passed over."""
    keys = []
    for text in request.form.getlist(name):
        with suppress(ValueError):
            keys.append(UUID(text))
    return keys


@dataclass(frozen=True)
class ErrorLine:
    """One line of the error summary; `anchor` is empty when the error is about the whole form."""

    anchor: str
    label: Words
    message: Words


def field_kind(field: Any) -> str:
    """How a field is drawn: `hidden`, `check`, `group` (of boxes), `fields` (within a field) or `control`."""
    if isinstance(field, (FieldList, FormField)):
        return "fields"
    if isinstance(field, HiddenField) or isinstance(field.widget, HiddenInput):
        return "hidden"
    if isinstance(field.widget, CheckboxInput):
        return "check"
    if isinstance(field.widget, (ListWidget, TableWidget)):
        return "group"
    return "control"


def field_attributes(field: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of a control: its class, the ids of its help and error, and what the page gave.

    A date is typed, not picked: pickers differ by browser and few can be used by keyboard alone.
    """
    attributes: dict[str, Any] = {}
    if field_kind(field) == "control" and not isinstance(field.widget, Select):
        attributes["class"] = "form-control"
    if getattr(field.widget, "input_type", "") in DATE_INPUTS:
        attributes |= {"type": "text", "inputmode": "numeric"}
    elif getattr(field, "inputmode", "text") != "text":
        attributes["inputmode"] = field.inputmode
    if described := [f"{field.id}-{part}" for part in ("help", "error") if _has(field, part)]:
        attributes["aria-describedby"] = " ".join(described)
    if field.errors:
        attributes["aria-invalid"] = "true"
    return attributes | dict(given)


def _has(field: Any, part: str) -> bool:
    return bool(field.errors if part == "error" else field.description)


def error_lines(form: Any) -> list[ErrorLine]:
    """All that is wrong with a form, in the page's order, first what is wrong with it as a whole."""
    return [ErrorLine("", "", str(error)) for error in form.form_errors] + list(_lines(form))


def _lines(fields: Iterable[Any]) -> Iterator[ErrorLine]:
    for field in fields:
        if isinstance(field, FormField):
            yield from error_lines(field.form)
        elif isinstance(field, FieldList) and any(isinstance(error, (list, dict)) for error in field.errors):
            yield from _lines(field.entries)
        else:
            yield from (ErrorLine(_anchor(field), field.label.text, str(error)) for error in field.errors)


def _anchor(field: Any) -> str:
    """Where a link of the summary goes: a group has no control of its own, so to its first box."""
    kind = field_kind(field)
    return {"hidden": "", "group": f"{field.id}-0"}.get(kind, field.id)

"""Names of columns made into values that know how to show, sort and filter themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, Integer, Text, Uuid, inspect
from sqlalchemy import Column as TableColumn
from sqlalchemy.orm import ColumnProperty, Mapper, RelationshipProperty
from sqlalchemy.orm.exc import UnmappedClassError

from core.database.field import SPECIAL, Chosen, Exact, Fact, Moment, Money
from core.language import Words, _
from core.language.formats import show_value
from core.special.reading import is_withheld

KINDS: tuple[tuple[type[Any], str], ...] = (
    (Money, "money"), (Exact, "decimal"), (Chosen, "choice"), (Moment, "moment"), (Boolean, "boolean"),
    (Date, "date"), (Integer, "integer"), (Uuid, "key"), (Text, "long"),
)  # fmt: skip


class UnknownColumn(Exception):  # noqa: N818
    """A declaration names something that the model does not have."""


@dataclass(frozen=True)
class Column:
    """One column of a list, form, filter, export or endpoint.

    `kind` is text, long, integer, decimal, money, date, moment, boolean, choice, key, relation,
    fact, or what the field itself says (email, phone, iban…). `path` are the relationships to walk
    from the row; `attribute` is what to read at the end of it. `begins` is what a new row holds when
    nothing is said. A `special` one is read only with a purpose.
    """

    name: str
    label: Words
    help: Words
    kind: str
    model: type[Any]
    path: tuple[str, ...]
    attribute: str
    required: bool = False
    choices: Any = None
    target: type[Any] | None = None
    length: int | None = None
    places: int = 0
    unit: str = ""
    begins: Any = None
    special: bool = False

    @property
    def mapped(self) -> bool:
        """Whether the database can sort and filter by it."""
        return self.kind != "fact"

    @property
    def numeric(self) -> bool:
        """Whether it is aligned to the right and added up."""
        return self.kind in {"integer", "decimal", "money"}

    def value(self, record: Any) -> Any:
        """The value in a record, or None when something on the way is missing, or it may not be read now."""
        if self.special and self.is_withheld(record):
            return None
        if not self.path and record is not None:
            return getattr(record, self.attribute)
        for step in (*self.path, self.attribute):
            if record is None:
                return None
            record = getattr(record, step)
        return record

    def is_withheld(self, record: Any) -> bool:
        """Whether the field is special and no purpose is told for it yet; if one is, the asking counts as a reading."""
        if not self.special or self.is_closed(record):
            return False
        owner = self.owner(record)
        return owner is not None and is_withheld(owner, self.attribute)

    def owner(self, record: Any) -> Any:
        """The record at the end of the path, whose field it is."""
        for step in self.path:
            record = record and getattr(record, step)
        return record

    def shown(self, record: Any) -> str:
        """The value in the reader's language and formats; empty when there is none, a sentence when it is withheld."""
        if self.special and self.is_withheld(record):
            return str(_("withheld"))
        return self.said(self.value(record))

    def said(self, value: Any) -> str:
        """A value of this column, read before, as `shown` shows it."""
        told = show(value, self.kind)
        return f"{told}\u00a0{self.unit}" if told and self.unit else told

    def plain(self, record: Any) -> Any:
        """The value as the JSON API says it."""
        if self.kind != "relation":
            return tell(self.value(record))
        for step in self.path:
            record = record and getattr(record, step)
        # The key stands on the row itself: the related record is not fetched to say it.
        return None if record is None else tell(getattr(record, self.expression.key))

    def is_closed(self, record: Any) -> bool:
        """Whether the reader's partner may not see this field of the record: then it is empty, not unknown."""
        for step in self.path:
            record = record and getattr(record, step)
        key = self.expression.key if self.kind == "relation" else self.attribute
        return key in getattr(record, "veiled", ())

    @cached_property
    def expression(self) -> Any:
        """The mapped attribute that filters and sorting use; a relation stands for its key."""
        if self.kind == "relation":
            relationship = inspect(self.model).relationships[self.attribute]
            return getattr(self.model, inspect(self.model).get_property_by_column(_local(relationship)).key)
        return getattr(self.model, self.attribute)


def show(value: Any, kind: str = "") -> str:
    """A value of a kind of column in words, for people."""
    return show_value(value, money=kind in {"money", "fact"})


def tell(value: Any) -> Any:
    """A value in JSON: money and decimals as exact text, dates in ISO 8601."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bool | int | float):
        return value
    return str(getattr(value, "value", value))


def column(model: type[Any], name: str) -> Column:
    """The column a name means on a model; `UnknownColumn` when it means none."""
    *path, attribute = name.split(".")
    owner, label = model, None
    for step in path:
        relationship = _relationships(owner).get(step)
        if relationship is None or relationship.uselist:
            raise UnknownColumn(f"{owner.__name__} has no many-to-one {step!r} (in {name!r})")
        label = label or _local(relationship).info.get("label")
        owner = relationship.mapper.class_
    found = _of_column(owner, attribute) or _of_relation(owner, attribute) or _of_fact(owner, attribute)
    if found is None:
        raise UnknownColumn(f"{model.__name__} has no {name!r}")
    return Column(**{**found, "name": name, "model": owner, "path": tuple(path), "attribute": attribute})


def _mapper(model: type[Any]) -> Mapper[Any]:
    try:
        return inspect(model)
    except UnmappedClassError as error:  # pragma: no cover
        raise UnknownColumn(f"{model!r} is not a model") from error


def _relationships(model: type[Any]) -> dict[str, RelationshipProperty[Any]]:
    return dict(_mapper(model).relationships)


def _local(relationship: RelationshipProperty[Any]) -> Any:
    """The foreign key's own column: among composite keys, the one that is not the partner's."""
    columns = [c for c in relationship.local_columns if c.name != "partner_id"]
    return columns[0] if columns else next(iter(relationship.local_columns))


def _of_column(model: type[Any], name: str) -> dict[str, Any] | None:
    mapped = _mapper(model).attrs.get(name)
    if not isinstance(mapped, ColumnProperty):
        return None
    source = mapped.columns[0]
    # What the database computes (a column_property) carries its label on the property, and nobody types it.
    stored = isinstance(source, TableColumn)
    default = source.default if stored else None
    info = source.info if stored else mapped.info
    kind = info.get("kind") or next((word for type_, word in KINDS if isinstance(source.type, type_)), "text")
    return {
        "label": info.get("label", name), "help": info.get("help", ""), "kind": kind,
        "required": stored and not source.nullable and default is None and kind != "boolean",
        "choices": getattr(source.type, "choices", None), "length": getattr(source.type, "length", None),
        "places": getattr(source.type, "places", 2), "unit": getattr(source.type, "unit", ""),
        "begins": default.arg if default is not None and default.is_scalar else None,
        "special": info.get("sensitivity") in SPECIAL,
    }  # fmt: skip


def _of_relation(model: type[Any], name: str) -> dict[str, Any] | None:
    relationship = _relationships(model).get(name)
    if relationship is None or relationship.uselist:
        return None
    source = _local(relationship)
    return {
        "label": source.info.get("label", name), "help": source.info.get("help", ""), "kind": "relation",
        "required": not source.nullable, "target": relationship.mapper.class_,
    }  # fmt: skip


def _of_fact(model: type[Any], name: str) -> dict[str, Any] | None:
    stated = next((vars(base)[name] for base in model.__mro__ if name in vars(base)), None)
    if not isinstance(stated, Fact):
        return None
    return {"label": stated.label, "help": "", "kind": "fact"}


def columns(model: type[Any], names: Iterator[str] | Any) -> list[Column]:
    """The columns of several names."""
    return [column(model, name) for name in names]

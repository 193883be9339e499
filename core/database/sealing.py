"""Values that the database holds sealed: who reads it alone, or a copy of it, reads nothing of them.

AES-256-GCM with a key that stands apart from the database. A sealed text says by which key it was closed,
and opens only in the very place it was closed for: table, column and row. See docs/decisions/0008.
"""

import base64
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Column, Engine, Table, and_, inspect, not_, or_, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from core.config import WrongSetting
from core.database.model import metadata

FORM = "v1"
NONCE = 12
SEALED = "sealed"


class CannotOpen(Exception):  # noqa: N818
    """The text was closed by another key, for another place, or was changed since."""


@dataclass(frozen=True)
class Seals:
    """The keys of one installation: the first closes, each opens what it closed."""

    keys: Sequence[bytes] = field(default=(), repr=False)

    @property
    def names(self) -> list[str]:
        """What sealed texts call the keys: the beginning of their fingerprints."""
        return [name_of(key) for key in self.keys]

    def close(self, text: str, place: str) -> str:
        """The text as the database may hold it in this place."""
        if not self.keys:
            raise WrongSetting("GENERAZIONI_FIELD_KEYS is missing: make one with `openssl rand -hex 32`")
        nonce = os.urandom(NONCE)
        closed = AESGCM(self.keys[0]).encrypt(nonce, text.encode(), place.encode())
        return ".".join((FORM, name_of(self.keys[0]), _written(nonce), _written(closed)))

    def open(self, sealed: str, place: str) -> str:
        """The text that was closed for this place."""
        try:
            form, name, nonce, closed = sealed.split(".")
            key = dict(zip(self.names, self.keys, strict=True))[name]
            if form != FORM:
                raise CannotOpen("it has another form")
            return AESGCM(key).decrypt(_read(nonce), _read(closed), place.encode()).decode()
        except (ValueError, KeyError, InvalidTag) as error:
            raise CannotOpen("it was closed by another key, for another place, or was changed") from error


def name_of(key: bytes) -> str:
    """How sealed texts call a key."""
    return hashlib.sha256(b"generazioni field key " + key).hexdigest()[:8]


def seal(session: Session, record: Any, name: str, text: str) -> None:
    """Keep the text sealed in a column of the record."""
    record.id = record.id or uuid7()
    setattr(record, name, _seals(session).close(text, place_of(type(record).__table__.columns[name], record.id)))


def unseal(session: Session, record: Any, name: str) -> str:
    """The text that a column of the record holds sealed; `CannotOpen` when it was not closed for it."""
    return _seals(session).open(getattr(record, name), place_of(type(record).__table__.columns[name], record.id))


def place_of(column: Column[Any], key: UUID) -> str:
    """Where a sealed text belongs: moved to another row or column it does not open."""
    return f"{column.table.name}|{column.name}|{key}"


def sealed_columns() -> list[Column[Any]]:
    """Every column that holds sealed texts, of the core and of the plugins that are loaded."""
    return [c for table in metadata.sorted_tables for c in table.columns if c.info.get("kind") == SEALED]


def closed_otherwise(column: Column[Any], names: Sequence[str]) -> Any:
    """The condition of rows whose text was closed by none of these keys."""
    return and_(column.startswith(f"{FORM}."), *(not_(column.startswith(f"{FORM}.{name}.")) for name in names))


def refuse_foreign_seals(engine: Engine, seals: Seals) -> None:
    """Raise `WrongSetting` when the database holds what none of the keys opens: the wrong key, or none, was given."""
    with engine.execution_options(generazioni_writes=False).connect() as connection:
        there = inspect(connection)
        for column in sealed_columns():
            table: Any = column.table
            if column.name not in {found["name"] for found in _columns_of(there, table)}:
                continue  # the migration that makes it has not run yet
            one = connection.execute(select(column).where(closed_otherwise(column, seals.names)).limit(1)).scalar()
            if one is not None:
                raise WrongSetting(
                    f"{table.name} holds data sealed with the key {one.split('.')[1]}, which is not among "
                    "GENERAZIONI_FIELD_KEYS: add that key after the first one, then run `generazioni keys rotate`"
                )


def _columns_of(there: Any, table: Table) -> list[Any]:
    return there.get_columns(table.name) if there.has_table(table.name) else []


@dataclass(frozen=True)
class Rotated:
    """What one step of a rotation did: texts closed again, texts that no key opens, and where the next step begins."""

    closed: int
    broken: int
    last: UUID | None


def rotate_some(session: Session, column: Column[Any], *, after: UUID | None, at_once: int) -> Rotated:
    """Close some texts of a column again with the first key, in the order of their rows.

    What is done already is not looked at again, so a rotation that was killed simply begins anew. A text that
    does not open was moved or changed: it stays as it is, for whoever looks into it, and holds nobody up.
    """
    table: Any = column.table
    seals, broken = _seals(session), 0
    rows = select(table.c.id, column).where(_closed_before(column, seals), table.c.id > (after or UUID(int=0)))
    found = session.execute(rows.order_by(table.c.id).limit(at_once).with_for_update()).all()
    for key, sealed in found:
        place = place_of(column, key)
        try:
            closed = seals.close(seals.open(sealed, place), place)
        except CannotOpen:
            broken += 1
            continue
        session.execute(table.update().where(table.c.id == key).values({column.name: closed}))
    return Rotated(len(found) - broken, broken, found[-1][0] if found else None)


def _closed_before(column: Column[Any], seals: Seals) -> Any:
    """Closed by a key that we have, but not by the first."""
    return or_(False, *(column.startswith(f"{FORM}.{name}.") for name in seals.names[1:]))


def _seals(session: Session) -> Seals:
    found: Seals = session.info["seals"]
    return found


def _written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _read(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

"""Municipalities and states: loaded from what is shipped, found by the code of a birthplace."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from core.language.matching import normalise
from core.places import reference
from core.places.models import Country, Municipality

CHUNK = 2000
Row = dict[str, Any]


def born_in(session: Session, code: str, on: date) -> Municipality | Country | None:
    """What a code of birthplace meant on a day: a municipality as it then was, or a state."""
    if code.startswith("Z"):
        return next(iter(_numbered(session, code, Country)), None)
    named = _numbered(session, code, Municipality)
    return next((found for found in named if found.existed_on(on)), named[-1] if named else None)


def _numbered(session: Session, code: str, model: Any) -> list[Any]:
    """What bore a code, the oldest first; asked once a session, since files write few codes many times."""
    asked = session.info.setdefault("places by code", {})
    if code not in asked:
        wanted = select(model).where(model.belfiore == code)
        with session.no_autoflush:  # people who wait to be written together go on waiting
            asked[code] = list(session.scalars(wanted.order_by(model.valid_from) if model is Municipality else wanted))
    found: list[Any] = asked[code]
    return found


def load_reference(session: Session, *, only: Collection[str] | None = None) -> int:
    """Bring municipalities and states up to what is shipped and say how many rows changed.

    `only` keeps to some cadastral codes, as tests do.
    """

    def wanted(rows: Iterable[Row]) -> list[Row]:
        return [row | {"search": normalise(row["name"])} for row in rows if only is None or row["belfiore"] in only]

    municipalities = _level(session, Municipality, ("belfiore", "valid_from"), wanted(reference.municipalities()))
    return municipalities + _level(session, Country, ("belfiore",), wanted(reference.states()))


def _level(session: Session, model: type[Any], key: tuple[str, ...], rows: list[Row]) -> int:
    """Insert what is missing and update what differs, without the unit of work: they are 20,000 rows."""
    if not rows:
        return 0
    table: Table = model.__table__
    names = list(rows[0])
    kept = session.execute(select(table.c.id, *(table.c[name] for name in names))).mappings()
    there = {tuple(row[name] for name in key): row for row in kept}
    new, changed = [], []
    for row in rows:
        found = there.get(tuple(row[name] for name in key))
        if found is None:
            new.append(row | {"version": 1})
        elif any(found[name] != row[name] for name in names):
            changed.append({f"new_{name}": row[name] for name in names} | {"key": found["id"]})
    for start in range(0, len(new), CHUNK):
        session.execute(insert(table), new[start : start + CHUNK])
    if changed:
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        session.execute(update(table).where(table.c.id == bindparam("key")).values(values), changed)
    return len(new) + len(changed)

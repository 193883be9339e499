"""What a transaction changes and reads, noticed as it happens and written as lines of the audit trail."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Column, delete, event, inspect, select
from sqlalchemy.orm import Mapper, Session, SessionTransaction
from uuid_utils.compat import uuid7

from core.database.field import SPECIAL, Choice, now
from core.database.ownership import Between
from core.database.scope import ScopedSession, owner_column, scope_of
from core.database.trail import BEGINNING, Act, ChainHead, Change, Told, chained, new_told, seal

UNTOLD = {"id", "version", "created_at", "search", "sort_name"}
UNSHOWN = {"secret", "sealed"}
HIDDEN = "•••"


class Noticed(NamedTuple):
    """A change that a transaction made, before its line is written."""

    entity: str
    key: UUID
    owner: UUID | None
    act: Act
    fields: dict[str, Any]
    facts: dict[str, Any] = {}  # noqa: RUF012  nobody writes on it


@event.listens_for(ScopedSession, "after_flush")
def notice(session: Session, flush_context: Any) -> None:
    """Remember what this flush wrote; the lines are made once, when the transaction ends."""
    noticed = _noticed(session)
    for rows, act in ((session.new, Act.CREATED), (session.dirty, Act.CHANGED), (session.deleted, Act.REMOVED)):
        for row in rows:
            if getattr(row, "__audited__", True) and (fields := _differences(row, act)):
                # What one of two partners does to a row between them is told in its own trail.
                owner = None if isinstance(row, Between) else getattr(row, owner_column(type(row)), None)
                noticed.append(Noticed(row.__tablename__, row.id, owner, act, fields))


def _noticed(session: Session) -> list[Noticed]:
    noticed: list[Noticed] = session.info.setdefault("changes", [])
    return noticed


def add_many(session: Session, model: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Insert many rows in one statement, each with its line in the audit trail.

    For work on thousands of rows: no objects are made of them, so what listens to single rows is not told.
    Keys, versions, moments of creation and what columns begin with are filled in, and the session's partner
    where a row names no owner.
    """
    if not rows:
        return
    mapper = inspect(model)
    owner = owner_column(model)
    begins = {column.key: column.columns[0].default.arg for column in mapper.column_attrs
              if getattr(column.columns[0].default, "is_scalar", False)}  # fmt: skip
    begins |= {"version": 1, "created_at": now(), owner: scope_of(session).partner_id}
    filled = [{"id": uuid7(), **begins, **row} for row in rows]
    session.execute(model.__table__.insert(), filled)
    if not getattr(model, "__audited__", True):
        return
    told = _told(mapper)
    _noticed(session).extend(
        Noticed(model.__tablename__, row["id"], row[owner], Act.CREATED,
                {name: [None, plain(row[name], veiled)] for name, veiled in told.items() if row.get(name) is not None})
        for row in filled
    )  # fmt: skip


def note_updates(session: Session, table: str, updated: Iterable[tuple[UUID, UUID | None, dict[str, Any]]]) -> None:
    """Remember rows that were updated by a statement: each with its key, its owner, and field → [before, after]."""
    _noticed(session).extend(
        Noticed(table, key, owner, Act.CHANGED, {name: list(map(plain, both)) for name, both in fields.items()})
        for key, owner, fields in updated
    )


@event.listens_for(ScopedSession, "after_transaction_create")
def remember(session: Session, begun: SessionTransaction) -> None:
    """Note where a savepoint begins among what was noticed, so that undoing it forgets what came after."""
    if begun.nested:
        session.info.setdefault("savepoints", WeakKeyDictionary())[begun] = len(session.info.get("changes", ()))


@event.listens_for(ScopedSession, "after_soft_rollback")
def unnotice(session: Session, undone: SessionTransaction) -> None:
    """What was undone leaves no line; a savepoint's end forgets nothing of what stands around it."""
    while undone.parent is not None and not undone.nested:  # a flush that failed undoes what stands around it
        undone = undone.parent
    if undone.nested:
        del session.info.get("changes", [])[session.info["savepoints"][undone] :]
    else:
        session.info.pop("changes", None)


def _differences(row: Any, act: Act) -> dict[str, list[Any]]:
    """Field → [before, after] of the columns that changed, in values that JSON can hold."""
    state = inspect(row)
    if act is not Act.CHANGED:
        told = {
            key: plain(value, veiled)
            for key, veiled in _told(state.mapper).items()
            if (value := getattr(row, key)) is not None
        }
        return {key: [None, value] if act is Act.CREATED else [value, None] for key, value in told.items()}
    found = {}
    for key, veiled in _told(state.mapper).items():
        history = state.attrs[key].history
        before, after = (history.deleted[0] if history.deleted else None), getattr(row, key)
        if before != after and history.has_changes():
            found[key] = [plain(before, veiled), plain(after, veiled)]
    return found


@cache
def _told(mapper: Mapper[Any]) -> dict[str, bool]:
    """The columns whose changes are told, and whether their values stay veiled: health and judicial data.

    Only stored ones, without secrets and what follows from others.
    """
    stored = ((column.key, column.columns[0]) for column in mapper.column_attrs if column.key not in UNTOLD)
    return {
        key: column.info.get("sensitivity") in SPECIAL
        for key, column in stored
        if isinstance(column, Column) and column.info.get("kind") not in UNSHOWN
    }


def plain(value: Any, veiled: bool = False) -> Any:  # noqa: FBT001, FBT002  a mark beside the value
    """A value as JSON keeps it: decimals and dates as their exact text; that there is one, when it is veiled."""
    if veiled:
        return None if value is None else HIDDEN
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Choice) else value


def explain(session: Session, reason: str) -> None:
    """Say why the changes of this transaction are made; the reason stands on each of their lines."""
    session.info["reason"] = reason


def note_read(session: Session, row: Any, **facts: Any) -> None:
    """Leave a line that somebody read what a record says; the facts say which fields, what for, on what ground."""
    note_read_of(session, row.__tablename__, row.id, **facts)


def note_read_of(session: Session, table: str, key: UUID, **facts: Any) -> None:
    """As `note_read`, of a record that is named and not at hand."""
    scope = scope_of(session)
    if scope.viewing_as:
        facts["viewing_as"] = scope.viewing_as
    _noticed(session).append(Noticed(table, key, scope.partner_id, Act.READ, {}, facts))


def forget_values(session: Session, entity: str, keys: Iterable[UUID]) -> None:
    """Destroy what the trail tells of some records' values; their lines stay, and one more says that it was done."""
    owner = scope_of(session).partner_id
    _noticed(session).extend(Noticed(entity, key, owner, Act.FORGOTTEN, {}) for key in keys)


def write_lines(session: Session) -> None:
    """Add the noticed changes to the chains of the partners whose rows they are."""
    by_partner: dict[UUID, list[Noticed]] = {}
    # What is to be forgotten comes last: the very changes that erase a record told of it once more.
    for one in sorted(session.info.pop("changes", []), key=lambda noticed: noticed.act is Act.FORGOTTEN):
        partner = one.owner or scope_of(session).partner_id
        if partner is not None:
            by_partner.setdefault(partner, []).append(one)
    for partner in sorted(by_partner):
        _lengthen(session, partner, by_partner[partner])


def _lengthen(session: Session, partner: UUID, noticed: list[Noticed]) -> None:
    head = _head(session, partner)
    scope, moment = scope_of(session), now()
    reason = session.info.get("reason") or scope.reason
    lines, told = [], []
    for sequence, one in enumerate(noticed, start=head.sequence + 1):
        key = uuid7()
        salt, text = new_told({"fields": one.fields, "reason": reason, **one.facts})
        shared = {"id": key, "partner_id": partner, "version": 1, "created_at": moment}
        told.append({**shared, "salt": salt, "text": text})
        lines.append({
            **shared, "sequence": sequence, "at": moment, "actor": scope.actor, "user_id": scope.user_id,
            "address": scope.address, "entity": one.entity, "entity_id": one.key, "act": one.act,
            "digest": seal(salt, text),
        })  # fmt: skip
    head.sequence, head.hash = head.sequence + len(lines), chained(head.hash, lines)
    session.execute(Change.__table__.insert(), lines)  # type: ignore[attr-defined]
    session.execute(Told.__table__.insert(), told)  # type: ignore[attr-defined]
    for one in noticed:
        if one.act is Act.FORGOTTEN:
            _destroy(session, partner, one)
    session.flush()
    session.info.pop("changes", None)


def _destroy(session: Session, partner: UUID, one: Noticed) -> None:
    lines = select(Change.id).where(
        Change.partner_id == partner, Change.entity == one.entity, Change.entity_id == one.key,
        Change.act != Act.FORGOTTEN,
    )  # fmt: skip
    session.execute(delete(Told).where(Told.id.in_(lines)).execution_options(synchronize_session=False))


def _head(session: Session, partner: UUID) -> ChainHead:
    wanted = select(ChainHead).where(ChainHead.partner_id == partner).with_for_update()
    head = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if head is None:
        head = ChainHead(partner_id=partner, sequence=0, hash=BEGINNING)
        session.add(head)
        session.flush()
    return head

"""The audit trail: who changed what, when, from what to what, in lines chained by their hashes."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import JSON, Column, Index, String, event, inspect, select
from sqlalchemy.orm import Mapped, Mapper, Session, SessionTransaction
from uuid_utils.compat import uuid7

from core.database.field import Choice, field, now
from core.database.model import Model
from core.database.ownership import PartnerOwned
from core.database.scope import ScopedSession, scope_of
from core.language import _

UNTOLD = {"id", "version", "created_at", "search", "sort_name"}
UNSHOWN = {"secret", "sealed"}


class Act(Choice):
    """What was done to a record."""

    CREATED = "created", _("Created"), "ok"
    CHANGED = "changed", _("Changed"), "info"
    REMOVED = "removed", _("Removed"), "bad"
    READ = "read", _("Read"), ""


class Change(PartnerOwned, Model):
    """One line of the audit trail; the database refuses to change or delete it."""

    __tablename__ = "audit_change"
    __audited__ = False
    __table_args__ = (
        Index("ix_audit_change_entity", "partner_id", "entity", "entity_id", "sequence"),
        Index("ix_audit_change_sequence", "partner_id", "sequence", unique=True),
    )

    sequence: Mapped[int] = field(_("Line"))
    at: Mapped[datetime] = field(_("When"))
    actor: Mapped[str] = field(_("Who"))
    user_id: Mapped[UUID | None] = field(_("User"))
    address: Mapped[str] = field(_("Address"), String(45))
    entity: Mapped[str] = field(_("What"), String(80))
    entity_id: Mapped[UUID] = field(_("Record"))
    act: Mapped[Act] = field(_("Act"), Act)
    fields: Mapped[dict[str, Any]] = field(_("Fields"), JSON)
    reason: Mapped[str] = field(_("Reason"), String(500))
    previous: Mapped[str] = field(_("Previous hash"), String(64))
    hash: Mapped[str] = field(_("Hash"), String(64))


class ChainHead(PartnerOwned, Model):
    """The last line of a partner's trail; its row is locked while lines are added."""

    __tablename__ = "audit_head"
    __audited__ = False
    __table_args__ = (Index("ix_audit_head_partner", "partner_id", unique=True),)

    sequence: Mapped[int] = field(_("Line"), default=0)
    hash: Mapped[str] = field(_("Hash"), String(64), default="")


class Noticed(NamedTuple):
    """A change that a transaction made, before its line is written."""

    entity: str
    key: UUID
    owner: UUID | None
    act: Act
    fields: dict[str, Any]


@event.listens_for(ScopedSession, "after_flush")
def notice(session: Session, flush_context: Any) -> None:
    """Remember what this flush wrote; the lines are made once, when the transaction ends."""
    noticed = _noticed(session)
    for rows, act in ((session.new, Act.CREATED), (session.dirty, Act.CHANGED), (session.deleted, Act.REMOVED)):
        for row in rows:
            if getattr(row, "__audited__", True) and (fields := _differences(row, act)):
                owner = getattr(row, "partner_id", None) or getattr(row, "registered_by_id", None)
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
    owner = "partner_id" if issubclass(model, PartnerOwned) else "registered_by_id"
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
                {name: [None, plain(row[name])] for name in told if row.get(name) is not None})
        for row in filled
    )  # fmt: skip


@event.listens_for(ScopedSession, "after_transaction_create")
def remember(session: Session, begun: SessionTransaction) -> None:
    """Note where a savepoint begins among what was noticed, so that undoing it forgets what came after."""
    if begun.nested:
        session.info.setdefault("savepoints", WeakKeyDictionary())[begun] = len(session.info.get("changes", ()))


@event.listens_for(ScopedSession, "after_soft_rollback")
def forget(session: Session, undone: SessionTransaction) -> None:
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
        told = {key: plain(value) for key in _told(state.mapper) if (value := getattr(row, key)) is not None}
        return {key: [None, value] if act is Act.CREATED else [value, None] for key, value in told.items()}
    found = {}
    for key in _told(state.mapper):
        history = state.attrs[key].history
        before, after = (history.deleted[0] if history.deleted else None), getattr(row, key)
        if before != after and history.has_changes():
            found[key] = [plain(before), plain(after)]
    return found


@cache
def _told(mapper: Mapper[Any]) -> tuple[str, ...]:
    """The columns whose changes are told: stored ones, but for secrets and what follows from others."""
    stored = ((column.key, column.columns[0]) for column in mapper.column_attrs if column.key not in UNTOLD)
    return tuple(key for key, column in stored if isinstance(column, Column) and column.info.get("kind") not in UNSHOWN)


def plain(value: Any) -> Any:
    """A value as JSON keeps it: decimals and dates as their exact text."""
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Choice) else value


def explain(session: Session, reason: str) -> None:
    """Say why the changes of this transaction are made; the reason stands on each of their lines."""
    session.info["reason"] = reason


def write_lines(session: Session) -> None:
    """Add the noticed changes to the chains of the partners whose rows they are."""
    by_partner: dict[UUID, list[Noticed]] = {}
    for one in session.info.pop("changes", []):
        partner = one.owner or scope_of(session).partner_id
        if partner is not None:
            by_partner.setdefault(partner, []).append(one)
    for partner in sorted(by_partner):
        _lengthen(session, partner, by_partner[partner])


def _lengthen(session: Session, partner: UUID, noticed: list[Noticed]) -> None:
    head = _head(session, partner)
    scope, moment = scope_of(session), now()
    reason = session.info.get("reason") or scope.reason
    lines = []
    for one in noticed:
        line: dict[str, Any] = {
            "partner_id": partner, "sequence": head.sequence + 1, "at": moment, "actor": scope.actor,
            "user_id": scope.user_id, "address": scope.address, "entity": one.entity, "entity_id": one.key,
            "act": one.act, "fields": one.fields, "reason": reason, "previous": head.hash, "version": 1,
        }  # fmt: skip
        line["hash"] = digest(line)
        head.sequence, head.hash = head.sequence + 1, line["hash"]
        lines.append(line)
    session.execute(Change.__table__.insert(), lines)  # type: ignore[attr-defined]
    session.flush()
    session.info.pop("changes", None)


def _head(session: Session, partner: UUID) -> ChainHead:
    wanted = select(ChainHead).where(ChainHead.partner_id == partner).with_for_update()
    head = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if head is None:
        head = ChainHead(partner_id=partner, sequence=0, hash="")
        session.add(head)
        session.flush()
    return head


def digest(line: dict[str, Any]) -> str:
    """SHA-256 of every column of a line, its predecessor's hash among them."""
    told = {name: plain(value) for name, value in line.items() if name not in {"id", "hash", "version", "created_at"}}
    canonical = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()

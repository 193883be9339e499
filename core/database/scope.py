"""The session's fence: it reads and writes only what its scope may.

PostgreSQL holds the same fence again (policies.py); this one keeps queries small and errors friendly.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Dialect, TypeDecorator, and_, bindparam, event, func, literal, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, with_loader_criteria

from core.database.constraints import refusal_of
from core.database.field import Moment, now
from core.database.ownership import Between, ConsentBound, PartnerOwned, Registered
from core.database.visibility import FACETS, PersonAccess
from core.language import _
from core.refusals import NotFound

ROME = ZoneInfo("Europe/Rome")


@dataclass(frozen=True)
class Scope:
    """Who acts, for which partner, and what they may do; fixed for the life of a session.

    `operator` is work across partners (command line, jobs of the network): it reads all, and
    leaves its `reason` in the audit trail of whatever it writes. `visit_id` is the visit of somebody who
    signed in, `viewing_as` the role that they look at the program as.
    """

    partner_id: UUID | None = None
    user_id: UUID | None = None
    actor: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)
    modules: frozenset[str] = field(default_factory=frozenset)
    operator: bool = False
    reason: str = ""
    address: str = ""
    visit_id: UUID | None = None
    viewing_as: str = ""

    def may(self, permission: str) -> bool:
        """Whether the permission was given; the operator needs none."""
        return self.operator or permission in self.permissions


class ScopedSession(Session):
    """A session that was told its scope when it was opened; without one it refuses to work."""

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write; a constraint that carries a sentence refuses with it."""
        try:
            super().flush(objects)
        except IntegrityError as error:
            if refusal := refusal_of(error):
                raise refusal from error
            raise


def scope_of(session: Session) -> Scope:
    """The scope this session was opened with."""
    scope: Scope = session.info["scope"]
    return scope


def today() -> date:
    """The legal date: the day it is in Italy."""
    return date_in_italy(now())


def date_in_italy(moment: datetime) -> date:
    """The legal date of a moment."""
    return moment.astimezone(ROME).date()


@event.listens_for(ScopedSession, "do_orm_execute")
def read_within_scope(state: ORMExecuteState) -> None:
    """Add the partner's condition to every statement, eager and lazy loads included.

    The criteria go through to the loaders from the top statement and are applied again,
    unpropagated, on relationship loads: the manual's form leaks there.
    """
    scope = scope_of(state.session)
    if state.is_column_load or scope.operator:
        return
    fence = _fence(scope.partner_id, tuple(_kinds(ConsentBound)), onward=not state.is_relationship_load)
    state.statement = state.statement.options(*fence)


@lru_cache(maxsize=2048)  # two for each partner that comes
def _fence(partner: UUID | None, about_people: tuple[type[Any], ...], *, onward: bool) -> tuple[Any, ...]:
    """The conditions of a partner, which every statement carries.

    They hold no moment and no right, only whose rows are asked for: so they are made once for all sessions.
    """
    return (
        with_loader_criteria(
            PartnerOwned, lambda row: row.partner_id == partner, include_aliases=True, propagate_to_loaders=onward
        ),
        with_loader_criteria(
            Between,
            lambda row: or_(row.taker_id == partner, row.giver_id == partner),
            include_aliases=True,
            propagate_to_loaders=onward,
        ),
        *(_open_to(partner, kind, onward=onward) for kind in about_people),
    )


def _kinds(parent: type[Any]) -> Iterator[type[Any]]:
    """The mapped classes of a kind of ownership."""
    for kind in parent.__subclasses__():
        yield kind
        yield from _kinds(kind)


def _open_to(partner: UUID | None, kind: type[Any], *, onward: bool) -> Any:
    """The rows about people that the partner registered, or whose facet is open to it."""
    seen = people_seen_by(partner, kind.facet)

    def is_open(row: Any) -> Any:
        return or_(row.registered_by_id == partner, row.person_id.in_(seen))

    # SQLAlchemy keeps what a function made by the function's code, so that each class has a code of its own name.
    # (An expression in its place is not brought over to the aliases of a join.)
    is_open.__code__ = is_open.__code__.replace(co_name=kind.__name__, co_qualname=kind.__name__)
    return with_loader_criteria(kind, is_open, include_aliases=True, propagate_to_loaders=onward)


def people_seen_by(partner: UUID | None, facet: str = "identity") -> Any:
    """The keys of the people of whom the partner may see a facet now, from the table of accesses."""
    access = PersonAccess.__table__.c
    return select(access.person_id).where(access.partner_id == partner, in_force(access), FACETS[facet](access))


class AskedOn(TypeDecorator[Any]):
    """The legal date when the statement runs, whatever value stands there: conditions are kept longer than a day."""

    impl = Date
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> date:
        return today()


class AskedAt(Moment):
    """The instant when the statement runs, whatever value stands there."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> datetime | None:
        return super().process_bind_param(now(), dialect)


def in_force(access: Any) -> Any:
    """Whether an access holds when it is asked: its days are legal dates, an emergency's end is a moment."""
    day, moment = literal(True, AskedOn()), literal(True, AskedAt())
    return and_(
        access.valid_from <= day,
        or_(access.valid_to.is_(None), access.valid_to >= day),
        or_(access.expires_at.is_(None), access.expires_at > moment),
    )


@event.listens_for(ScopedSession, "before_flush")
def write_within_scope(session: Session, flush_context: Any, instances: Any) -> None:
    """Stamp new rows with the scope's partner, and refuse to write another's."""
    scope = scope_of(session)
    for row in _owned(session.new):
        owner = owner_column(type(row))
        if getattr(row, owner) is None:
            setattr(row, owner, scope.partner_id)
    if scope.operator:
        return
    for row in _owned([*session.new, *session.dirty, *session.deleted]):
        if scope.partner_id not in _owners(row):
            raise NotFound(_("There is nothing here that you may change: it belongs to another partner."))


def _owned(rows: Iterable[Any]) -> Iterable[Any]:
    return (row for row in rows if isinstance(row, PartnerOwned | ConsentBound | Between | Registered))


def owner_column(kind: type[Any]) -> str:
    """The column of an owned table that names whose a row is."""
    if issubclass(kind, Between):
        return "giver_id"
    return "partner_id" if issubclass(kind, PartnerOwned) else "registered_by_id"


def _owners(row: Any) -> tuple[UUID, ...]:
    """Whose rows these are; of the two partners that a row stands between, policies say which may write."""
    return (row.giver_id, row.taker_id) if isinstance(row, Between) else (getattr(row, owner_column(type(row))),)


def rescope(session: Session, scope: Scope) -> None:
    """Go on in the same transaction as who a stranger turned out to be."""
    if scope_of(session).partner_id is not None:
        raise RuntimeError("only a stranger's session becomes somebody's")
    session.info["scope"] = scope
    if session.in_transaction():
        _tell(session.connection(), scope)


@event.listens_for(ScopedSession, "after_begin")
def tell_the_database(session: Session, transaction: SessionTransaction, connection: Any) -> None:
    """Name the partner to PostgreSQL, for this transaction only; a savepoint stands in one that knows it."""
    if not transaction.nested:
        _tell(connection, scope_of(session))


ZONE = func.set_config("timezone", "UTC", True)
TOLD = select(ZONE, *(func.set_config(f"app.{key}", bindparam(key), True) for key in ("partner", "today", "now")))


def _tell(connection: Any, scope: Scope) -> None:
    """The operator is known by its role; a stranger is not named, and policies open nothing to nobody."""
    if connection.dialect.name != "postgresql":
        return
    if scope.operator:
        connection.execute(select(ZONE))
    elif scope.partner_id is not None:
        told = {"partner": str(scope.partner_id), "today": today().isoformat(), "now": now().isoformat()}
        connection.execute(TOLD, told)

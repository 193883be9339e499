"""Whether special data of a record may be read now; when they are, a line of the trail says so.

Asked by whatever shows a value: columns of lists, records and exports, forms, panels, the API. The rules of a
module compute with the values themselves; who shows what they computed asks here first.
"""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Column, inspect, select
from sqlalchemy.orm import Session, object_session

from core.database.changes import note_read_of
from core.database.field import SPECIAL, now
from core.database.scope import scope_of
from core.language import Words, _
from core.special.models import Purpose, ToldPurpose

READ = "special.read"
PEOPLE = "people_person"
# What a line of the trail says that a whole person was looked at for, beside the purposes that are told.
COPY, EMERGENCY, VIEW = "data subject", "emergency", "view"
TOLD, READ_HERE = "purpose", "special_read"


class Told(NamedTuple):
    """A purpose, and what exactly when it is none of the list."""

    purpose: Purpose
    note: str = ""


class Subject(NamedTuple):
    """Whom a record speaks of: a person, or the record itself while it names nobody."""

    table: str
    key: UUID


def special_fields(model: type[Any]) -> frozenset[str]:
    """The fields of a model that are read only with a purpose; what a form merely begins with is no model."""
    if model not in _FIELDS:
        mapper = inspect(model, raiseerr=False)
        stored = ((one.key, one.columns[0]) for one in mapper.column_attrs) if mapper else ()
        special = (k for k, one in stored if isinstance(one, Column) and one.info.get("sensitivity") in SPECIAL)
        _FIELDS[model] = frozenset(special)
    return _FIELDS[model]


_FIELDS: dict[type[Any], frozenset[str]] = {}


def subject_of(record: Any) -> Subject:
    """Whom the record speaks of."""
    person = getattr(record, "person_id", None)
    return Subject(PEOPLE, person) if person else Subject(record.__tablename__, record.id)


def is_withheld(record: Any, *names: str) -> bool:
    """Whether these fields may not be read now. Asking counts as reading them when they may: the trail says it."""
    if not special_fields(type(record)).intersection(names):
        return False
    session = object_session(record)
    if session is None:
        return True
    if scope_of(session).operator:
        return False
    if not scope_of(session).may(READ) or not (session.info.get(TOLD) or _told_in_visit(session)):
        return True  # before asking whom the record speaks of, which may be a question to the database
    told = _told_for(session, subject_of(record).key)
    if told is None:
        return True
    _note(session, record, names, told)
    return False


def _told_for(session: Session, subject: UUID) -> Told | None:
    """The purpose in force for the person: the request's own, or one that this visit told a moment ago."""
    if (of_request := session.info.get(TOLD)) is not None:
        return of_request
    return _told_in_visit(session).get(subject)


def tell_for_request(session: Session, told: Told) -> None:
    """Let a program's request read special data for a purpose of its own."""
    session.info[TOLD] = told


def _told_in_visit(session: Session) -> dict[UUID, Told]:
    """Subject → the purpose in force, of the session's visit; asked once."""
    known: dict[UUID, Told] | None = session.info.get("purposes")
    if known is None:
        scope = scope_of(session)
        known = {}
        if scope.visit_id is not None:
            table: Any = ToldPurpose.__table__
            # On the connection: this is asked while the rows of another question are being read.
            rows = session.connection().execute(
                select(table.c.subject_id, table.c.purpose, table.c.note)
                .where(table.c.partner_id == scope.partner_id, table.c.visit_id == scope.visit_id,
                       table.c.user_id == scope.user_id, table.c.expires_at > now())
                .order_by(table.c.expires_at)
            )  # fmt: skip
            known = {subject: Told(purpose, note or "") for subject, purpose, note in rows}
        session.info["purposes"] = known
    return known


def _note(session: Session, record: Any, names: tuple[str, ...], told: Told) -> None:
    """One line for a person and a transaction, with all that was read of them; the values are not in it."""
    lines: dict[Subject, list[str]] = session.info.setdefault(READ_HERE, {})
    subject = subject_of(record)
    if subject not in lines:
        lines[subject] = []
        note_read_of(
            session, subject.table, subject.key, read=lines[subject], purpose=told.purpose.value, note=told.note
        )
    for name in names:
        if (one := f"{record.__tablename__}.{name}") not in lines[subject]:
            lines[subject].append(one)


def why_withheld(session: Session) -> Words:
    """The sentence that stands in the place of a value."""
    if scope_of(session).may(READ):
        return _("withheld: say what you read it for")
    return _("withheld: your role does not read it")

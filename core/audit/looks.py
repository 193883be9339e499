"""Who looked at a person: readings of special data, copies, emergencies, looks as another role, newest first.

Of one's own partner it says who; of another partner, only which: whom it lets look is between it and its people.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access.models import Role
from core.database import policies
from core.database.merging import keys_of
from core.database.model import metadata
from core.database.scope import scope_of
from core.database.trail import Act, Change, Told
from core.language import Words, _
from core.partners.models import Partner
from core.special.models import Purpose
from core.special.reading import COPY, EMERGENCY, PEOPLE, VIEW

# Readings that are not of single fields, by what they were for.
WHOLE: dict[str, Words] = {
    COPY: _("A copy of all that is kept"),
    EMERGENCY: _("Opened in an emergency"),
    VIEW: _("The page, looked at as another role"),
}
# What other partners read of a person is told to the partner that registered them, and to nobody else: who of them
# it was, and in what words they said what for, stay theirs. Partner by partner, as the trail's index goes.
ELSEWHERE = """
create or replace function audit_looks(person uuid, earlier timestamptz, most integer)
returns table (at timestamptz, partner_id uuid, purpose text, fields text)
language sql stable strict security definer set search_path = public, pg_temp
as $$ select c.at, c.partner_id, t.text::json->>'purpose', t.text::json->>'read'
from partners_partner o join audit_change c on c.partner_id = o.id join audit_told t on t.id = c.id
where o.id <> nullif(current_setting('app.partner', true), '')::uuid
and c.entity = 'people_person' and c.act = 'read' and c.at < earlier
and (c.entity_id = person or c.entity_id in
(select m.merged_id from people_merge m where m.person_id = person and m.undone_at is null))
and exists (select 1 from people_person p where p.id = person
and p.registered_by_id = nullif(current_setting('app.partner', true), '')::uuid)
order by c.at desc limit most $$
"""
SIGNATURE = "audit_looks(uuid, timestamptz, integer)"


@dataclass(frozen=True)
class Look:
    """Somebody looked: `who` is a name, or a partner; `note` what they said, `role` as whom they looked."""

    at: datetime
    who: str
    what: list[Words]
    purpose: Words = ""
    note: str = ""
    role: Words = ""


def install(op: Any) -> None:
    """Make the function on PostgreSQL."""
    policies.answer_over_the_fence(op, SIGNATURE, ELSEWHERE)


def uninstall(op: Any) -> None:
    """Take the function away again."""
    policies.drop_function(op, SIGNATURE)


def looks_at(session: Session, person: Any, *, earlier: datetime, most: int) -> list[Look]:
    """Who looked at the person before a moment, the latest first; other partners only for who registered them."""
    found = _own(session, person, earlier, most)
    if person.registered_by_id == scope_of(session).partner_id:
        found += _elsewhere(session, person, earlier, most)
    return sorted(found, key=lambda look: look.at, reverse=True)[:most]


def _own(session: Session, person: Any, earlier: datetime, most: int) -> list[Look]:
    wanted = (
        select(Change)
        .where(Change.entity == PEOPLE, Change.entity_id.in_(keys_of(person)), Change.act == Act.READ)
        .where(Change.at < earlier).order_by(Change.sequence.desc()).limit(most)
    )  # fmt: skip
    return [_look(line.at, line.actor, line.told.facts if line.told else {}) for line in session.scalars(wanted)]


def _elsewhere(session: Session, person: Any, earlier: datetime, most: int) -> list[Look]:
    rows = _rows_elsewhere(session, person, earlier, most)
    asked = select(Partner).where(Partner.id.in_({row.partner_id for row in rows}))
    names = {partner.id: partner.name for partner in session.scalars(asked)} if rows else {}
    return [_look(row.at, names.get(row.partner_id, ""), {"purpose": row.purpose, "read": row.fields}) for row in rows]


class _Row(NamedTuple):
    at: datetime
    partner_id: UUID
    purpose: str
    fields: list[str]


def _rows_elsewhere(session: Session, person: Any, earlier: datetime, most: int) -> list[_Row]:
    if session.get_bind().dialect.name == "postgresql":
        told = func.audit_looks(person.id, earlier, most).table_valued("at", "partner_id", "purpose", "fields")
        rows = session.execute(select(told)).all()
        return [_Row(at, partner, purpose or "", json.loads(fields or "[]")) for at, partner, purpose, fields in rows]
    # On the tables and not on the models: the session's fence does not reach them.
    line, text = Change.__table__.c, Told.__table__.c
    wanted = (
        select(line.at, line.partner_id, text.text).join_from(Change.__table__, Told.__table__, text.id == line.id)
        .where(line.partner_id != scope_of(session).partner_id, line.entity == PEOPLE, line.act == Act.READ)
        .where(line.entity_id.in_(keys_of(person)), line.at < earlier).order_by(line.at.desc()).limit(most)
    )  # fmt: skip
    facts = [(at, partner, json.loads(told)) for at, partner, told in session.execute(wanted)]
    return [_Row(at, partner, told.get("purpose", ""), told.get("read", [])) for at, partner, told in facts]


def _look(at: datetime, who: str, facts: Mapping[str, Any]) -> Look:
    """A reading in words; what it told may have been erased since."""
    purpose, read = facts.get("purpose", ""), facts.get("read")
    what = [_label(one) for one in read] if read else [WHOLE.get(purpose, _("Something of what is kept"))]
    said = Purpose(purpose).label if purpose in set(Purpose) else ""
    role = Role(facts["viewing_as"]).label if facts.get("viewing_as") else ""
    return Look(at, who, what, purpose=said, note=facts.get("note", ""), role=role)


def _label(field: str) -> Words:
    """The label of a table's field; the bare name of one that is no more."""
    table, _dot, name = field.partition(".")
    here = metadata.tables.get(table)
    column = here.columns.get(name) if here is not None else None
    label: Words = column.info.get("label", name) if column is not None else name
    return label

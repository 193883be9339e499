"""What the trail tells of a record can be destroyed, and the chain holds; nothing else can be."""

import pytest
from sqlalchemy import select, text

from core.database.changes import explain, forget_values
from core.database.trail import Act
from core.organisations.models import Organisation


def test_values_go_and_the_chain_holds(trail):
    lines = trail.lengthen(6)
    with trail.database.transaction(trail.scope) as session:
        explain(session, "Asked for on 3 November")
        record = session.get_one(Organisation, lines[2].entity_id)
        record.name = "Another name"
        session.flush()
        forget_values(session, Organisation.__tablename__, [record.id])

    of_record = [line for line in trail.lines() if line.entity_id == lines[2].entity_id]
    assert [(line.act, line.fields) for line in of_record] == [
        (Act.CREATED, {}), (Act.CHANGED, {}), (Act.FORGOTTEN, {}),
    ]  # fmt: skip
    assert of_record[-1].reason == "Asked for on 3 November"
    assert all(line.fields for line in trail.lines() if line.entity_id != lines[2].entity_id)
    assert trail.broken_at() is None


def test_what_is_written_after_is_told_again_and_may_not_be_taken_away(trail):
    lines = trail.lengthen(2)
    with trail.database.transaction(trail.scope) as session:
        forget_values(session, Organisation.__tablename__, [lines[0].entity_id])
    with trail.database.transaction(trail.scope) as session:
        session.get_one(Organisation, lines[0].entity_id).name = "Afterwards"

    last = trail.lines()[-1]
    assert last.fields["name"][1] == "Afterwards"
    with (
        trail.database.session(trail.scope) as session,
        pytest.raises(Exception, match=r"append-only|permission denied"),
    ):
        session.execute(text("delete from audit_told where id = :key"), {"key": _key(session, last.id)})


def test_nobody_forgets_what_another_partner_wrote(trail, neighbour):
    lines = trail.lengthen(2)
    other = type(trail)(trail.database, trail.settings, neighbour)
    with other.database.transaction(other.scope) as session:
        forget_values(session, Organisation.__tablename__, [lines[0].entity_id])

    assert all(line.fields for line in trail.lines())
    assert [line.act for line in other.lines()] == [Act.FORGOTTEN]


def test_a_refused_erasure_forgets_nothing(trail):
    lines = trail.lengthen(2)
    with trail.database.session(trail.scope) as session:
        forget_values(session, Organisation.__tablename__, [lines[0].entity_id])
        session.rollback()

    assert [line.fields["name"][1] for line in trail.lines()] == ["Group 0", "Group 1"]


def _key(session, value):
    return value.hex if session.get_bind().dialect.name == "sqlite" else value


def test_the_record_itself_stays(trail):
    lines = trail.lengthen(1)
    with trail.database.transaction(trail.scope) as session:
        forget_values(session, Organisation.__tablename__, [lines[0].entity_id])

    with trail.database.session(trail.scope, writes=False) as session:
        assert session.scalars(select(Organisation.name)).all() == ["Group 0"]

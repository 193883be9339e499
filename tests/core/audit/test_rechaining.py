"""An installation that kept its trail in the older form keeps every line of it, chained anew."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import MetaData, Table, select
from uuid_utils.compat import uuid7

from core.audit.verifying import first_break
from core.config import read_settings
from core.database import migrate
from core.database.scope import Scope
from core.database.session import Database, make_engine
from core.database.trail import Change

BEFORE = "core_0009"
COUNT = 2300  # more than the migration treats at once


@pytest.fixture
def urls(server):
    made = server.fresh()
    migrate.upgrade(made.owner, [migrate.core_line()])
    migrate.downgrade(made.owner, migrate.core_line(), BEFORE)
    yield made
    server.drop(made)


def test_lines_written_in_the_older_form_are_chained_and_tell_the_same(urls, tmp_path):
    partners = [write_old_lines(urls, code, COUNT) for code in ("QUERCIA", "PONTE")]

    migrate.upgrade(urls.owner, [migrate.core_line()])

    settings = read_settings({"GENERAZIONI_VAR": str(tmp_path)})
    database = Database(replace(settings, database_url=urls.app, operator_database_url=urls.operator))
    with database.session(Scope(operator=True, reason="tests"), writes=False) as session:
        for partner in partners:
            assert first_break(session, partner) is None
            lines = session.scalars(select(Change).where(Change.partner_id == partner).order_by(Change.sequence)).all()
            assert [line.fields["name"] for line in lines] == [[None, f"Città {n}"] for n in range(1, COUNT + 1)]
            assert {line.reason for line in lines} == {"Dall’inizio"}
    database.close()

    migrate.downgrade(urls.owner, migrate.core_line(), BEFORE)
    engine = make_engine(urls.operator)
    with engine.connect() as connection:
        table = Table("audit_change", MetaData(), autoload_with=connection)
        found = connection.execute(select(table).where(table.c.partner_id == partners[0]).order_by(table.c.sequence))
        back = found.mappings().all()
    engine.dispose()
    assert [line["fields"] for line in back] == [{"name": [None, f"Città {n}"]} for n in range(1, COUNT + 1)]
    assert all(after["previous"] == before["hash"] for before, after in pairwise(back))


def test_a_trail_that_was_broken_before_is_said_to_be(urls, caplog):
    partner = write_old_lines(urls, "QUERCIA", 5, broken=3)

    migrate.upgrade(urls.owner, [migrate.core_line()])

    assert f"the trail of partner {partner} was broken already at line 3" in caplog.text


def write_old_lines(urls, code, count, broken=0) -> UUID:
    """A partner with lines as the program wrote them before."""
    engine, partner, moment = make_engine(urls.operator), uuid7(), datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    tables = MetaData()
    with engine.begin() as connection:
        tables.reflect(connection, only=["partners_partner", "audit_change", "audit_head"])
        connection.execute(tables.tables["partners_partner"].insert(), {
            "id": _key(engine, partner), "code": code, "name": code, "kind": "other", "language": "it", "active": True,
            "accessibility_url": "", "privacy_url": "", "version": 1, "created_at": moment,
        })  # fmt: skip
        previous, lines = "", []
        for n in range(1, count + 1):
            line = {
                "partner_id": partner, "sequence": n, "at": moment, "actor": "Luca Neri", "user_id": None,
                "address": "", "entity": "organisations_organisation", "entity_id": uuid7(), "act": "created",
                "fields": {"name": [None, f"Città {n}"]}, "reason": "Dall’inizio", "previous": previous,
            }  # fmt: skip
            told = {name: _plain(value) for name, value in line.items()}
            canonical = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
            previous = hashlib.sha256(canonical.encode()).hexdigest()
            lines.append({
                **line, "id": _key(engine, uuid7()), "hash": "0" * 64 if n == broken else previous, "version": 1,
                "created_at": moment, "partner_id": _key(engine, partner), "entity_id": _key(engine, line["entity_id"]),
            })  # fmt: skip
        connection.execute(tables.tables["audit_change"].insert(), lines)
        connection.execute(tables.tables["audit_head"].insert(), {
            "id": _key(engine, uuid7()), "partner_id": _key(engine, partner), "sequence": count, "hash": previous,
            "version": 1, "created_at": moment,
        })  # fmt: skip
    engine.dispose()
    return partner


def _plain(value):
    return value.isoformat() if isinstance(value, datetime) else str(value) if isinstance(value, UUID) else value


def _key(engine, value):
    return value.hex if engine.dialect.name == "sqlite" else value

"""Migrations tell the whole story, both ways; PostgreSQL guards every owned table."""

import pytest
from sqlalchemy import inspect, text

from core.database import migrate
from core.database.ownership import Between, ConsentBound, PartnerOwned, Registered
from core.database.session import make_engine
from core.testing.conformance.declarations import MODELS
from core.testing.conformance.installed import INSTALLATION
from core.testing.subjects import is_tested

LINES = INSTALLATION.lines()
TESTED = [line for line in LINES if is_tested("" if line.key == "core" else line.key)]


@pytest.mark.parametrize("line", TESTED, ids=lambda line: line.key)
def test_the_migrations_say_all_that_the_models_say(server, line):
    urls = server.fresh()
    migrate.upgrade(urls.owner, LINES)
    engine = make_engine(urls.owner)

    assert migrate.differences(engine, line) == []
    engine.dispose()
    server.drop(urls)


def test_migrations_go_back_to_nothing_and_come_again(server):
    urls = server.fresh()
    migrate.upgrade(urls.owner, LINES)

    for line in reversed(LINES):
        migrate.downgrade(urls.owner, line)
    engine = make_engine(urls.owner)
    left = {name for name in inspect(engine).get_table_names() if not name.startswith("alembic_version")}
    engine.dispose()
    again = migrate.upgrade(urls.owner, LINES)

    assert left == set()
    assert again == [line.key for line in LINES]
    server.drop(urls)


def test_an_upgrade_that_has_nothing_to_do_does_nothing(server):
    urls = server.fresh()
    migrate.upgrade(urls.owner, LINES)

    assert migrate.upgrade(urls.owner, LINES) == []
    server.drop(urls)


@pytest.mark.postgresql
def test_every_owned_table_is_behind_the_wall(postgresql_cluster):
    urls = postgresql_cluster.fresh()
    migrate.upgrade(urls.owner, LINES)
    engine = make_engine(urls.owner)
    with engine.connect() as connection:
        rows = connection.execute(text("select relname, relrowsecurity and relforcerowsecurity from pg_class"))
        guarded: dict[str, bool] = dict(rows.tuples().all())
        policies = set(connection.execute(text("select tablename from pg_policies")).scalars())
    engine.dispose()
    owned = {m.__tablename__ for m in MODELS if issubclass(m, PartnerOwned | ConsentBound | Between | Registered)}

    assert {table for table in owned if not guarded[table]} == set()
    assert owned <= policies
    postgresql_cluster.drop(urls)


@pytest.mark.postgresql
def test_without_the_sessions_fence_the_wall_still_holds(postgresql_cluster):
    """A connection of the serving role that names no partner sees nothing of anybody's."""
    urls = postgresql_cluster.fresh()
    migrate.upgrade(urls.owner, LINES)
    owner, app = make_engine(urls.operator), make_engine(urls.app)
    with owner.begin() as connection:
        connection.execute(text(
            "insert into partners_partner (id, code, name, kind, language, active, version, created_at,"
            " accessibility_url, privacy_url) values"
            " (gen_random_uuid(), 'A', 'A', 'other', 'it', true, 1, now(), '', '')"
        ))  # fmt: skip
        connection.execute(text(
            "insert into partners_module (id, partner_id, key, enabled, changed_at, version, created_at)"
            " select gen_random_uuid(), id, 'housing', true, now(), 1, now() from partners_partner"
        ))  # fmt: skip
    with app.connect() as connection:
        seen = connection.execute(text("select count(*) from partners_module")).scalar_one()
    with owner.connect() as connection:
        there = connection.execute(text("select count(*) from partners_module")).scalar_one()
    owner.dispose()
    app.dispose()

    assert (seen, there) == (0, 1)
    postgresql_cluster.drop(urls)

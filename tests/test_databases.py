"""The databases that the other tests stand on."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from core.testing import postgresql
from core.testing.databases import DatabaseUrls, PostgresqlCluster, Server


def run(url: str, statement: str) -> object:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            result = connection.execute(text(statement))
            return result.scalar() if result.returns_rows else None
    finally:
        engine.dispose()


def with_a_home(urls: DatabaseUrls) -> None:
    run(urls.owner, "create table home (rooms integer)")
    run(urls.owner, "insert into home values (3)")


def test_a_template_is_prepared_once_and_copied_often(server: Server) -> None:
    prepared: list[DatabaseUrls] = []
    for _ in range(2):
        template = server.template("homes", lambda urls: prepared.append(urls) or with_a_home(urls))
    first, second = server.fresh(template), server.fresh(template)

    run(first.owner, "delete from home")

    assert len(prepared) <= 1
    assert run(first.owner, "select count(*) from home") == 0
    assert run(second.owner, "select rooms from home") == 3


def test_an_empty_database_has_no_tables(empty_database: DatabaseUrls) -> None:
    run(empty_database.owner, "create table home (rooms integer)")

    assert run(empty_database.owner, "select count(*) from home") == 0


@pytest.mark.postgresql
@pytest.mark.parametrize("role", ["app", "operator"])
def test_the_serving_roles_may_not_make_tables(postgresql_cluster: PostgresqlCluster, role: str) -> None:
    urls = postgresql_cluster.fresh()

    with pytest.raises(Exception, match="permission denied for schema public"):
        run(getattr(urls, role), "create table home (rooms integer)")


@pytest.mark.postgresql
def test_no_role_of_the_program_walks_around_policies(postgresql_cluster: PostgresqlCluster) -> None:
    unsafe = "select count(*) from pg_roles where rolname like 'generazioni%' and (rolsuper or rolbypassrls)"

    assert run(postgresql_cluster.fresh().app, unsafe) == 0


@pytest.mark.postgresql
def test_the_owner_may_add_the_extensions_that_searching_needs(postgresql_cluster: PostgresqlCluster) -> None:
    urls = postgresql_cluster.fresh()

    run(urls.owner, "create extension pg_trgm")

    assert run(urls.owner, "select similarity('Nicolò', 'Nicolo') > 0.5")


def test_without_binaries_the_tests_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(Path, "glob", lambda *_: iter(()))
    monkeypatch.setattr(postgresql, "find_spec", lambda _: None)

    with pytest.raises(postgresql.NoPostgresql, match="apt-get install postgresql"):
        postgresql.find_binaries()

"""Fixtures of registries' tests: a database with every core table, two partners, a session of each."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from core.config import ROOT, Settings, read_settings
from core.database.migrate import Line, core_line, upgrade
from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.partners.models import PartnerKind
from core.partners.services import register_partner
from core.people import models as people  # noqa: F401  who sees a person is asked of its tables
from tests.databases import DatabaseUrls, Server


def make_tables(urls: DatabaseUrls) -> None:
    """Every table as the migrations make it, policies included."""
    upgrade(urls.owner, [core_line(), *plugin_lines()])


def plugin_lines() -> list[Line]:
    folders = sorted(file.parent for file in (ROOT / "plugins").glob("*/manifest.toml"))
    return [Line(f.name, f / "migrations", (f"{f.name}_",)) for f in folders if (f / "migrations").is_dir()]


@pytest.fixture
def settings(server: Server, tmp_path: Path) -> Iterator[Settings]:
    urls = server.fresh(server.template("migrated", make_tables))
    found = read_settings({"GENERAZIONI_VAR": str(tmp_path)})
    yield replace(found, database_url=urls.app, owner_database_url=urls.owner, operator_database_url=urls.operator)
    server.drop(urls)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    opened = Database(settings)
    yield opened
    opened.close()


def new_partner(database: Database, code: str) -> UUID:
    def register(session: ScopedSession) -> UUID:
        return register_partner(session, code=code, name=code.title(), kind=PartnerKind.COOPERATIVE).id

    return database.run(Scope(operator=True, reason="tests"), register)


@pytest.fixture
def partner(database: Database) -> UUID:
    return new_partner(database, "QUERCIA")


@pytest.fixture
def neighbour(database: Database) -> UUID:
    return new_partner(database, "PONTE")


@pytest.fixture
def session(database: Database, partner: UUID, neighbour: UUID) -> Iterator[ScopedSession]:
    with database.session(Scope(partner_id=partner, actor="Luca Neri")) as opened:
        yield opened


@pytest.fixture
def neighbours_session(database: Database, neighbour: UUID) -> Iterator[ScopedSession]:
    with database.session(Scope(partner_id=neighbour, actor="Ada Blu"), writes=False) as opened:
        yield opened

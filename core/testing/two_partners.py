"""A database with every table, two partners, a session of each, and a person whom the first one registered."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from core.config import Settings, read_settings
from core.database.migrate import Line, core_line, upgrade
from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.partners.models import PartnerKind
from core.partners.services import register_partner
from core.people.models import KnownToServices, NoCodiceFiscale, Person, Sex
from core.people.services import register_person
from core.plugins.finding import found
from core.plugins.installation import line_of
from core.plugins.manifest import Manifest
from core.plugins.ordering import in_order
from core.testing.databases import DatabaseUrls, Server


def make_tables(urls: DatabaseUrls) -> None:
    """Every table as the migrations make it, policies included."""
    upgrade(urls.owner, [core_line(), *plugin_lines()])


def plugin_lines() -> list[Line]:
    """The lines of the modules that are here, in order of need; none of their code is imported."""
    chosen = read_settings()
    there = {one.key: one for one in found(chosen)
             if isinstance(one, Manifest) and one.key not in chosen.skip_plugins}  # fmt: skip
    return [line_of(there[key]) for key in in_order(there)[0]]


@pytest.fixture
def settings(server: Server, tmp_path: Path) -> Iterator[Settings]:
    """The program's settings, for a database of its own with every table in it."""
    urls = server.fresh(server.template("migrated", make_tables))
    told = read_settings({"GENERAZIONI_VAR": str(tmp_path)})
    yield replace(told, database_url=urls.app, owner_database_url=urls.owner, operator_database_url=urls.operator)
    server.drop(urls)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """The database as the program opens it."""
    opened = Database(settings)
    yield opened
    opened.close()


def new_partner(database: Database, code: str) -> UUID:
    """A partner of the network; its key."""

    def register(session: ScopedSession) -> UUID:
        return register_partner(session, code=code, name=code.title(), kind=PartnerKind.COOPERATIVE).id

    return database.run(Scope(operator=True, reason="tests"), register)


@pytest.fixture
def partner(database: Database) -> UUID:
    """The partner in whose name a test works."""
    return new_partner(database, "QUERCIA")


@pytest.fixture
def neighbour(database: Database) -> UUID:
    """Another partner, who must see nothing of it."""
    return new_partner(database, "PONTE")


@pytest.fixture
def session(database: Database, partner: UUID, neighbour: UUID) -> Iterator[ScopedSession]:
    """A session in the name of the partner."""
    with database.session(Scope(partner_id=partner, actor="Luca Neri")) as opened:
        yield opened


@pytest.fixture
def neighbours_session(database: Database, neighbour: UUID) -> Iterator[ScopedSession]:
    """A session in the name of the neighbour, to look and not to write."""
    with database.session(Scope(partner_id=neighbour, actor="Ada Blu"), writes=False) as opened:
        yield opened


@pytest.fixture
def person(session: ScopedSession) -> Person:
    """Somebody whom the partner registered."""
    return register_person(
        session, surname="Bonometti", name="Chiara", sex=Sex.FEMALE, birth_date=date(1984, 7, 9),
        known_to_services=KnownToServices.NO, no_codice_fiscale_reason=NoCodiceFiscale.UNAVAILABLE,
    )  # fmt: skip

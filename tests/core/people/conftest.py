"""Two partners of a shared registry, on both databases; on PostgreSQL behind its wall."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations

from core.config import Settings, read_settings
from core.database import policies
from core.database.scope import Scope, ScopedSession
from core.database.session import Database, make_engine
from core.people import known
from core.people.models import KnownToServices, Person, Sex
from core.people.services import register_person
from tests.databases import OPERATOR, OWNER, DatabaseUrls, PostgresqlCluster, Server
from tests.two_partners import database, make_tables, neighbour, partner  # noqa: F401

ABOUT_PEOPLE = (
    "people_household", "people_household_member", "people_relationship", "people_isee_certificate",
    "people_person_tag",
)  # fmt: skip


def make_registry(urls: DatabaseUrls) -> None:
    """Every table, the policies of people's, and the question that looks over the fence."""
    make_tables(urls)
    engine = make_engine(urls.owner)
    with engine.begin() as connection:
        op = Operations(MigrationContext.configure(connection))
        policies.consent_bound(op, "people_person", person="id")
        for table in ABOUT_PEOPLE:
            policies.consent_bound(op, table, person="person_id")
        policies.partner_owned(op, "people_access")
        known.install(op)
    engine.dispose()


def let_owner_become_operator(cluster: PostgresqlCluster) -> None:
    """What an installation grants once, so that a migration may give a function to the operator."""
    with cluster._superuser() as connection:
        connection.execute(f"grant {OPERATOR} to {OWNER}")


@pytest.fixture
def settings(server: Server, tmp_path: Path) -> Iterator[Settings]:
    if isinstance(server, PostgresqlCluster):
        let_owner_become_operator(server)
    urls = server.fresh(server.template("people_registry", make_registry))
    found = read_settings({"GENERAZIONI_VAR": str(tmp_path)})
    yield replace(found, database_url=urls.app, owner_database_url=urls.owner, operator_database_url=urls.operator)
    server.drop(urls)


@pytest.fixture
def session(database: Database, partner: Any, neighbour: Any) -> Iterator[ScopedSession]:  # noqa: F811
    with database.session(Scope(partner_id=partner, actor="Luca Neri")) as opened:
        yield opened


Register = Callable[..., Person]


@pytest.fixture
def register(session: ScopedSession) -> Register:
    """Register somebody ordinary; keywords say what matters to the test."""
    return lambda **given: register_in(session, **given)


def register_in(session: ScopedSession, **given: Any) -> Person:
    ordinary = {
        "surname": "Bonometti", "name": "Chiara", "sex": Sex.FEMALE, "birth_date": date(1984, 7, 9),
        "known_to_services": KnownToServices.NO,
    }  # fmt: skip
    return register_person(session, **(ordinary | given))

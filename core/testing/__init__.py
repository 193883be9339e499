"""A pytest plugin for whoever writes modules: `pytest -p core.testing` (docs/plugin.md).

It offers throw-away databases of both kinds, two partners with a session each, the demo network behind the
whole program with clients signed in, and the conformance tests that every module passes, ours included.
`tested_modules` in pytest's settings names the modules to test; without it, all there are. Nothing that
serves imports this package; what it needs beside pytest is the extra `generazioni[testing]`.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core import language
from core.testing.databases import (
    DatabaseUrls,
    PostgresqlCluster,
    Server,
    SqliteFolder,
    new_folder,
    shared_cluster,
    shared_sqlite_folder,
    throw_away,
)
from core.testing.demo_network import app as app
from core.testing.demo_network import assets as assets
from core.testing.demo_network import client as client
from core.testing.demo_network import client_of as client_of
from core.testing.demo_network import partner_id as partner_id
from core.testing.demo_network import roomier as roomier
from core.testing.subjects import choose
from core.testing.two_partners import database as database
from core.testing.two_partners import neighbour as neighbour
from core.testing.two_partners import neighbours_session as neighbours_session
from core.testing.two_partners import partner as partner
from core.testing.two_partners import person as person
from core.testing.two_partners import session as session
from core.testing.two_partners import settings as settings

DATABASES = pytest.StashKey[Path]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which modules the conformance tests look at."""
    parser.addini("tested_modules", "Keys of the modules to test; none means all", type="args", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """One folder of databases a run: made by the controller, told to the workers.

    Programs that tests start on PostgreSQL have a key for sealed fields, and let the demo's users in by password.
    """
    os.environ.setdefault("GENERAZIONI_FIELD_KEYS", "5e" * 32)
    os.environ.setdefault("GENERAZIONI_SECOND_FACTOR", "optional")
    config.addinivalue_line("markers", "postgresql: needs the throw-away PostgreSQL")
    told = getattr(config, "workerinput", {}).get("databases")
    config.stash[DATABASES] = Path(told) if told else new_folder()
    choose(config.getini("tested_modules"), config.rootpath)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where the run's databases stand."""
    node.workerinput["databases"] = str(node.config.stash[DATABASES])


def pytest_unconfigure(config: pytest.Config) -> None:
    """The controller ends last: it throws the databases away."""
    if not hasattr(config, "workerinput"):
        throw_away(config.stash[DATABASES])


@pytest.fixture(scope="session")
def postgresql_cluster(pytestconfig: pytest.Config) -> PostgresqlCluster:
    """A real PostgreSQL with the roles owner, app and operator; missing binaries fail the test."""
    return shared_cluster(pytestconfig.stash[DATABASES])


@pytest.fixture(scope="session")
def sqlite_folder(pytestconfig: pytest.Config) -> SqliteFolder:
    """Where SQLite files for tests come from."""
    return shared_sqlite_folder(pytestconfig.stash[DATABASES])


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def server(request: pytest.FixtureRequest) -> Server:
    """Both kinds of database in turn."""
    names = {"sqlite": "sqlite_folder", "postgresql": "postgresql_cluster"}
    found: Server = request.getfixturevalue(names[request.param])
    return found


@pytest.fixture(scope="module")
def empty_database(server: Server) -> Iterator[DatabaseUrls]:
    """A database without tables, for one module of tests."""
    urls = server.fresh()
    yield urls
    server.drop(urls)


@pytest.fixture(autouse=True)
def sentences_as_written(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the whole program a sentence is said as the code writes it; pages keep the translations."""
    if "app" not in request.fixturenames:
        monkeypatch.setattr(language, "_catalogues", {})

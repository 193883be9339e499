"""What every test may ask for: throw-away databases, and Chromium for pytest-playwright's `page`."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core import language
from tests.databases import (
    DatabaseUrls,
    PostgresqlCluster,
    Server,
    SqliteFolder,
    new_folder,
    shared_cluster,
    shared_sqlite_folder,
    throw_away,
)

DATABASES = pytest.StashKey[Path]()
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# Without the later ones Chromium looks for its maker's hosts at every start.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_configure(config: pytest.Config) -> None:
    """One folder of databases a run: made by the controller, told to the workers."""
    told = getattr(config, "workerinput", {}).get("databases")
    config.stash[DATABASES] = Path(told) if told else new_folder()


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


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's Chromium, for pytest-playwright; a missing one fails the test."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        pytest.fail("The tests need Chromium: install it (Debian: apt-get install chromium) or run make test as root.")
    return {"executable_path": found, "args": list(QUIET), "headless": True}


@pytest.fixture(autouse=True)
def sentences_as_written(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without catalogues a sentence is said as the code writes it; whole pages keep the translations."""
    whole_pages = {"conformance", "stories"} & {*request.path.parts} or request.path.match("browser/test_pages.py")
    if not whole_pages:
        monkeypatch.setattr(language, "_catalogues", {})

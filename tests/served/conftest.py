"""The demo network behind the real server: two processes of four threads."""

from collections.abc import Iterator

import pytest

from core.config import Settings
from core.database.session import Database
from core.testing.databases import DatabaseUrls, Server
from core.testing.demo_network import make_demo, settings_of
from core.testing.serving import Served, serving


@pytest.fixture(scope="module")
def demo_urls(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DatabaseUrls]:
    urls = server.fresh(server.template("demo", lambda made: make_demo(made, tmp_path_factory.mktemp("var"))))
    yield urls
    server.drop(urls)


@pytest.fixture(scope="module")
def settings(demo_urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings_of(demo_urls, tmp_path_factory.mktemp("var"))


@pytest.fixture(scope="module")
def database(settings: Settings) -> Iterator[Database]:
    """A look of our own into what the server writes."""
    opened = Database(settings)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def served(settings: Settings) -> Iterator[Served]:
    with serving(settings) as running:
        yield running

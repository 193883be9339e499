"""The whole program on the demo network, as its users meet it: the app, and browsers signed in."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.app import create_app
from core.cli.references import load_references
from core.config import ROOT, Settings, read_settings
from core.database.migrate import upgrade
from core.database.scope import Scope
from core.database.session import Database
from core.demo import loader
from core.demo.steps import DemoStep
from core.partners.models import Partner
from core.plugins.loading import load
from core.testing.databases import DatabaseUrls, Server
from core.testing.subjects import is_tested

FRESH_FOR = 120  # seconds: less than the program's own five minutes, for a slow machine's longest test
PASSWORD = loader.PASSWORD
HEAD_OF_TOWN, HEAD_OF_COOPERATIVE, HEAD_OF_ASSOCIATION, AUDITOR = (
    f"{name}@demo.example" for name in ("giulia.ferrari", "sara.bonetti", "teresa.gandini", "davide.sala")
)
# Who runs every module that is tested, and who none.
RUNNING, IDLE = ("MONTICHIARI", "ILPONTE"), "CASAAPERTA"


def settings_of(urls: DatabaseUrls, var: Path) -> Settings:
    """The program's settings for a database of the tests; a broken plugin fails them."""
    told = read_settings(
        {**os.environ, "GENERAZIONI_VAR": str(var), "GENERAZIONI_STRICT": "1", "GENERAZIONI_SECRET_KEY": "k" * 40}
    )
    return replace(told, database_url=urls.app, owner_database_url=urls.owner, operator_database_url=urls.operator)


def make_demo(urls: DatabaseUrls, var: Path) -> None:
    """Load the demo in a process of its own: what ten thousand rows leave in memory is no matter of the tests."""
    code = (
        "from pathlib import Path; from core.testing.databases import DatabaseUrls;"
        " from core.testing.demo_network import load_here"
    )
    call = f"load_here(DatabaseUrls({urls.owner!r}, {urls.app!r}, {urls.operator!r}), Path({str(var)!r}))"
    subprocess.run([sys.executable, "-c", f"{code}; {call}"], check=True, cwd=ROOT)  # noqa: S603  our own code


def load_here(urls: DatabaseUrls, var: Path) -> None:
    """The demo network with the steps of every module; what is tested runs at two partners."""
    settings = settings_of(urls, var)
    installation = load(settings)
    upgrade(urls.owner, installation.lines())
    database = Database(settings)
    operator = Scope(operator=True, actor="tests", reason="tests")
    database.run(operator, load_references)
    steps = [(plugin.key, step) for plugin in installation.working() for step in plugin.declared.demo_steps]
    on = [(plugin.key, DemoStep("", lambda session: None, partners=RUNNING))
          for plugin in installation.working() if is_tested(plugin.key)]  # fmt: skip
    loader.load_demo(database, settings, steps=[*on, *steps])
    database.close()


@pytest.fixture(scope="session")
def assets() -> Path:
    """The front end as `make` builds it; it is not made again for each test."""
    return read_settings().assets


@pytest.fixture(scope="module")
def app(server: Server, tmp_path_factory: pytest.TempPathFactory, assets: Path) -> Iterator[Flask]:
    """The whole program on the demo network."""
    var = tmp_path_factory.mktemp("var")
    if assets.is_dir():
        shutil.copytree(assets, var / "assets")
    urls = server.fresh(server.template("demo", lambda made: make_demo(made, var)))
    made = create_app(settings_of(urls, var))
    yield made
    made.extensions["database"].close()
    server.drop(urls)


@pytest.fixture(scope="module")
def client_of(app: Flask) -> Callable[[str], FlaskClient]:
    """A browser that somebody signed in with; the same one while its sign-in is fresh."""
    clients: dict[str, FlaskClient] = {}
    until: dict[str, float] = {}

    def sign_in(email: str) -> FlaskClient:
        if time.monotonic() >= until.get(email, 0):
            client = app.test_client()
            token = hidden(client.get("/sign-in").text)["csrf_token"]
            answer = client.post("/sign-in", data={"email": email, "password": PASSWORD, "csrf_token": token})
            assert answer.status_code == 303, f"{email} cannot sign in"
            clients[email], until[email] = client, time.monotonic() + FRESH_FOR
        return clients[email]

    return sign_in


@pytest.fixture
def client(client_of: Callable[[str], FlaskClient]) -> FlaskClient:
    """A browser of who heads an organisation that runs the module."""
    return client_of(HEAD_OF_TOWN)


def hidden(page: str) -> dict[str, str]:
    """The hidden inputs of a page that every form sends back."""
    inputs = re.findall(r"<input[^>]*>", page)
    named = ((re.search(r'name="([^"]+)"', i), re.search(r'value="([^"]*)"', i)) for i in inputs if "hidden" in i)
    return {name[1]: value[1] for name, value in named if name and value}


@pytest.fixture(scope="module")
def partner_id(app: Flask) -> Callable[[str], Any]:
    """The key of a demo partner by its code."""

    def of(code: str) -> Any:
        database = app.extensions["database"]
        with database.session(Scope(operator=True, actor="tests", reason="tests"), writes=False) as session:
            return session.scalars(select(Partner.id).where(Partner.code == code)).one()

    return of


@pytest.fixture(scope="session")
def roomier() -> dict[str, int]:
    """Collection → how many questions its pages may ask, where fifteen are too few; a suite says its own."""
    return {}

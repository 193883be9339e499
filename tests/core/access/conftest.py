"""Two partners, somebody who signs in, and passwords that hash fast."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from flask import Flask, g, request
from flask.testing import FlaskClient
from flask_wtf import CSRFProtect
from werkzeug.test import TestResponse

import core.access.models
import core.partners.models  # noqa: F401  its tables
from core.access import gate, passwords
from core.access.members import add_member
from core.access.models import Role, User
from core.access.plugin import permissions, role_presets
from core.access.roles import Rights
from core.access.users import set_password
from core.config import Settings, read_settings
from core.database.scope import Scope, ScopedSession
from core.database.session import Database, finish
from core.language import speaking
from core.testing.databases import Server
from core.testing.two_partners import make_tables, new_partner
from core.web import errors, static_files
from core.web.rendering import make_templates
from core.web.shell import Shell

NOON = datetime(2026, 7, 13, 10, 0, tzinfo=UTC)
PASSWORD = "zattera melograno 7"
DECLARED = {one.key: "" for one in permissions()} | {"people.see": "", "housing.dwellings.see": "housing"}
LABELS = [*permissions(), *(type(permissions()[0])(key, key) for key in ("people.see", "housing.dwellings.see"))]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture(autouse=True)
def fast_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()


@pytest.fixture
def settings(server: Server, tmp_path: Path) -> Iterator[Settings]:
    urls = server.fresh(server.template("migrated", make_tables))
    found = read_settings({"GENERAZIONI_VAR": str(tmp_path), "GENERAZIONI_MAIL_URL": f"file://{tmp_path}/mail"})
    yield replace(found, database_url=urls.app, owner_database_url=urls.owner, operator_database_url=urls.operator)
    server.drop(urls)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    opened = Database(settings)
    yield opened
    opened.close()


@pytest.fixture
def partner(database: Database) -> UUID:
    return new_partner(database, "PONTE")


@pytest.fixture
def neighbour(database: Database) -> UUID:
    return new_partner(database, "QUERCIA")


Join = Callable[..., UUID]


@pytest.fixture
def join(database: Database) -> Join:
    """Make somebody a member of a partner, with a password."""

    def joined(partner: UUID, email: str, *roles: Role, name: str = "Maria Bertoli") -> UUID:
        def work(session: ScopedSession) -> UUID:
            user = add_member(session, email=email, name=name, roles=roles or (Role.OPERATOR,))
            if not user.password_hash:
                set_password(session, user, password=PASSWORD)
            return user.id

        return database.run(Scope(partner_id=partner), work)

    return joined


@pytest.fixture
def maria(join: Join, partner: UUID) -> UUID:
    return join(partner, "maria@ponte.example")


@pytest.fixture
def session(database: Database, partner: UUID, neighbour: UUID, maria: UUID) -> Iterator[ScopedSession]:
    with database.session(Scope(partner_id=partner, actor="Ada Blu")) as opened:
        yield opened


@pytest.fixture
def user(session: ScopedSession, maria: UUID) -> User:
    return session.get_one(User, maria)


@pytest.fixture
def app(database: Database, settings: Settings) -> Flask:
    from core.access.pages import pages  # noqa: PLC0415

    app = Flask(__name__, static_folder=None)
    app.config.update(SETTINGS=settings, SECRET_KEY="k" * 32, WTF_CSRF_ENABLED=False, TESTING=True)
    app.extensions["rights"] = Rights(role_presets(), tuple(LABELS), DECLARED, {"housing": "Housing"})
    CSRFProtect(app)
    make_templates(app, {})
    static_files.register(app)
    errors.register(app)
    app.register_blueprint(pages)
    shell = {
        "network_name": "Rete",
        "version": "1",
        "user_name": "",
        "sign_out_url": "/sign-out",
        "search_url": "/search",
    }
    app.context_processor(lambda: {"shell": Shell(partner_name="", **shell)})  # type: ignore[arg-type]

    @app.before_request
    def open_door() -> Any:
        g.visitor = gate.identify(database, settings)
        g.session = database.session(gate.scope_for(g.visitor, address=request.remote_addr or ""))
        g.scope = gate.fill(g.session, g.visitor, app.extensions["rights"])
        return request.endpoint and gate.check(app.view_functions[request.endpoint], g.scope, g.visitor)

    @app.after_request
    def keep(response: Any) -> Any:
        if "session" in g:
            if response.status_code < 400 or g.get("keep"):
                finish(g.session)
            g.session.close()
        return response

    return app


@pytest.fixture
def client(app: Flask, maria: UUID, neighbour: UUID) -> FlaskClient:
    return app.test_client()


def sign_in(
    client: FlaskClient, email: str = "maria@ponte.example", password: str = PASSWORD, **more: str
) -> TestResponse:
    return client.post("/sign-in", data={"email": email, "password": password, **more})


@pytest.fixture
def head(app: Flask, join: Join, partner: UUID, client: FlaskClient) -> FlaskClient:
    """The browser of the head of the organisation, signed in."""
    join(partner, "ada@ponte.example", Role.ORG_MANAGER, name="Ada Blu")
    signed = app.test_client()
    sign_in(signed, "ada@ponte.example")
    return signed

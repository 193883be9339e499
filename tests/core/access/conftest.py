"""Two partners, somebody who signs in, and passwords that hash fast."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from argon2 import PasswordHasher

import core.access.models
import core.partners.models  # noqa: F401  its tables
from core.access import passwords
from core.access.members import add_member
from core.access.models import Role, User
from core.access.users import set_password
from core.config import Settings, read_settings
from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.language import speaking
from core.partners.models import PartnerKind
from core.partners.services import register_partner
from tests.databases import Server
from tests.two_partners import make_tables

NOON = datetime(2026, 7, 13, 10, 0, tzinfo=UTC)
PASSWORD = "zattera melograno 7"


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


def new_partner(database: Database, code: str) -> UUID:
    def register(session: ScopedSession) -> UUID:
        return register_partner(session, code=code, name=code.title(), kind=PartnerKind.COOPERATIVE).id

    return database.run(Scope(operator=True, reason="tests"), register)


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

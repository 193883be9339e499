"""These tests work in the name of two partners, on both databases."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from tests.core.access.conftest import database, english, neighbour, partner, settings  # noqa: F401


@pytest.fixture
def session(database: Database, partner: UUID, neighbour: UUID) -> Iterator[ScopedSession]:  # noqa: F811
    with database.session(Scope(partner_id=partner)) as opened:
        yield opened


@pytest.fixture
def neighbours_session(database: Database, neighbour: UUID) -> Iterator[ScopedSession]:  # noqa: F811
    with database.session(Scope(partner_id=neighbour), writes=False) as opened:
        yield opened

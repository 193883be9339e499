"""Two partners of a shared registry, on both databases; on PostgreSQL behind its wall."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.people.models import KnownToServices, Person, Sex
from core.people.services import register_person


@pytest.fixture
def session(database: Database, partner: Any, neighbour: Any) -> Iterator[ScopedSession]:
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

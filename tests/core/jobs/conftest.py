"""These tests do jobs in the name of two partners, on both databases."""

import pytest

from core.jobs import declaration
from core.jobs.declaration import JobKind
from tests.desk import Desk


@pytest.fixture(autouse=True)
def only_our_kinds(monkeypatch):
    """Nothing is declared but what a test declares."""
    monkeypatch.setattr(declaration, "_declared", {})


@pytest.fixture
def declare():
    """Declare a kind of job from a function, under a key of its own."""

    def declared(run, *, module="", key="", **rest):
        kind = JobKind(key or f"core.{run.__name__}", run.__name__, run, **rest)
        declaration.declare(module, [kind])
        return kind

    return declared


@pytest.fixture
def desk(database, settings, partner):
    return Desk(database, settings, partner)

"""These tests announce things in the name of two partners, on both databases."""

import pytest

from core.events import declaration as events
from core.jobs import declaration as jobs
from tests.desk import Desk


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch):
    """Nobody listens but who a test makes listen."""
    monkeypatch.setattr(jobs, "_declared", {})
    monkeypatch.setattr(events, "_listening", {})


@pytest.fixture
def desk(database, settings, partner):
    return Desk(database, settings, partner)

"""The tables, two partners, and gardens that can be installed."""

from pathlib import Path

import pytest

from core.database.scope import Scope
from core.plugins.installation import Health, Installation, Plugin
from core.plugins.manifest import read_manifest
from core.testing.two_partners import database, neighbour, neighbours_session, partner, session, settings  # noqa: F401
from tests.gardens import write_package

EVERYTHING = Scope(operator=True, actor="tests", reason="tests")


def house_of(*folders: Path) -> Installation:
    """Plugins as the loader leaves them, without their code: what is done to tables needs none of it."""
    manifests = [read_manifest(folder / "manifest.toml", folder.name) for folder in folders]
    return Installation({one.key: Plugin(one.key, one.folder, one, Health.OK) for one in manifests})


@pytest.fixture
def gardens(tmp_path):
    """The house with gardens of a version."""

    def of(version: int = 1, **told: str) -> Installation:
        return house_of(write_package(tmp_path / f"v{version}", version, **told))

    return of

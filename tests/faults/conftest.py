"""An installation of plugins made by the test, each of which is taken out of the process afterwards."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.config import Settings, read_settings
from core.documents import declaration as documents
from core.events import declaration as events
from core.jobs import declaration as jobs
from core.parameters import declaration as parameters
from core.plugins.checking import withdraw_models
from core.plugins.installation import Installation
from core.plugins.loading import load


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the test's plugins stand."""
    return tmp_path / "made"


@pytest.fixture
def house_settings(tmp_path: Path, folder: Path) -> Settings:
    """A program that knows the test's plugins and no others."""
    told = read_settings({"GENERAZIONI_VAR": str(tmp_path / "var"), "GENERAZIONI_SECRET_KEY": "k" * 40})
    return replace(told, plugin_folders=(folder,))


@pytest.fixture
def start(house_settings: Settings, folder: Path) -> Iterator[Callable[..., Installation]]:
    """Start the program once more with the plugins that are there now."""
    load(replace(house_settings, safe_mode=True))

    def once(**changed: object) -> Installation:
        return load(replace(house_settings, **changed))

    yield once
    for key in [place.name for place in folder.iterdir()]:
        for declared in (parameters, jobs, events, documents):
            declared.forget(key)
        withdraw_models(key, f"{key}_")

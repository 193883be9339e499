"""The gallery of parts as the app that these tests ask."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.browser.gallery.app import make_gallery


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """A signed-in member of the gallery."""
    return make_gallery(tmp_path).test_client()


@pytest.fixture
def stranger(tmp_path: Path) -> FlaskClient:
    """Somebody around whose pages no shell stands."""
    return make_gallery(tmp_path, around=lambda: None).test_client()

"""What our own tests have beside core.testing: Chromium for pytest-playwright's `page`, and sentences as written."""

import shutil
from typing import Any

import pytest

from core import language

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# Without the later ones Chromium looks for its maker's hosts at every start.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


# The files that take minutes come first, so that no worker is left alone with one at the end.
LONGEST_FIRST = ("browser", "examples", "stories", "served", "conformance")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Folders in the order of what they take; within one, as they are."""
    place = {name: n for n, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: min(place.get(part, len(place)) for part in item.path.parts))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's Chromium, for pytest-playwright; a missing one fails the test."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        pytest.fail("The tests need Chromium: install it (Debian: apt-get install chromium) or run make test as root.")
    return {"executable_path": found, "args": list(QUIET), "headless": True}


@pytest.fixture(autouse=True)
def sentences_as_written(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without catalogues a sentence is said as the code writes it; whole pages keep the translations."""
    whole_pages = {"conformance", "stories"} & {*request.path.parts} or request.path.match("browser/test_pages.py")
    if not whole_pages:
        monkeypatch.setattr(language, "_catalogues", {})

"""What our own modules need beside the fixtures of core.testing."""

from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture(scope="session")
def roomier() -> dict[str, int]:
    """Of leases: rents, charges, payments, what these settle, deposit, handovers and documents are all on one page.

    Of people: households, certificates, relationships, tags, merges, whether the data may only be kept, what they
    are read for, who sees them and who looked.
    """
    return {"housing.leases": 17, "people": 21}


@pytest.fixture(scope="module")
def patch(app: Flask) -> Iterator[pytest.MonkeyPatch]:
    """What a file changes of the program for all its tests of one app; taken back even when making it fails."""
    with pytest.MonkeyPatch.context() as patched:
        yield patched

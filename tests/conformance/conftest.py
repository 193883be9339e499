"""The fixtures of core.testing on the demo network, and what our own modules need more of."""

import pytest

from core.testing.demo_network import *  # noqa: F403  the names that tests have imported from here


@pytest.fixture(scope="session")
def roomier() -> dict[str, int]:
    """Its rents, charges, payments, what these settle, deposit, handovers and documents are all on one page."""
    return {"housing.leases": 17}

"""The fixtures of core.testing on the demo network, and what our own modules need more of."""

import pytest

from core.testing.demo_network import *  # noqa: F403  the names that tests have imported from here


@pytest.fixture(scope="session")
def roomier() -> dict[str, int]:
    """Of leases: rents, charges, payments, what these settle, deposit, handovers and documents are all on one page.

    Of people: households, certificates, relationships, tags, merges, whether the data may only be kept, what they
    are read for, who sees them and who looked.
    """
    return {"housing.leases": 17, "people": 21}

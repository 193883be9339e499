"""What every table, plugin and route says of itself, of all modules."""

from core.testing.conformance.declarations import *  # noqa: F403

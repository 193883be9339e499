"""The migrations and walls of all modules."""

from core.testing.conformance.tables import *  # noqa: F403

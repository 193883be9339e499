"""Every collection's pages and endpoints, of all modules."""

from core.testing.conformance.pages import *  # noqa: F403

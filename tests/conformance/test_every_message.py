"""The sentences and templates of all modules."""

from core.testing.conformance.messages import *  # noqa: F403

"""The names of core/testing/databases.py, where tests have looked for them."""

from core.testing.databases import *  # noqa: F403

"""The names of core/testing/two_partners.py, where tests have looked for them."""

from core.testing.two_partners import *  # noqa: F403

"""The names of core/testing/serving.py, where tests have looked for them."""

from core.testing.serving import *  # noqa: F403

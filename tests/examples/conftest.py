"""These tests work in the name of two partners, on both databases."""

from tests.two_partners import database, neighbour, neighbours_session, partner, session, settings  # noqa: F401

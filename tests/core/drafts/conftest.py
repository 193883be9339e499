"""The tables and two partners."""

from tests.two_partners import database, neighbour, neighbours_session, partner, session, settings  # noqa: F401

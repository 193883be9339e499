"""Signing in, one’s own account, members, partners and the permission matrix."""

from core.access.pages import account, entry, matrix, members, partners, second_factor, second_step  # noqa: F401  their views register themselves
from core.access.pages.blueprint import pages

__all__ = ["pages"]

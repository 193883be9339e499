"""Signing in, one’s own account, members, partners and the permission matrix."""

from core.access.pages import (  # noqa: F401  their views register themselves
    account,
    entry,
    matrix,
    members,
    openid,
    partners,
    second_factor,
    second_step,
    viewing,
)
from core.access.pages.blueprint import pages

__all__ = ["pages"]

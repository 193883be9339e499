"""What can be allowed: keys, their labels, and the marks that routes must wear."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from core.language import Words

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
SIGNED_IN = "signed-in"


@dataclass(frozen=True)
class Permission:
    """Something a role may or may not do; the key begins with the prefix of who declares it."""

    key: str
    label: Words


def requires(permission: str) -> Callable[[View], View]:
    """Mark a view with the permission it needs; a route without a mark is not served."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Mark a view that strangers may open."""
    return requires(PUBLIC)(view)


def signed_in(view: View) -> View:
    """Mark a view that every signed-in member may open, whatever their role."""
    return requires(SIGNED_IN)(view)


def writes(view: View) -> View:
    """Mark an address that is only looked at and yet writes: where somebody comes back to from another site."""
    view.writes = True  # type: ignore[attr-defined]
    return view


def fresh_sign_in(view: View) -> View:
    """Mark a view that does something dangerous: it asks for the password again when five minutes went by.

    A program's token cannot do it at all. Where the view also shows its form, looking is free.
    """
    view.fresh_sign_in = True  # type: ignore[attr-defined]
    return view


def needs_fresh_sign_in(view: Callable[..., Any]) -> bool:
    """Whether the view wears the mark."""
    return getattr(view, "fresh_sign_in", False)


def covers(pattern: str, permission: str) -> bool:
    """Whether a preset such as `housing.*` or `*.see` speaks of the permission."""
    if pattern.startswith("*"):
        return permission.endswith(pattern[1:])
    return permission.startswith(pattern[:-1]) if pattern.endswith("*") else pattern == permission

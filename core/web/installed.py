"""What this process loaded, for the pages that speak of it."""

from typing import Any

from flask import current_app


def installation() -> Any:
    """The core and the plugins of this process (core/plugins/installation.py)."""
    return current_app.extensions["generazioni"]

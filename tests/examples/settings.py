"""The program's settings for a database of the tests."""

import os
from dataclasses import replace
from pathlib import Path

from core.config import Settings, read_settings
from core.testing.databases import DatabaseUrls


def environment(urls: DatabaseUrls, var: Path) -> dict[str, str]:
    """What a command reads from its environment."""
    return {
        "GENERAZIONI_VAR": str(var), "GENERAZIONI_STRICT": "1", "GENERAZIONI_SECRET_KEY": "k" * 40,
        "GENERAZIONI_DATABASE_URL": urls.app, "GENERAZIONI_OWNER_DATABASE_URL": urls.owner,
        "GENERAZIONI_OPERATOR_DATABASE_URL": urls.operator,
    }  # fmt: skip


def settings_of(urls: DatabaseUrls) -> Settings:
    """The same, as the program holds them."""
    found = read_settings({**os.environ, "GENERAZIONI_SECRET_KEY": "k" * 40})
    return replace(found, database_url=urls.app, owner_database_url=urls.owner, operator_database_url=urls.operator)

"""What commands share: settings, the database and the installation, each opened when first asked for.

What opens them is imported then too: a command that asks for none of them answers at once.
"""

import os
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import click

from core.config import ROOT, Settings, read_settings
from core.language import load_catalogues

if TYPE_CHECKING:
    from core.database.scope import Scope
    from core.database.session import Database
    from core.partners.models import Partner
    from core.plugins.health import Watch
    from core.plugins.installation import Installation


class Context:
    """The installation as a command sees it; `failed` are modules whose migrations broke off in this command."""

    def __init__(self) -> None:
        self.failed: list[str] = []

    @cached_property
    def settings(self) -> Settings:
        """The settings, checked."""
        load_catalogues(ROOT / "translations")
        return read_settings()

    @property
    def installation(self) -> "Installation":
        """The core and the plugins."""
        return self.watch.installation

    @cached_property
    def watch(self) -> "Watch":
        """What follows what the database says of the plugins; it has looked once."""
        from core.plugins.health import Watch  # noqa: PLC0415
        from core.plugins.loading import load  # noqa: PLC0415

        self.settings.var.mkdir(parents=True, exist_ok=True)
        found = load(self.settings)
        load_catalogues(ROOT / "translations", found.translations())
        watch = Watch(found, self.database)
        watch.look()
        return watch

    @cached_property
    def listed(self) -> "Installation":
        """The same without importing any plugin: for commands that must work when one breaks the start."""
        from core.plugins.loading import load  # noqa: PLC0415

        return load(replace(self.settings, safe_mode=True, strict=False))

    @cached_property
    def database(self) -> "Database":
        """The engines."""
        from core.database.session import Database  # noqa: PLC0415

        return Database(self.settings)

    def operator(self, reason: str) -> "Scope":
        """The scope of work across partners, with the reason that stands in the audit trail."""
        from core.database.scope import Scope  # noqa: PLC0415

        return Scope(operator=True, actor="generazioni", reason=reason)

    def partner(self, code: str) -> "Partner":
        """The partner with a code; a command that names none stops with a sentence."""
        from core.partners.services import partner_by_code  # noqa: PLC0415

        with self.database.session(self.operator("command line"), writes=False) as session:
            return partner_by_code(session, code)

    def acting_for(self, code: str) -> "Scope":
        """The scope of a command that acts for one partner."""
        from core.database.scope import Scope  # noqa: PLC0415

        partner = self.partner(code)
        return Scope(
            partner_id=partner.id, actor="generazioni",
            permissions=frozenset(self.installation.rights.declared),
            modules=frozenset(plugin.key for plugin in self.installation.working()),
        )  # fmt: skip


def who() -> str:
    """The named administrator who works on the machine."""
    return os.environ.get("SUDO_USER") or os.environ.get("USER") or "generazioni"


pass_context = click.make_pass_decorator(Context)

"""What commands share: settings, the database and the installation, each opened when first asked for."""

from dataclasses import replace
from functools import cached_property

import click

from core.config import ROOT, Settings, read_settings
from core.database.scope import Scope
from core.database.session import Database
from core.language import load_catalogues
from core.partners.models import Partner
from core.partners.services import partner_by_code
from core.plugins.health import Watch
from core.plugins.installation import Installation
from core.plugins.loading import load


class Context:
    """The installation as a command sees it; `failed` are modules whose migrations broke off in this command."""

    def __init__(self) -> None:
        self.failed: list[str] = []

    @cached_property
    def settings(self) -> Settings:
        """The settings, checked."""
        load_catalogues(ROOT / "translations")
        return read_settings()

    @cached_property
    def installation(self) -> Installation:
        """The core and the plugins."""
        self.settings.var.mkdir(parents=True, exist_ok=True)
        found = load(self.settings)
        load_catalogues(ROOT / "translations", found.translations())
        Watch(found, self.database).look()
        return found

    @cached_property
    def listed(self) -> Installation:
        """The same without importing any plugin: for commands that must work when one breaks the start."""
        return load(replace(self.settings, safe_mode=True, strict=False))

    @cached_property
    def database(self) -> Database:
        """The engines."""
        return Database(self.settings)

    def operator(self, reason: str) -> Scope:
        """The scope of work across partners, with the reason that stands in the audit trail."""
        return Scope(operator=True, actor="generazioni", reason=reason)

    def partner(self, code: str) -> Partner:
        """The partner with a code; a command that names none stops with a sentence."""
        with self.database.session(self.operator("command line"), writes=False) as session:
            return partner_by_code(session, code)

    def acting_for(self, code: str) -> Scope:
        """The scope of a command that acts for one partner."""
        partner = self.partner(code)
        return Scope(
            partner_id=partner.id, actor="generazioni",
            permissions=frozenset(self.installation.rights.declared),
            modules=frozenset(plugin.key for plugin in self.installation.working()),
        )  # fmt: skip


pass_context = click.make_pass_decorator(Context)

"""What is done to a module for the whole network: install, upgrade, purge. Each is one transaction."""

import time
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from core.config import Settings
from core.database import faults, installed, migrate
from core.database.migrate import Line
from core.database.points import passed
from core.language import _
from core.modules import purging
from core.modules.findings import Action
from core.modules.owner import across, owner, refuse_blindness
from core.modules.plans import plan_of, refuse_stopped
from core.modules.trial import Trial, try_on_copy
from core.refusals import NotFound, Refusal

if TYPE_CHECKING:
    from core.plugins.installation import Installation, Plugin


def install(settings: Settings, house: "Installation", key: str, *, by: str) -> float:
    """Make a module's tables; it stays off everywhere until a partner switches it on. Says how long it took."""
    plugin = loaded(house, key)
    with owner(settings) as connection:
        begun = time.monotonic()
        _refuse_stopped(connection, settings, house, Action.INSTALL, key, by=by)
        migrate.run(connection, plugin.line, by=by)
    return time.monotonic() - begun


def upgrade(settings: Settings, house: "Installation", key: str, *, by: str) -> Trial | None:
    """Bring a module's tables to what its code wants: first a copy of them, then the tables themselves.

    None when there was nothing to do.
    """
    plugin = loaded(house, key)
    with owner(settings) as connection:
        head = installed.head_of(connection, key)
        if head == plugin.head:
            if installed.version_of(connection, key) != plugin.line.version:
                migrate.run(connection, plugin.line, by=by)
            return None
        _refuse_stopped(connection, settings, house, Action.UPGRADE, key, by=by)
    trial = try_upgrade(settings, plugin)
    passed("upgrade.tried")
    if settings.owner_database_url.startswith("sqlite"):
        migrate.keep_copy(settings.owner_database_url, ".before-upgrade")
    with owner(settings) as connection:
        if installed.head_of(connection, key) != head:
            raise Refusal(_("Somebody else just upgraded %(module)s.", module=plugin.title))
        migrate.run(connection, plugin.line, by=by)
        faults.forget(connection, key)
    return trial


def try_upgrade(settings: Settings, plugin: "Plugin") -> Trial:
    """Run the pending migrations on a copy; refuses with what went wrong there, and nothing was touched."""
    trial = try_on_copy(settings.owner_database_url, plugin.line)
    if trial.fault:
        raise Refusal(
            _("The upgrade of %(module)s fails on a copy, so nothing was done: %(fault)s",
              module=plugin.title, fault=trial.fault)
        )  # fmt: skip
    return trial


def purge(settings: Settings, house: "Installation", key: str, *, by: str) -> purging.Purged:
    """Export everything a module keeps, then remove its tables and every trace of it but audit, files and acts."""
    with owner(settings) as connection:
        refuse_blindness(connection)
        _refuse_stopped(connection, settings, house, Action.PURGE, key, by=by)
        return purging.purge(connection, settings, line_of(house, key), by=by)


def line_of(house: "Installation", key: str) -> Line:
    """The line of a module, or what can be known of it without its code."""
    plugin = house.plugins.get(key)
    return plugin.line if plugin else Line(key, migrate.HERE / "nowhere", (f"{key}_",), "", key)


def loaded(house: "Installation", key: str) -> "Plugin":
    """The plugin of a key whose code works; refuses with why not."""
    plugin = house.plugins.get(key)
    if plugin is None:
        raise NotFound(_("There is no module %(key)s on this machine.", key=key))
    if not plugin.is_loaded:
        raise Refusal(_("%(module)s could not be loaded: %(reason)s", module=plugin.title, reason=plugin.reason))
    return plugin


def _refuse_stopped(
    connection: Connection, settings: Settings, house: "Installation", action: Action, key: str, *, by: str
) -> None:
    """The plan as things stand once nobody else can change them."""
    with across(connection, settings, by=by, reason=f"plan of {action.value}") as session:
        refuse_stopped(plan_of(session, house, action, key))

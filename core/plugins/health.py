"""What the database says of the plugins, followed while the program runs.

Another process may install, upgrade or purge a module at any time: each process looks again every two
seconds, so that nobody has to restart it.
"""

import time

from core.database import faults
from core.database.session import Database
from core.plugins.installation import Health, Installation, Plugin

LOOK_EVERY = 2.0  # seconds
STATEMENT = "select key, head from modules_installed"


class Watch:
    """Looks at what is installed, and takes out of service what has other tables than its code wants.

    What this process noted of faults is written down on the way.
    """

    def __init__(self, installation: Installation, database: Database) -> None:
        self.installation, self._database = installation, database
        self._looked = float("-inf")

    def look(self, *, now: bool = False) -> None:
        """Look again when the last time is some seconds ago, or at once."""
        if not now and time.monotonic() - self._looked < LOOK_EVERY:
            return
        self._looked = time.monotonic()
        faults.keep(self._database.engine)
        heads = self._heads()
        if heads is not None:
            mark(self.installation, heads)

    def _heads(self) -> dict[str, str] | None:
        """Module → how far its tables have come; None when the database cannot say.

        Straight through the driver: it is no part of any request, and no scope concerns it.
        """
        engine = self._database.engine
        faults = engine.dialect.loaded_dbapi.Error
        try:
            connection = engine.raw_connection()
        except Exception:  # noqa: BLE001  a database that is away is told by whoever needs it
            return None
        try:
            cursor = connection.cursor()
            cursor.execute(STATEMENT)
            return dict(cursor.fetchall())
        except faults:
            return None
        finally:
            connection.close()


def mark(installation: Installation, heads: dict[str, str]) -> None:
    """Write down of every plugin whether it is installed, and of each that is loaded whether it may serve."""
    installation.heads = heads
    for plugin in installation.plugins.values():
        plugin.installed = heads.get(plugin.key)
        if plugin.is_loaded:
            plugin.health, plugin.reason = _condition(plugin)


def _condition(plugin: Plugin) -> tuple[Health, str]:
    if plugin.installed is None or plugin.installed == plugin.head:
        return Health.OK, ""
    if not plugin.installed or plugin.installed in plugin.line.revisions:
        return Health.NEEDS_UPDATE, f"its tables are older than its code: generazioni plugins upgrade {plugin.key}"
    return Health.NEEDS_UPDATE, "its tables are newer than its code: put the newer version of it back"

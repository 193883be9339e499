"""What the database says of the plugins: one that waits for its migrations does not serve."""

from sqlalchemy.exc import DBAPIError

from core.database.migrate import pending
from core.database.session import Database
from core.plugins.installation import Health, Installation


def mark_what_needs_update(installation: Installation, database: Database) -> None:
    """Take out of service every plugin whose tables are older than its code, and say what to do."""
    for plugin in installation.working():
        try:
            late = plugin.line.folder.is_dir() and pending(database.engine, plugin.line)
        except DBAPIError:
            return
        if late:
            plugin.health = Health.NEEDS_UPDATE
            plugin.reason = "its tables are older than its code: run `generazioni upgrade`"

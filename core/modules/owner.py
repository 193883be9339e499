"""Work as the role that owns the tables: alone at them, and across partners where rows are looked at."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from core.config import Settings
from core.database import migrate
from core.database.points import passed
from core.database.policies import OPERATOR
from core.database.scope import Scope, ScopedSession
from core.database.sealing import Seals
from core.database.session import make_engine
from core.language import _
from core.refusals import Refusal

NO_RIGHT, TIRED_OF_WAITING = "42501", "55P03"


@contextmanager
def owner(settings: Settings) -> Iterator[Connection]:
    """A transaction of the role that owns the tables, alone at it; whoever comes meanwhile is told."""
    engine = make_engine(settings.owner_database_url)
    try:
        with migrate.locked(engine, wait=False) as connection:
            yield connection
        passed("verb.kept")
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", "")
        if state == NO_RIGHT:
            raise Refusal(_("This can only be done on the machine: generazioni plugins --help.")) from error
        if state == TIRED_OF_WAITING:
            raise Refusal(_("Somebody is working on these tables just now: try again in a minute.")) from error
        raise
    finally:
        engine.dispose()


def across(connection: Connection, settings: Settings, *, by: str, reason: str) -> ScopedSession:
    """A session that sees every partner, within this very transaction."""
    scope = Scope(operator=True, actor=by, reason=reason)
    seals = Seals(settings.field_keys)
    return ScopedSession(connection, info={"scope": scope, "seals": seals}, expire_on_commit=False)


def refuse_blindness(connection: Connection) -> None:
    """Refuse when the owner of the tables is not behind every partner's wall: what it cannot see it cannot export."""
    if connection.dialect.name == "postgresql":
        sees = text("select pg_has_role(current_user, :operator, 'usage')")
        if not connection.execute(sees, {"operator": OPERATOR}).scalar_one():
            raise Refusal(
                _("The role that owns the tables does not see the partners' rows: grant %(role)s to it.", role=OPERATOR)
            )

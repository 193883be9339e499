"""What `generazioni check` looks at, each finding with the way to mend it."""

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.cli.context import Context
from core.cli.finding import Finding
from core.config import WrongSetting
from core.database.migrate import core_line, pending
from core.database.session import UnsafeRole, refuse_unsafe_role
from core.documents.printing import shortcomings


def findings(context: Context) -> Iterator[Finding]:
    """Configuration, database, migrations, front end, plugins, in the order they depend on each other."""
    try:
        settings = context.settings
    except WrongSetting as error:
        yield Finding("configuration", good=False, text=str(error))
        return
    yield Finding("configuration", good=True, text=f"data under {settings.var}")
    yield from _database(context)
    built = (settings.assets / "manifest.json").exists()
    yield Finding("front end", built, "built" if built else "missing: run `make setup` (python -m core.web.assets)")
    missing = shortcomings()
    yield Finding("documents", not missing, "; ".join(missing) or "the compiler and every template are there")
    for plugin in context.installation.plugins.values():
        yield Finding(f"module {plugin.key}", plugin.works, plugin.reason or str(plugin.health))


def _database(context: Context) -> Iterator[Finding]:
    engine = context.database.engine
    try:
        with engine.connect() as connection:
            connection.execute(text("select 1"))
        refuse_unsafe_role(engine)
    except (DBAPIError, UnsafeRole) as error:
        yield Finding(
            "database", good=False, text=f"{error}. Check GENERAZIONI_DATABASE_URL and that the server is up."
        )
        return
    kind = "embedded SQLite, without row-level security" if context.settings.embedded else "PostgreSQL"
    yield Finding("database", good=True, text=kind)
    house = context.installation
    lines = [core_line(), *(one.line for one in house.loaded() if one.installed is not None)]
    late = [line.key for line in lines if pending(engine, line)]
    told = f"pending for {', '.join(late)}: run `generazioni upgrade`" if late else "up to date"
    yield Finding("migrations", not late, told)

"""How Alembic runs one line of migrations: the core's or a plugin's, on a connection it is given."""

from alembic import context

from core.database.model import metadata

config = context.config
prefixes = tuple(config.attributes["prefixes"])


def ours(name: str | None, kind: str, parents: object) -> bool:
    """Compare only the tables of this line: each plugin minds its own prefix."""
    return kind != "table" or (name or "").startswith(prefixes)


context.configure(
    connection=config.attributes["connection"],
    target_metadata=metadata,
    version_table=config.attributes["version_table"],
    include_name=ours,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()

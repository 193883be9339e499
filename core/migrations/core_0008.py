"""Which modules are installed, and what was done to them; what had its tables already is noted."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from uuid_utils.compat import uuid7

from core.database.policies import APP, OPERATOR

revision = "core_0008"
down_revision = "core_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    installed = op.create_table(
        "modules_installed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("module_version", sa.String(length=40), nullable=False),
        sa.Column("head", sa.String(length=80), nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_modules_installed")),
        sa.UniqueConstraint("key", name=op.f("uq_modules_installed_key")),
    )
    op.create_table(
        "modules_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("module_version", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_modules_act")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # Only who makes the tables writes these: the serving role reads them.
        op.execute(f"grant select on modules_installed, modules_act to {APP}, {OPERATOR}")
    _note_what_is_there(installed)


def _note_what_is_there(installed: sa.Table) -> None:
    """Before this revision a module was installed when its line of migrations had run."""
    bind, at = op.get_bind(), datetime.now(UTC)
    prefix = "alembic_version_"
    for table in sa.inspect(bind).get_table_names():
        key = table.removeprefix(prefix)
        if not table.startswith(prefix) or key == "core":
            continue
        heads = sorted(bind.execute(sa.text(f"select version_num from {table}")).scalars())  # noqa: S608  our own name
        if heads:
            row = {"id": uuid7(), "key": key, "title": "", "module_version": "", "head": ", ".join(heads),
                   "installed_at": at, "changed_at": at, "changed_by": "", "version": 1, "created_at": at}  # fmt: skip
            op.bulk_insert(installed, [row])


def downgrade() -> None:
    op.drop_table("modules_act")
    op.drop_table("modules_installed")

"""What of a module failed or took long in requests."""

import sqlalchemy as sa
from alembic import op

from core.database import policies

revision = "core_0017"
down_revision = "core_0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "modules_fault",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("part", sa.String(length=160), nullable=False),
        sa.Column("error", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_modules_fault")),
        sa.UniqueConstraint("key", "part", "error", "place", name=op.f("uq_modules_fault_key_part_error_place")),
    )
    policies.grant(op, "modules_fault")


def downgrade() -> None:
    op.drop_table("modules_fault")

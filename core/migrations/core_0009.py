"""Second factors and their recovery codes; visits that still owe a code."""

import sqlalchemy as sa
from alembic import op

from core.database import policies

revision = "core_0009"
down_revision = "core_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_second_factor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["access_user.id"], name=op.f("fk_access_second_factor_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_second_factor")),
        sa.UniqueConstraint("user_id", name=op.f("uq_access_second_factor_user_id")),
    )
    op.create_table(
        "access_recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["access_user.id"], name=op.f("fk_access_recovery_code_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_recovery_code")),
        sa.UniqueConstraint("user_id", "code_hash", name=op.f("uq_access_recovery_code_user_id_code_hash")),
    )
    with op.batch_alter_table("access_sign_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pending", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("access_sign_in", schema=None) as batch_op:
        batch_op.alter_column("pending", server_default=None)
    policies.grant(op, "access_second_factor")
    policies.grant(op, "access_recovery_code")


def downgrade() -> None:
    with op.batch_alter_table("access_sign_in", schema=None) as batch_op:
        batch_op.drop_column("pending")
    op.drop_table("access_recovery_code")
    op.drop_table("access_second_factor")

"""Who users are at an OpenID provider."""

import sqlalchemy as sa
from alembic import op

from core.database import policies

revision = "core_0021"
down_revision = "core_0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["access_user.id"], name=op.f("fk_access_identity_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_access_identity_issuer_subject")),
        sa.UniqueConstraint("user_id", "issuer", name=op.f("uq_access_identity_user_id_issuer")),
    )
    policies.grant(op, "access_identity")


def downgrade() -> None:
    op.drop_table("access_identity")

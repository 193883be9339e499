"""What special data are read for."""

import sqlalchemy as sa
from alembic import op

from core.database import policies

revision = "core_0019"
down_revision = "core_0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "special_purpose",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose <> 'other' or length(note) >= 10", name=op.f("ck_special_purpose_note")),
        sa.ForeignKeyConstraint(["partner_id"], ["partners_partner.id"], name=op.f("fk_special_purpose_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_special_purpose")),
    )
    with op.batch_alter_table("special_purpose", schema=None) as batch_op:
        batch_op.create_index("ix_special_purpose_over", ["partner_id", "expires_at"], unique=False)
        batch_op.create_index("ix_special_purpose_visit", ["partner_id", "visit_id", "subject_id"], unique=False)

    policies.grant(op, "special_purpose")
    policies.partner_owned(op, "special_purpose")


def downgrade() -> None:
    with op.batch_alter_table("special_purpose", schema=None) as batch_op:
        batch_op.drop_index("ix_special_purpose_visit")
        batch_op.drop_index("ix_special_purpose_over")
    op.drop_table("special_purpose")

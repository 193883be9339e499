"""who waits for a plot: the list came with the second edition."""

import sqlalchemy as sa
from alembic import op

from core.api import policies

revision = "social_gardens_0002"
down_revision = "social_gardens_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "social_gardens_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("garden_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("isee", sa.BigInteger(), nullable=True),
        sa.Column("without_land", sa.Boolean(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("isee >= 0", name=op.f("ck_social_gardens_request_isee")),
        sa.CheckConstraint("members > 0", name=op.f("ck_social_gardens_request_members")),
        sa.ForeignKeyConstraint(
            ["partner_id", "garden_id"],
            ["social_gardens_garden.partner_id", "social_gardens_garden.id"],
            name=op.f("fk_social_gardens_request_partner_id_garden_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners_partner.id"], name=op.f("fk_social_gardens_request_partner_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people_person.id"], name=op.f("fk_social_gardens_request_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_social_gardens_request")),
        sa.UniqueConstraint("partner_id", "id", name=op.f("uq_social_gardens_request_partner_id_id")),
    )
    with op.batch_alter_table("social_gardens_request", schema=None) as batch_op:
        batch_op.create_index(
            "ix_social_gardens_request_open",
            ["partner_id", "garden_id", "person_id"],
            unique=True,
            postgresql_where=sa.text("state in ('waiting', 'offered')"),
            sqlite_where=sa.text("state in ('waiting', 'offered')"),
        )
    policies.grant(op, "social_gardens_request")
    policies.partner_owned(op, "social_gardens_request")


def downgrade() -> None:
    with op.batch_alter_table("social_gardens_request", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_social_gardens_request_open",
            postgresql_where=sa.text("state in ('waiting', 'offered')"),
            sqlite_where=sa.text("state in ('waiting', 'offered')"),
        )

    op.drop_table("social_gardens_request")

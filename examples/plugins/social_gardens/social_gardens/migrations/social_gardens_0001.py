"""gardens, their plots, seasons and who works what."""

import sqlalchemy as sa
from alembic import op

from core.api import policies

revision = "social_gardens_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "social_gardens_garden",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("water", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners_partner.id"], name=op.f("fk_social_gardens_garden_partner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_social_gardens_garden")),
        sa.UniqueConstraint("partner_id", "id", name=op.f("uq_social_gardens_garden_partner_id_id")),
        sa.UniqueConstraint("partner_id", "name", name=op.f("uq_social_gardens_garden_partner_id_name")),
    )
    op.create_table(
        "social_gardens_season",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends > starts", name=op.f("ck_social_gardens_season_period")),
        sa.CheckConstraint("rate >= 0", name=op.f("ck_social_gardens_season_rate")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners_partner.id"], name=op.f("fk_social_gardens_season_partner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_social_gardens_season")),
        sa.UniqueConstraint("partner_id", "id", name=op.f("uq_social_gardens_season_partner_id_id")),
        sa.UniqueConstraint("partner_id", "name", name=op.f("uq_social_gardens_season_partner_id_name")),
    )
    op.create_table(
        "social_gardens_plot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("garden_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("area", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("area > 0", name=op.f("ck_social_gardens_plot_area")),
        sa.ForeignKeyConstraint(
            ["partner_id", "garden_id"],
            ["social_gardens_garden.partner_id", "social_gardens_garden.id"],
            name=op.f("fk_social_gardens_plot_partner_id_garden_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners_partner.id"], name=op.f("fk_social_gardens_plot_partner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_social_gardens_plot")),
        sa.UniqueConstraint(
            "partner_id", "garden_id", "code", name=op.f("uq_social_gardens_plot_partner_id_garden_id_code")
        ),
        sa.UniqueConstraint("partner_id", "id", name=op.f("uq_social_gardens_plot_partner_id_id")),
    )
    op.create_table(
        "social_gardens_assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("plot_id", sa.Uuid(), nullable=False),
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state != 'revoked' or reason is not null", name=op.f("ck_social_gardens_assignment_reason")
        ),
        sa.CheckConstraint("fee >= 0", name=op.f("ck_social_gardens_assignment_fee")),
        sa.ForeignKeyConstraint(
            ["partner_id", "plot_id"],
            ["social_gardens_plot.partner_id", "social_gardens_plot.id"],
            name=op.f("fk_social_gardens_assignment_partner_id_plot_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partner_id", "season_id"],
            ["social_gardens_season.partner_id", "social_gardens_season.id"],
            name=op.f("fk_social_gardens_assignment_partner_id_season_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners_partner.id"], name=op.f("fk_social_gardens_assignment_partner_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people_person.id"], name=op.f("fk_social_gardens_assignment_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_social_gardens_assignment")),
        sa.UniqueConstraint("partner_id", "number", name=op.f("uq_social_gardens_assignment_partner_id_number")),
    )
    with op.batch_alter_table("social_gardens_assignment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_social_gardens_assignment_held",
            ["partner_id", "plot_id", "season_id"],
            unique=True,
            postgresql_where=sa.text("state in ('offered', 'running')"),
            sqlite_where=sa.text("state in ('offered', 'running')"),
        )

    policies.grant(
        op, "social_gardens_garden", "social_gardens_season", "social_gardens_plot", "social_gardens_assignment"
    )
    policies.partner_owned(op, "social_gardens_garden")
    policies.partner_owned(op, "social_gardens_season")
    policies.partner_owned(op, "social_gardens_plot")
    policies.partner_owned(op, "social_gardens_assignment")


def downgrade() -> None:
    with op.batch_alter_table("social_gardens_assignment", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_social_gardens_assignment_held",
            postgresql_where=sa.text("state in ('offered', 'running')"),
            sqlite_where=sa.text("state in ('offered', 'running')"),
        )

    op.drop_table("social_gardens_assignment")
    op.drop_table("social_gardens_plot")
    op.drop_table("social_gardens_season")
    op.drop_table("social_gardens_garden")

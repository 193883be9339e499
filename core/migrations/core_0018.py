"""The register of what people ask about their data."""

import sqlalchemy as sa
from alembic import op

from core.database import policies

revision = "core_0018"
down_revision = "core_0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_requests_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("asked_by", sa.String(length=200), nullable=True),
        sa.Column("right", sa.String(length=40), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("extended_on", sa.Date(), nullable=True),
        sa.Column("extended_because", sa.String(length=500), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.String(length=120), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "person_id is not null or asked_by is not null", name=op.f("ck_data_requests_request_somebody")
        ),
        sa.CheckConstraint("due_on > received_on", name=op.f("ck_data_requests_request_term")),
        sa.CheckConstraint(
            "extended_because is null or extended_on is not null", name=op.f("ck_data_requests_request_extended")
        ),
        sa.CheckConstraint("(state = 'open') = (answered_on is null)", name=op.f("ck_data_requests_request_answered")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners_partner.id"], name=op.f("fk_data_requests_request_partner_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people_person.id"], name=op.f("fk_data_requests_request_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_requests_request")),
        sa.UniqueConstraint("partner_id", "number", name=op.f("uq_data_requests_request_partner_id_number")),
    )
    with op.batch_alter_table("data_requests_request", schema=None) as batch_op:
        batch_op.create_index("ix_data_requests_request_list", ["partner_id", "due_on", "id"], unique=False)
        batch_op.create_index("ix_data_requests_request_person", ["person_id"], unique=False)
    policies.grant(op, "data_requests_request")
    policies.partner_owned(op, "data_requests_request")


def downgrade() -> None:
    op.drop_table("data_requests_request")

"""Applications keep the protocol that the office gave to the paper, by which a list finds them again."""

import sqlalchemy as sa
from alembic import op

revision = "housing_0008"
down_revision = "housing_0007"
branch_labels = None
depends_on = None

UNIQUE = "uq_housing_application_partner_id_external_protocol"


def upgrade() -> None:
    with op.batch_alter_table("housing_application", schema=None) as batch_op:
        batch_op.add_column(sa.Column("external_protocol", sa.String(length=40), nullable=True))
        batch_op.create_unique_constraint(batch_op.f(UNIQUE), ["partner_id", "external_protocol"])


def downgrade() -> None:
    with op.batch_alter_table("housing_application", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(UNIQUE), type_="unique")
        batch_op.drop_column("external_protocol")

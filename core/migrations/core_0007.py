"""When a visitor last showed that it is them."""

import sqlalchemy as sa
from alembic import op

revision = "core_0007"
down_revision = "core_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("access_sign_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    # Who is in the middle of a visit is asked at their next dangerous act.
    op.execute("update access_sign_in set confirmed_at = began_at")
    with op.batch_alter_table("access_sign_in", schema=None) as batch_op:
        batch_op.alter_column("confirmed_at", nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("access_sign_in", schema=None) as batch_op:
        batch_op.drop_column("confirmed_at")

"""What the triggers of the ledger look at is found by key."""

from alembic import op

from plugins.housing.overdrafts import look_by_key, look_by_key_no_more

revision = "housing_0013"
down_revision = "housing_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    look_by_key(op)


def downgrade() -> None:
    look_by_key_no_more(op)

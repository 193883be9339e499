"""The ledger and the deposits are append-only in the database itself; nothing settles more than it is."""

from alembic import op

from core.api import policies
from plugins.housing.overdrafts import allow_overdrafts, refuse_overdrafts

revision = "housing_0004"
down_revision = "housing_0003"
branch_labels = None
depends_on = None

MONEY = ("housing_charge", "housing_payment", "housing_allocation", "housing_deposit_movement")


def upgrade() -> None:
    policies.counter_entries_only(op, *MONEY)
    refuse_overdrafts(op)


def downgrade() -> None:
    allow_overdrafts(op)
    policies.counter_entries_no_more(op, *MONEY)

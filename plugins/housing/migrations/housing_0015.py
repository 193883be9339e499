"""SQLite refuses two leases on one day again: changing a column had rebuilt the table without its triggers."""

from alembic import op

from plugins.housing.overlaps import refuse_overlaps

revision = "housing_0015"
down_revision = "housing_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("insert", "update"):
            op.execute(f"drop trigger if exists housing_lease_no_overlap_{verb}")
        refuse_overlaps(op)


def downgrade() -> None:
    """Nothing: the earlier revisions mean the triggers to be there."""

"""a movement is known within its fund: two funds may have equal ones."""

from alembic import op

revision = "guarantee_fund_0003"
down_revision = "guarantee_fund_0002"
branch_labels = None
depends_on = None

TABLE = "guarantee_fund_bank_line"
BEFORE, AFTER = ["partner_id", "fingerprint"], ["partner_id", "fund_id", "fingerprint"]


def upgrade() -> None:
    _replace(BEFORE, AFTER)


def downgrade() -> None:
    _replace(AFTER, BEFORE)


def _replace(old: list[str], new: list[str]) -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("_".join(["uq", TABLE, *old])), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("_".join(["uq", TABLE, *new])), new)

"""People are found by words through an index of the partner's accesses."""

from alembic import op

from core.database import finding

revision = "core_0011"
down_revision = "core_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    finding.install(op)


def downgrade() -> None:
    finding.uninstall(op)

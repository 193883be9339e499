"""Who of other partners looked at a person, told to the partner that registered them."""

from alembic import op

from core.audit import looks

revision = "core_0020"
down_revision = "core_0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    looks.install(op)


def downgrade() -> None:
    looks.uninstall(op)

"""Whom to ask follows merges; whether others know a person is asked for the session's own partner."""

from alembic import op

from core.people import known
from core.rights import elsewhere

revision = "core_0016"
down_revision = "core_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    known.install_holder_of_merged(op)
    elsewhere.uninstall_of_any(op)
    elsewhere.install(op)


def downgrade() -> None:
    elsewhere.uninstall(op)
    elsewhere.install_of_any(op)
    known.uninstall_holder_of_merged(op)

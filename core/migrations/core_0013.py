"""Which of many codes are known to anybody is asked at once; sheets that went into another are found apart."""

import sqlalchemy as sa
from alembic import op

from core.people import known

revision = "core_0013"
down_revision = "core_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    known.install_among(op)
    merged = sa.text("state = 'merged'")
    op.create_index("ix_people_person_merged", "people_person", ["id"], sqlite_where=merged, postgresql_where=merged)


def downgrade() -> None:
    op.drop_index("ix_people_person_merged", table_name="people_person")
    known.uninstall_among(op)

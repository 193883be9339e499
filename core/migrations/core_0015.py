"""What partners share of people: shares, requests, emergencies, notices; accesses say what they open."""

import sqlalchemy as sa
from alembic import op

from core.database import policies
from core.people import known

revision = "core_0015"
down_revision = "core_0014"
branch_labels = None
depends_on = None

# Table → the column that names the person, and the facet of them that its rows are.
FACETS = {
    "people_person": ("id", "identity"), "people_household": ("person_id", "household"),
    "people_household_member": ("person_id", "household"), "people_isee_certificate": ("person_id", "isee"),
    "people_relationship": ("person_id", "summary"), "people_person_tag": ("person_id", "summary"),
    "people_merge": ("person_id", "identity"),
}  # fmt: skip
# Whoever registered a person opens it to others.
OPENED_BY_REGISTRAR = "(GIVER and people_registrar(people_access.person_id) = giver_id)"
# The one access that a partner opens by itself: no wider and no longer than the emergency that it wrote down.
OPENED_BY_EMERGENCY = (
    "(TAKER and people_access.level <= 2 and not people_access.isee and exists (select 1 from sharing_emergency e"
    " where people_access.basis = 'urgent:' || replace(e.id::text, '-', '') and e.taker_id = people_access.partner_id"
    " and e.person_id = people_access.person_id and e.ended_at is null and people_access.expires_at <= e.expires_at))"
)


def upgrade() -> None:
    with op.batch_alter_table("people_person", schema=None) as batch_op:
        batch_op.create_index("uq_people_person_registrar", ["id", "registered_by_id"], unique=True)

    op.create_table(
        "sharing_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("edition > 0", name=op.f("ck_sharing_notice_edition")),
        sa.ForeignKeyConstraint(["partner_id"], ["partners_partner.id"], name=op.f("fk_sharing_notice_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_notice")),
        sa.UniqueConstraint("partner_id", "edition", name=op.f("uq_sharing_notice_partner_id_edition")),
        sa.UniqueConstraint("partner_id", "id", name=op.f("uq_sharing_notice_partner_id_id")),
    )
    op.create_table(
        "sharing_emergency",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        sa.Column("taker_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("opened_by", sa.String(length=120), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=120), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("expires_at > opened_at", name=op.f("ck_sharing_emergency_period")),
        sa.CheckConstraint("giver_id <> taker_id", name=op.f("ck_sharing_emergency_two_partners")),
        sa.CheckConstraint("length(reason) >= 10", name=op.f("ck_sharing_emergency_reason")),
        sa.ForeignKeyConstraint(["giver_id"], ["partners_partner.id"], name=op.f("fk_sharing_emergency_giver_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "giver_id"],
            ["people_person.id", "people_person.registered_by_id"],
            name=op.f("fk_sharing_emergency_person_id_giver_id"),
        ),
        sa.ForeignKeyConstraint(["taker_id"], ["partners_partner.id"], name=op.f("fk_sharing_emergency_taker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_emergency")),
    )
    with op.batch_alter_table("sharing_emergency", schema=None) as batch_op:
        batch_op.create_index("ix_sharing_emergency_giver", ["giver_id", "id"], unique=False)
        batch_op.create_index("ix_sharing_emergency_person", ["person_id"], unique=False)
        batch_op.create_index("ix_sharing_emergency_taker", ["taker_id", "id"], unique=False)

    op.create_table(
        "sharing_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        sa.Column("taker_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("codice_fiscale", sa.String(length=16), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("module", sa.String(length=60), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("purpose_note", sa.String(length=300), nullable=True),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state = 'withdrawn' or answered_by_id is null or answered_by_id <> asked_by_id",
            name=op.f("ck_sharing_request_four_eyes"),
        ),
        sa.CheckConstraint("giver_id <> taker_id", name=op.f("ck_sharing_request_two_partners")),
        sa.ForeignKeyConstraint(["giver_id"], ["partners_partner.id"], name=op.f("fk_sharing_request_giver_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "giver_id"],
            ["people_person.id", "people_person.registered_by_id"],
            name=op.f("fk_sharing_request_person_id_giver_id"),
        ),
        sa.ForeignKeyConstraint(["taker_id"], ["partners_partner.id"], name=op.f("fk_sharing_request_taker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_request")),
    )
    with op.batch_alter_table("sharing_request", schema=None) as batch_op:
        batch_op.create_index("ix_sharing_request_giver", ["giver_id", "state", "id"], unique=False)
        batch_op.create_index("ix_sharing_request_person", ["person_id"], unique=False)
        batch_op.create_index("ix_sharing_request_taker", ["taker_id", "state", "id"], unique=False)
        batch_op.create_index(
            "uq_sharing_request_waiting",
            ["taker_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "sharing_share",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        sa.Column("taker_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("module", sa.String(length=60), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("purpose_note", sa.String(length=300), nullable=True),
        sa.Column("legal_ground", sa.String(length=40), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.Column("consent_by", sa.String(length=40), nullable=True),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("document", sa.String(length=200), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("given_by", sa.String(length=120), nullable=False),
        sa.Column("given_by_id", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=120), nullable=True),
        sa.Column("revoked_because", sa.String(length=300), nullable=True),
        sa.Column("consent_withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(legal_ground = 'consent') = (notice_id is not null)", name=op.f("ck_sharing_share_notice")
        ),
        sa.CheckConstraint(
            "consent_withdrawn_at is null or revoked_at is not null", name=op.f("ck_sharing_share_withdrawn")
        ),
        sa.CheckConstraint("giver_id <> taker_id", name=op.f("ck_sharing_share_two_partners")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_sharing_share_period")),
        sa.ForeignKeyConstraint(
            ["giver_id", "notice_id"],
            ["sharing_notice.partner_id", "sharing_notice.id"],
            name=op.f("fk_sharing_share_giver_id_notice_id"),
        ),
        sa.ForeignKeyConstraint(["giver_id"], ["partners_partner.id"], name=op.f("fk_sharing_share_giver_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "giver_id"],
            ["people_person.id", "people_person.registered_by_id"],
            name=op.f("fk_sharing_share_person_id_giver_id"),
        ),
        sa.ForeignKeyConstraint(["taker_id"], ["partners_partner.id"], name=op.f("fk_sharing_share_taker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_share")),
    )
    with op.batch_alter_table("sharing_share", schema=None) as batch_op:
        batch_op.create_index("ix_sharing_share_giver", ["giver_id", "valid_to", "id"], unique=False)
        batch_op.create_index("ix_sharing_share_person", ["person_id"], unique=False)
        batch_op.create_index("ix_sharing_share_taker", ["taker_id", "valid_to", "id"], unique=False)

    with op.batch_alter_table("events_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("also", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("events_event", schema=None) as batch_op:
        batch_op.alter_column("also", server_default=None)
    _widen_accesses()

    policies.grant(op, "sharing_notice", "sharing_emergency", "sharing_request", "sharing_share")
    policies.partner_owned(op, "sharing_notice")
    policies.between(
        op,
        "sharing_emergency",
        changes="GIVER",
        adds="TAKER and expires_at <= opened_at + interval '24 hours' and opened_at <= now() + interval '5 minutes'",
    )
    policies.between(op, "sharing_request", adds="TAKER", changes="GIVER or TAKER")
    policies.between(op, "sharing_share", adds="GIVER", changes="GIVER")
    known.install_holder(op)
    policies.release(op, "people_access")
    policies.between(
        op,
        "people_access",
        taker="partner_id",
        adds=f"{OPENED_BY_REGISTRAR} or {OPENED_BY_EMERGENCY}",
        changes=f"{OPENED_BY_REGISTRAR} or {OPENED_BY_EMERGENCY}",
    )
    for table, (person, facet) in FACETS.items():
        policies.open_by_facet(op, table, person=person, facet=facet)


def _widen_accesses() -> None:
    """Accesses say who gave them and what they open; those there are so far are the registrars' own."""
    with op.batch_alter_table("people_access", schema=None) as batch_op:
        batch_op.add_column(sa.Column("giver_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("household", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("isee", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    _as_operator(
        "update people_access set giver_id = "
        "(select p.registered_by_id from people_person p where p.id = people_access.person_id), "
        "household = true, isee = true"
    )
    with op.batch_alter_table("people_access", schema=None) as batch_op:
        batch_op.alter_column("giver_id", nullable=False)
        batch_op.alter_column("household", nullable=False)
        batch_op.alter_column("isee", nullable=False)
        batch_op.create_foreign_key(batch_op.f("fk_people_access_giver_id"), "partners_partner", ["giver_id"], ["id"])


def _as_operator(statement: str) -> None:
    """Row-level security is forced on the tables' owner too: as itself it would change nothing."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.execute(f"set local role {policies.OPERATOR}")
    op.execute(statement)
    if postgresql:
        op.execute("reset role")


def downgrade() -> None:
    for table, (person, _facet) in FACETS.items():
        policies.open_by_facet(op, table, person=person)
    policies.release(op, "people_access")
    policies.partner_owned(op, "people_access")
    known.uninstall_holder(op)
    _as_operator("delete from people_access where partner_id <> giver_id")
    with op.batch_alter_table("people_access", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_people_access_giver_id"), type_="foreignkey")
        batch_op.drop_column("expires_at")
        batch_op.drop_column("isee")
        batch_op.drop_column("household")
        batch_op.drop_column("giver_id")

    with op.batch_alter_table("events_event", schema=None) as batch_op:
        batch_op.drop_column("also")

    with op.batch_alter_table("sharing_share", schema=None) as batch_op:
        batch_op.drop_index("ix_sharing_share_taker")
        batch_op.drop_index("ix_sharing_share_person")
        batch_op.drop_index("ix_sharing_share_giver")

    op.drop_table("sharing_share")
    with op.batch_alter_table("sharing_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_sharing_request_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index("ix_sharing_request_taker")
        batch_op.drop_index("ix_sharing_request_person")
        batch_op.drop_index("ix_sharing_request_giver")

    op.drop_table("sharing_request")
    with op.batch_alter_table("sharing_emergency", schema=None) as batch_op:
        batch_op.drop_index("ix_sharing_emergency_taker")
        batch_op.drop_index("ix_sharing_emergency_person")
        batch_op.drop_index("ix_sharing_emergency_giver")

    op.drop_table("sharing_emergency")
    op.drop_table("sharing_notice")
    with op.batch_alter_table("people_person", schema=None) as batch_op:
        batch_op.drop_index("uq_people_person_registrar")

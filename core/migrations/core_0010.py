"""What the audit trail tells stands beside its lines, where it can be destroyed without breaking the chain."""

import hashlib
import json
import logging
import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from core.database import policies, walls
from core.database.field import Moment

revision = "core_0010"
down_revision = "core_0009"
branch_labels = None
depends_on = None

AT_ONCE = 1000
log = logging.getLogger("alembic.runtime.migration")

# As the table stands between the two forms.
change = sa.table(
    "audit_change",
    *(sa.column(name, sa.Uuid()) for name in ("id", "partner_id", "user_id", "entity_id")),
    *(sa.column(name, sa.Integer()) for name in ("sequence", "version")),
    *(sa.column(name, Moment()) for name in ("at", "created_at")),
    *(sa.column(name, sa.String()) for name in ("actor", "address", "entity", "act", "reason", "digest", "previous")),
    sa.column("hash", sa.String()),
    sa.column("fields", sa.JSON()),
)
told = sa.table(
    "audit_told", sa.column("id", sa.Uuid()), sa.column("partner_id", sa.Uuid()), sa.column("salt", sa.String()),
    sa.column("text", sa.String()), sa.column("version", sa.Integer()), sa.column("created_at", Moment()),
)  # fmt: skip
head = sa.table("audit_head", sa.column("partner_id", sa.Uuid()), sa.column("hash", sa.String()))

HASHED = ("id", "partner_id", "sequence", "at", "actor", "user_id", "address", "entity", "entity_id", "act", "digest",
          "version", "created_at")  # fmt: skip
ONCE_HASHED = ("partner_id", "sequence", "at", "actor", "user_id", "address", "entity", "entity_id", "act", "fields",
               "reason", "previous")  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "audit_told",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["audit_change.id"], name=op.f("fk_audit_told_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["partners_partner.id"], name=op.f("fk_audit_told_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_told")),
    )
    _open()
    op.add_column("audit_change", sa.Column("digest", sa.String(length=64), nullable=False, server_default=""))
    bind = op.get_bind()
    previous: dict[Any, str] = {}
    broken: set[Any] = set()
    for lines in _batches(bind):
        apart = []
        for line in lines:
            partner = line["partner_id"]
            if _once(line) != line["hash"] and partner not in broken:
                broken.add(partner)
                log.warning("the trail of partner %s was broken already at line %s", partner, line["sequence"])
            salt, text = secrets.token_hex(16), _json({"fields": line["fields"], "reason": line["reason"]})
            line["digest"] = hashlib.sha256(f"{salt}{text}".encode()).hexdigest()
            line["previous"] = previous.get(partner, "")
            hashed = f"{line['previous']}{_json([_bare(line[name]) for name in HASHED])}"
            previous[partner] = line["hash"] = hashlib.sha256(hashed.encode()).hexdigest()
            shared = {name: line[name] for name in ("id", "partner_id", "created_at")}
            apart.append({**shared, "salt": salt, "text": text, "version": 1})
        bind.execute(sa.insert(told), apart)
        _rewrite(bind, lines, "digest", "previous", "hash")
    _heads(bind, previous)
    with op.batch_alter_table("audit_change", schema=None) as batch_op:
        batch_op.alter_column("digest", existing_type=sa.String(length=64), server_default=None)
        batch_op.drop_column("reason")
        batch_op.drop_column("fields")
    _close()
    policies.grant(op, "audit_told")
    policies.partner_owned(op, "audit_told")
    walls.raise_walls(op)


def downgrade() -> None:
    walls.lower_walls(op)
    _open()
    op.add_column("audit_change", sa.Column("fields", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("audit_change", sa.Column("reason", sa.String(length=500), nullable=False, server_default=""))
    bind = op.get_bind()
    previous: dict[Any, str] = {}
    for lines in _batches(bind):
        keys = [line["id"] for line in lines]
        texts = dict(bind.execute(sa.select(told.c.id, told.c.text).where(told.c.id.in_(keys))).all())
        for line in lines:
            facts = json.loads(texts.get(line["id"], "{}"))
            line["fields"], line["reason"] = facts.get("fields", {}), facts.get("reason", "")
            line["previous"] = previous.get(line["partner_id"], "")
            previous[line["partner_id"]] = line["hash"] = _once(line)
        _rewrite(bind, lines, "fields", "reason", "previous", "hash")
    _heads(bind, previous)
    with op.batch_alter_table("audit_change", schema=None) as batch_op:
        batch_op.alter_column("fields", existing_type=sa.JSON(), server_default=None)
        batch_op.alter_column("reason", existing_type=sa.String(length=500), server_default=None)
        batch_op.drop_column("digest")
    _close()
    policies.release(op, "audit_told")
    op.drop_table("audit_told")


def _open() -> None:
    """Let the owner of the tables rewrite the lines, this once."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop trigger append_only on audit_change")
        op.execute("drop trigger never_emptied on audit_change")
        for table in ("audit_change", "audit_head", "audit_told"):
            op.execute(f"alter table {table} no force row level security")
        return
    for verb in ("update", "delete"):
        op.execute(f"drop trigger audit_change_no_{verb}")


def _close() -> None:
    policies.append_only(op, "audit_change")
    if op.get_bind().dialect.name == "postgresql":
        for table in ("audit_change", "audit_head"):
            op.execute(f"alter table {table} force row level security")


def _batches(bind: Any) -> Iterator[list[dict[str, Any]]]:
    """The lines, a partner after the other, in the order of the chain."""
    wanted = [name for name in change.c.keys() if name in _columns(bind)]  # noqa: SIM118  names, not columns
    for partner in list(bind.execute(sa.select(change.c.partner_id).distinct()).scalars()):
        last = 0
        while True:
            rows = sa.select(*(change.c[name] for name in wanted)).where(
                change.c.partner_id == partner, change.c.sequence > last
            )
            found = [dict(row) for row in bind.execute(rows.order_by(change.c.sequence).limit(AT_ONCE)).mappings()]
            if not found:
                break
            last = found[-1]["sequence"]
            yield found


def _columns(bind: Any) -> set[str]:
    return {column["name"] for column in sa.inspect(bind).get_columns("audit_change")}


def _rewrite(bind: Any, lines: list[dict[str, Any]], *names: str) -> None:
    written = sa.update(change).where(change.c.id == sa.bindparam("key"))
    written = written.values({name: sa.bindparam(f"new_{name}", type_=change.c[name].type) for name in names})
    bind.execute(written, [{"key": line["id"], **{f"new_{name}": line[name] for name in names}} for line in lines])


def _heads(bind: Any, last: dict[Any, str]) -> None:
    for partner, value in last.items():
        bind.execute(sa.update(head).where(head.c.partner_id == partner).values(hash=value))


def _once(line: dict[str, Any]) -> str:
    """The hash of a line as it was made before this revision."""
    values = {name: line[name] for name in ONCE_HASHED}
    values |= {"at": line["at"].isoformat()}
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _bare(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ", "microseconds")
    return value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)

"""The audit trail's tables, and the hashes that chain its lines.

A line says who did what to which record, and never changes. What it tells of values and reasons stands beside
it, under a hash with a salt of its own: it can be destroyed when a person is erased, and the chain holds.
See docs/decisions/0012-the-trail-forgets-values-and-keeps-its-chain.md.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database.field import Choice, field
from core.database.model import Model
from core.database.ownership import PartnerOwned
from core.language import _

BEGINNING = ""


class Act(Choice):
    """What was done to a record."""

    CREATED = "created", _("Created"), "ok"
    CHANGED = "changed", _("Changed"), "info"
    REMOVED = "removed", _("Removed"), "bad"
    READ = "read", _("Read"), ""
    FORGOTTEN = "forgotten", _("Values erased"), "warn"


class Change(PartnerOwned, Model):
    """One line of the audit trail; the database refuses to change or delete it."""

    __tablename__ = "audit_change"
    __audited__ = False
    __table_args__ = (
        Index("ix_audit_change_entity", "partner_id", "entity", "entity_id", "sequence"),
        Index("ix_audit_change_sequence", "partner_id", "sequence", unique=True),
    )

    sequence: Mapped[int] = field(_("Line"))
    at: Mapped[datetime] = field(_("When"))
    actor: Mapped[str] = field(_("Who"))
    user_id: Mapped[UUID | None] = field(_("User"))
    address: Mapped[str] = field(_("Address"), String(45))
    entity: Mapped[str] = field(_("What"), String(80))
    entity_id: Mapped[UUID] = field(_("Record"))
    act: Mapped[Act] = field(_("Act"), Act)
    digest: Mapped[str] = field(_("Hash of what is told"), String(64))
    previous: Mapped[str] = field(_("Previous hash"), String(64))
    hash: Mapped[str] = field(_("Hash"), String(64))

    told: Mapped["Told | None"] = relationship(viewonly=True, lazy="joined", uselist=False)

    @property
    def fields(self) -> dict[str, Any]:
        """Field → [before, after]; empty when the values were destroyed."""
        return self.told.facts.get("fields", {}) if self.told else {}

    @property
    def reason(self) -> str:
        """Why it was done, as far as it was said and still stands."""
        return self.told.facts.get("reason", "") if self.told else ""


class Told(PartnerOwned, Model):
    """What a line tells: values and reason. Deleted only for a record whose values a later line says erased."""

    __tablename__ = "audit_told"
    __audited__ = False

    id: Mapped[UUID] = mapped_column(ForeignKey("audit_change.id"), primary_key=True, sort_order=-3)
    salt: Mapped[str] = mapped_column(String(32), info={"label": _("Salt")})
    text: Mapped[str] = mapped_column(Text, info={"label": _("What is told")})

    @property
    def facts(self) -> dict[str, Any]:
        """The text, read."""
        return json.loads(self.text)


class ChainHead(PartnerOwned, Model):
    """The last line of a partner's trail; its row is locked while lines are added."""

    __tablename__ = "audit_head"
    __audited__ = False
    __table_args__ = (Index("ix_audit_head_partner", "partner_id", unique=True),)

    sequence: Mapped[int] = field(_("Line"), default=0)
    hash: Mapped[str] = field(_("Hash"), String(64), default=BEGINNING)


# The order in which a line's columns are hashed: all but the hash itself, the predecessor's before them.
HASHED = ("id", "partner_id", "sequence", "at", "actor", "user_id", "address", "entity", "entity_id", "act", "digest",
          "version", "created_at")  # fmt: skip


def link(previous: str, values: Sequence[Any]) -> str:
    """The hash of a line: SHA-256 of its predecessor's and of its bare values in the order of `HASHED`, as JSON."""
    return hashlib.sha256(f"{previous}{_json(values)}".encode()).hexdigest()


def bare(value: Any) -> Any:
    """A value as it is hashed: keys as 32 digits, instants to the microsecond in UTC."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return value


def seal(salt: str, text: str) -> str:
    """The hash under which what is told stands on its line; without the salt nobody can try values against it."""
    return hashlib.sha256(f"{salt}{text}".encode()).hexdigest()


def new_told(facts: dict[str, Any]) -> tuple[str, str]:
    """A salt and the text of what a line tells."""
    return secrets.token_hex(16), _json(facts)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def chained(previous: str, lines: Iterable[dict[str, Any]]) -> str:
    """Give each line its predecessor's hash and its own; the last one's hash."""
    for line in lines:
        line["previous"] = previous
        previous = line["hash"] = link(previous, [bare(line[name]) for name in HASHED])
    return previous

"""Scoring schemes, in editions: what a call once used is never changed."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from core.api import PartnerOwned, _, fact, field, referable
from plugins.housing.models.base import Model
from plugins.housing.rules.scheme import Scheme, read_scheme


class ScoringScheme(PartnerOwned, Model):
    """Groups, criteria and caps that make the points of a call."""

    __tablename__ = "housing_scheme"
    __table_args__ = (
        referable(),
        UniqueConstraint("partner_id", "key", "edition", info={"message": _("This edition is already there.")}),
        CheckConstraint("edition > 0", name="edition"),
    )

    key: Mapped[str] = field(_("Key"), String(40), help=_("A short word, such as sas"))
    edition: Mapped[int] = field(_("Edition"))
    title: Mapped[str] = field(_("Title"), String(120))
    source: Mapped[str | None] = field(_("Approved by"), String(200), help=_("The act that approves it"))
    groups: Mapped[list[dict[str, Any]]] = field(_("Groups and criteria"), JSON)

    def __str__(self) -> str:
        return str(_("%(title)s, edition %(n)s", title=self.title, n=self.edition))

    @property
    def rules(self) -> Scheme:
        """The scheme as the arithmetic reads it."""
        return read_scheme({"key": self.key, "version": self.edition, "groups": self.groups})

    @fact(_("Criteria"))
    def criteria_count(self) -> int:
        """How many criteria it has."""
        return sum(len(group["criteria"]) for group in self.groups)

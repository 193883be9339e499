"""Values that the law, the Region or a partner sets for a stretch of time, each with its source."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from core.database.field import fact, field
from core.database.model import Model
from core.database.ownership import Common, PartnerOwned
from core.database.scope import today
from core.language import Words, _
from core.parameters.declaration import label_of, stated


class Dated:
    """Mixin: a value as exact text, from a day to another or until further notice, both included."""

    key: Mapped[str] = field(_("Parameter"), String(80))
    value: Mapped[str] = field(_("Value"), Text, kind="text")
    valid_from: Mapped[date] = field(_("From"))
    valid_to: Mapped[date | None] = field(_("Until"), help=_("Last day; empty until further notice"))
    source: Mapped[str] = field(_("Source"), String(200), help=_("The act or decision that sets it"))

    @fact(_("Parameter"))
    def label(self) -> Words:
        """What the parameter is called, or its key when the module that declared it is gone."""
        return label_of(self.key)

    @fact(_("Value"))
    def stated(self) -> str:
        """The value as people write it."""
        return stated(self.key, self.value)

    @fact(_("In force today"))
    def in_force(self) -> bool:
        """Whether today is among its days."""
        return self.valid_from <= today() and (self.valid_to is None or today() <= self.valid_to)

    def __str__(self) -> str:
        return f"{self.label}: {self.value}"


class NetworkParameter(Dated, Common, Model):
    """A value that holds for every partner that has not set its own."""

    __tablename__ = "parameters_network"
    __table_args__ = (
        UniqueConstraint("key", "valid_from", info={"message": _("A value from this day is already there.")}),
        CheckConstraint("valid_to is null or valid_to >= valid_from", name="in_order"),
    )


class PartnerParameter(Dated, PartnerOwned, Model):
    """A value that one partner set for itself, before the network's."""

    __tablename__ = "parameters_partner"
    __table_args__ = (
        UniqueConstraint(
            "partner_id", "key", "valid_from", info={"message": _("A value from this day is already there.")}
        ),
        CheckConstraint("valid_to is null or valid_to >= valid_from", name="in_order"),
        Index("ix_parameters_partner_list", "partner_id", "key", "valid_from", "id"),
    )

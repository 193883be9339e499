"""ISTAT's index FOI, as it was published, and the coefficients that link its bases; the same for all partners."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from core.api import Common, Exact, _, fact, field, show_month
from plugins.housing.models.base import Model


class IndexValue(Common, Model):
    """The index of one month."""

    __tablename__ = "housing_index_value"
    __table_args__ = (
        UniqueConstraint("month", "base", info={"message": _("The index of this month is already there.")}),
        CheckConstraint("value > 0", name="value"),
    )

    month: Mapped[date] = field(_("Month"))
    base: Mapped[int] = field(_("Base"), help=_("The year that counts 100, such as 2015"))
    value: Mapped[Decimal] = field(_("Value"), Exact(1))
    source: Mapped[str] = field(_("Source"), String(200))

    def __str__(self) -> str:
        return f"{show_month(self.month)}: {self.value}"

    @fact(_("Month in words"))
    def month_name(self) -> str:
        """The month, as people say it."""
        return show_month(self.month)


class IndexLink(Common, Model):
    """What a value in the later base is multiplied by to be read in the earlier one."""

    __tablename__ = "housing_index_link"
    __table_args__ = (
        UniqueConstraint("from_base", "to_base", info={"message": _("These bases are already linked.")}),
        CheckConstraint("to_base > from_base and coefficient > 0", name="coefficient"),
    )

    from_base: Mapped[int] = field(_("Earlier base"))
    to_base: Mapped[int] = field(_("Later base"))
    coefficient: Mapped[Decimal] = field(_("Coefficient"), Exact(3))
    source: Mapped[str] = field(_("Source"), String(200))

    def __str__(self) -> str:
        return f"{self.from_base} → {self.to_base}: {self.coefficient}"

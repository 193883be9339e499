"""How far each series of protocol numbers has come."""

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from core.database.field import field
from core.database.model import Model
from core.database.ownership import PartnerOwned
from core.language import _


class Counter(PartnerOwned, Model):
    """The last number given in a series of one partner in one year; its row is locked while one is given."""

    __tablename__ = "numbering_counter"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("partner_id", "series", "year"),
        CheckConstraint("last >= 0", name="last"),
    )

    series: Mapped[str] = field(_("Series"), String(40))
    year: Mapped[int] = field(_("Year"))
    last: Mapped[int] = field(_("Last number"), default=0)

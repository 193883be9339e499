"""Privacy notices: each edition stays as it was, because consents were given on it."""

from datetime import date

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from core.database.field import fact, field
from core.database.model import Model
from core.database.ownership import PartnerOwned, referable
from core.database.scope import today
from core.language import Words, _


class Notice(PartnerOwned, Model):
    """One edition of a partner's notice to the people whose data it keeps (GDPR, art. 13 and 14)."""

    __tablename__ = "sharing_notice"
    __table_args__ = (
        UniqueConstraint("partner_id", "edition", info={"message": _("Somebody just wrote another edition.")}),
        referable(),
        CheckConstraint("edition > 0", name="edition"),
    )

    edition: Mapped[int] = field(_("Edition"))
    title: Mapped[str] = field(_("Title"), String(120))
    text: Mapped[str] = field(_("Text"), Text, help=_("As it is read and handed out; a later change is a new edition"))
    valid_from: Mapped[date] = field(_("In use from"))

    def __str__(self) -> str:
        return f"{self.title} · {self.edition}"

    @fact(_("In use"))
    def in_use(self) -> Words:
        """Whether its day has come."""
        return _("Yes") if self.valid_from <= today() else _("No")

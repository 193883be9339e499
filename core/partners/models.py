"""The organisations that work in the system, and the modules each of them runs."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped

from core.database.field import Choice, field, now
from core.database.model import Model
from core.database.ownership import Common, PartnerOwned
from core.language import _


class PartnerKind(Choice):
    """What sort of organisation works in the system."""

    MUNICIPALITY = "municipality", _("Municipality")
    COOPERATIVE = "cooperative", _("Cooperative")
    ASSOCIATION = "association", _("Association")
    OTHER = "other", _("Other organisation")


class Partner(Common, Model):
    """An organisation that works in the system and owns what it writes there."""

    __tablename__ = "partners_partner"
    __table_args__ = (UniqueConstraint("code", info={"message": _("Another partner has this code.")}),)

    code: Mapped[str] = field(_("Code"), String(20), help=_("Short, in capitals: MONTICHIARI"))
    name: Mapped[str] = field(_("Name"), String(200))
    kind: Mapped[PartnerKind] = field(_("Kind"), PartnerKind)
    language: Mapped[str] = field(_("Language"), String(2), default="it")
    accessibility_url: Mapped[str] = field(
        _("Accessibility statement"), String(300), kind="url", default="", help=_("Its address, for the foot of pages")
    )
    privacy_url: Mapped[str] = field(
        _("Privacy notice"), String(300), kind="url", default="", help=_("Its address, for the foot of pages")
    )
    email: Mapped[str | None] = field(_("Contact e-mail"), String(254), kind="email")
    phone: Mapped[str | None] = field(_("Contact telephone"), String(20), kind="phone")
    active: Mapped[bool] = field(_("Active"), default=True)

    def __str__(self) -> str:
        return self.name


class ModuleSwitch(PartnerOwned, Model):
    """Whether a partner runs a module; switching off keeps the row and everything the module wrote."""

    __tablename__ = "partners_module"
    __table_args__ = (
        UniqueConstraint("partner_id", "key", info={"message": _("Somebody else just switched this module.")}),
    )

    key: Mapped[str] = field(_("Module"), String(60))
    enabled: Mapped[bool] = field(_("On"))
    changed_at: Mapped[datetime] = field(_("Switched on or off"), default=now)

    def __str__(self) -> str:
        return self.key

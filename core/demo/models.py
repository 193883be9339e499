"""Which rows belong to the demo network, so that exactly those can be removed."""

from uuid import UUID

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, Session

from core.database.field import field
from core.database.model import Model
from core.database.ownership import Common
from core.language import _


class DemoRow(Common, Model):
    """One row that the demo made; rows made later are removed earlier."""

    __tablename__ = "demo_row"
    __audited__ = False
    __table_args__ = (Index("ix_demo_row_position", "position"),)

    table: Mapped[str] = field(_("Table"), String(63))
    row_id: Mapped[UUID] = field(_("Row"))
    position: Mapped[int] = field(_("Order"))


def has_demo(session: Session) -> bool:
    """Whether this installation holds invented people, so that every page says so."""
    return session.scalars(select(DemoRow.id).limit(1)).first() is not None

"""Files of modules that were purged: their records are gone, and who answers for the partner still reads them."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.database.installed import InstalledModule
from core.database.migrate import core_line
from core.files.models import Attachment

MAY_READ = "core.partner"


def left_behind(session: Session) -> Select[Any]:
    """The partner's attachments whose kind of record belongs neither to the core nor to an installed module."""
    keys = session.scalars(select(InstalledModule.key)).all()
    prefixes = (*core_line().prefixes, *(f"{key}_" for key in keys))
    owned = (Attachment.entity.startswith(prefix, autoescape=True) for prefix in prefixes)
    return select(Attachment).where(*(~one for one in owned)).order_by(Attachment.id)

"""Writing privacy notices: an edition is never changed, the next one takes its place."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.database.scope import today
from core.language import _
from core.refusals import Refusal
from core.sharing.models import Notice


def write_notice(session: Session, *, title: str, text: str, valid_from: date | None = None) -> Notice:
    """Write the next edition of the partner's notice; consents given on earlier ones keep theirs."""
    latest = session.scalars(select(Notice).order_by(Notice.edition.desc()).limit(1)).first()
    if latest is not None and latest.text.strip() == text.strip():
        raise Refusal(_("This text is the same as in edition %(n)s: nothing to write.", n=latest.edition), field="text")
    edition = (session.scalar(select(func.max(Notice.edition))) or 0) + 1
    notice = Notice(edition=edition, title=title.strip(), text=text.strip(), valid_from=valid_from or today())
    session.add(notice)
    session.flush()
    return notice


def notice_in_use(session: Session, on: date) -> Notice | None:
    """The partner's notice on a day: the latest edition whose day has come."""
    return session.scalars(
        select(Notice).where(Notice.valid_from <= on).order_by(Notice.edition.desc()).limit(1)
    ).first()

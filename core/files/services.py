"""Attaching files to records, listing them and taking them away."""

from datetime import date
from pathlib import Path
from typing import IO, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.database.scope import scope_of
from core.files.models import Attachment, AttachmentCategory
from core.files.names import clean_name, extension_of
from core.files.store import LARGEST, store, sweep_if_undone, sweep_when_done
from core.language import _
from core.refusals import Refusal

LARGEST_RECORD = 200 * 1024 * 1024
LARGEST_PARTNER = 20 * 1024**3


def attach(
    session: Session,
    record: Any,
    *,
    name: str,
    stream: IO[bytes],
    category: AttachmentCategory,
    folder: Path,
    expires_on: date | None = None,
    sealed: bool = False,
    largest: int = LARGEST,
    quota: int = LARGEST_PARTNER,
    scanner: str = "",
) -> Attachment:
    """Keep a file beside a record, for the partner of the session; `folder` is `settings.uploads`.

    A `sealed` one stays for good. Refuses what is too large, not of an accepted kind, not what its name says, more
    than the partner's `quota`, or harmful in the eyes of the `scanner`. Of a picture the pixels alone are kept.
    """
    partner = scope_of(session).partner_id
    if partner is None:
        raise Refusal(_("Files are kept in the name of a partner: choose one first."))
    shown = clean_name(name)
    already = session.scalar(_of(record, func.coalesce(func.sum(Attachment.size), 0))) or 0
    stored = store(stream, folder, partner, extension=extension_of(shown), largest=largest, scanner=scanner)
    sweep_if_undone(session, stored.path)
    if already + stored.size > LARGEST_RECORD:
        raise Refusal(
            _("The files of this record would pass %(n)s MB: remove some first.", n=LARGEST_RECORD // 2**20),
            field="file",
        )
    if taken_by_partner(session) + stored.size > quota:
        raise Refusal(
            _("The files of your organisation would pass %(n)s GB: remove some first.", n=quota // 1024**3),
            field="file",
        )
    attachment = Attachment(
        partner_id=partner,
        entity=record.__tablename__,
        entity_id=record.id,
        name=shown,
        content_type=stored.content_type,
        size=stored.size,
        sha256=stored.sha256,
        category=category,
        expires_on=expires_on,
        sealed=sealed,
        stored_as=stored.path.name,
    )
    session.add(attachment)
    session.flush()
    return attachment


def detach(session: Session, attachment: Attachment, *, folder: Path) -> None:
    """Take an attachment away; its bytes go when the transaction has ended well."""
    if attachment.sealed:
        raise Refusal(_("%(name)s is kept for good: it cannot be removed.", name=attachment.name))
    sweep_when_done(session, path_of(attachment, folder))
    session.delete(attachment)
    session.flush()


def taken_by_partner(session: Session) -> int:
    """How many bytes the session's partner keeps."""
    return int(session.scalar(select(func.coalesce(func.sum(Attachment.size), 0))) or 0)


def attachments_of(session: Session, record: Any) -> list[Attachment]:
    """The files the partner keeps beside a record, oldest first."""
    return list(session.scalars(_of(record, Attachment).order_by(Attachment.id)))


def path_of(attachment: Attachment, folder: Path) -> Path:
    """Where its bytes stand."""
    return folder / str(attachment.partner_id) / attachment.stored_as


def _of(record: Any, what: Any) -> Any:
    return select(what).where(Attachment.entity == record.__tablename__, Attachment.entity_id == record.id)

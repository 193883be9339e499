"""Drafting and issuing documents, and giving out again the very bytes that were issued."""

import hashlib
import io
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from core.database.faults import watching
from core.database.installed import InstalledModule
from core.database.merging import keys_of
from core.database.scope import scope_of, today
from core.database.session import is_away
from core.documents.declaration import Declared, declared, declared_as
from core.documents.models import IssuedDocument, Letterhead
from core.documents.printing import CannotPrint, make_pdf
from core.files.models import AttachmentCategory
from core.files.services import attach, path_of
from core.language import _, speaking
from core.language.formats import show_date
from core.numbering.services import next_number
from core.partners.models import Partner
from core.refusals import Refusal

log = logging.getLogger("generazioni.documents")


class Damaged(Refusal):
    """The kept bytes are missing, or are not those that were issued."""


def draft(session: Session, one: Declared, record: Any, *, language: str = "") -> bytes:
    """The document as it would be issued now, marked as a draft; nothing is kept and no number is taken."""
    refuse_untimely(one, record)
    return _made(session, one, record, language, draft=True)


def printed(session: Session, key: str, subject: Any, *, language: str = "") -> bytes:
    """A document for reading now, such as a report: neither marked as a draft nor numbered nor kept."""
    return _made(session, declared_as(key), subject, language, draft=False)


def _made(session: Session, one: Declared, subject: Any, language: str, *, draft: bool) -> bytes:
    partner = _partner(session)
    spoken = language or partner.language
    values = _loaded(session, one, subject, spoken)
    return make_pdf(
        one.kind.key, values, language=spoken, author=partner.name, on=today(), draft=draft,
        sender=sender_of(session, partner), title=title_of(one, values),
    )  # fmt: skip


def issue(session: Session, one: Declared, record: Any, *, folder: Path, language: str = "") -> IssuedDocument:
    """Number the document, make it, keep its bytes and write its line in the register.

    The counter stays locked until the transaction ends, so two clerks who issue at once get one number each,
    and a document that cannot be made gives its number back. A second issue says which one it replaces.
    """
    refuse_untimely(one, record)
    partner = _partner(session)
    spoken = language or partner.language
    values = _loaded(session, one, record, spoken)
    number = next_number(session, one.kind.series, on=today())
    before = last_issued(session, one, record)
    made = make_pdf(
        one.kind.key, values, language=spoken, author=partner.name, number=number, on=today(),
        sender=sender_of(session, partner), title=title_of(one, values), replaces=_replacement(before),
    )  # fmt: skip
    with speaking(partner.language):
        label = str(one.kind.label)
    issued = IssuedDocument(
        id=uuid7(), number=number, kind=one.kind.key, label=label, module=one.module,
        entity=record.__tablename__, entity_id=record.id, issued_on=today(), issued_by=scope_of(session).actor,
        language=spoken, sha256=hashlib.sha256(made).hexdigest(), replaces=before.number if before else "",
    )  # fmt: skip
    kept = attach(
        session, issued, name=f"{number.replace('/', '-')}.pdf", stream=io.BytesIO(made),
        category=AttachmentCategory.ISSUED, folder=folder, sealed=True,
    )  # fmt: skip
    issued.attachment_id = kept.id
    session.add(issued)
    session.flush()
    return issued


def bytes_of(issued: IssuedDocument, *, folder: Path) -> bytes:
    """The very bytes that were issued; they are never made again, even if they are lost."""
    path = path_of(issued.attachment, folder)
    if not path.is_file():
        raise Damaged(_("The file of %(number)s is missing from the archive: restore it from a backup.", number=issued))
    kept = path.read_bytes()
    if hashlib.sha256(kept).hexdigest() != issued.sha256:
        raise Damaged(
            _("The file of %(number)s is not the one that was issued: restore it from a backup.", number=issued)
        )
    return kept


def refuse_untimely(one: Declared, record: Any) -> None:
    """Refuse a document that makes no sense for the record as it is now."""
    if not one.kind.when(record):
        raise Refusal(_("“%(document)s” cannot be made now.", document=one.kind.label))


def visible(session: Session) -> Select[IssuedDocument]:
    """The lines of the register that the session may see: of modules that are on, of kinds it may open."""
    scope = scope_of(session)
    if scope.operator:
        return select(IssuedDocument)
    hidden = [one.kind.key for one in declared() if not scope.may(one.kind.permission)]
    of_modules_on = and_(IssuedDocument.module.in_(["", *sorted(scope.modules)]), IssuedDocument.kind.not_in(hidden))
    return select(IssuedDocument).where(or_(of_modules_on, of_purged_module()))


def of_purged_module() -> ColumnElement[bool]:
    """Whether the module is not installed any more: what was issued stays in the register all the same."""
    return and_(IssuedDocument.module != "", IssuedDocument.module.not_in(select(InstalledModule.key)))


def issued_of(session: Session, record: Any) -> list[IssuedDocument]:
    """What was issued of a record, newest first, within what the session may see."""
    return list(session.scalars(_of(visible(session), record)))


def last_issued(session: Session, one: Declared, record: Any) -> IssuedDocument | None:
    """The document of this kind that was issued of the record before, if any."""
    wanted = _of(select(IssuedDocument), record).where(IssuedDocument.kind == one.kind.key)
    return session.scalars(wanted.limit(1)).first()


def _of(statement: Select[IssuedDocument], record: Any) -> Select[IssuedDocument]:
    return statement.where(
        IssuedDocument.entity == record.__tablename__, IssuedDocument.entity_id.in_(keys_of(record))
    ).order_by(IssuedDocument.id.desc())


def title_of(one: Declared, values: Mapping[str, Any]) -> Any:
    """The title that the loaded values give, else the kind's name."""
    return values.get("title") or one.kind.label


def _replacement(before: IssuedDocument | None) -> Any:
    if before is None:
        return ""
    return _("Replaces %(number)s of %(day)s", number=before.number, day=show_date(before.issued_on))


def _loaded(session: Session, one: Declared, record: Any, language: str) -> dict[str, Any]:
    """What the template shows, in the document's language; a loader that fails hurts nothing else."""
    try:
        with watching(one.module, f"document {one.kind.key}"), speaking(language), session.begin_nested():
            values: dict[str, Any] = one.kind.load(session, record)
    except Refusal:
        raise
    except Exception as error:
        if is_away(error):
            raise
        log.exception("the values of %s could not be loaded", one.kind.key)
        raise CannotPrint(
            _("“%(document)s” could not be made: tell the administrator.", document=one.kind.label)
        ) from error
    return values


def _partner(session: Session) -> Partner:
    found = session.get(Partner, scope_of(session).partner_id) if scope_of(session).partner_id else None
    if found is None:
        raise Refusal(_("Documents are issued in the name of a partner: choose one first."))
    return found


def sender_of(session: Session, partner: Partner) -> dict[str, Any]:
    """Name, address and signature of the partner, as its letterhead says them."""
    head = session.scalars(select(Letterhead)).first()
    if head is None:
        return {"name": partner.name}
    address = [line.strip() for line in f"{head.address}\n{head.contacts}".splitlines()]
    return {
        "name": partner.name, "address": [line for line in address if line], "place": head.place,
        "signed_by": head.signed_by, "signed_as": head.signed_as,
    }  # fmt: skip


def write_letterhead(session: Session, **told: Any) -> Letterhead:
    """The partner's letterhead; there is one."""
    if session.scalars(select(Letterhead.id)).first() is not None:
        raise Refusal(_("The letterhead is already there: change that one."))
    head = Letterhead(**{name: value or "" for name, value in told.items()})
    session.add(head)
    session.flush()
    return head


def change_letterhead(session: Session, head: Letterhead, **told: Any) -> Letterhead:
    """Documents issued from now on carry it so; those already issued stay as they are."""
    for name, value in told.items():
        setattr(head, name, value or "")
    session.flush()
    return head

"""Keeping, finding again and throwing away drafts: each user's own, for thirty days."""

import base64
import hmac
import json
from collections.abc import Sequence
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.database.field import now
from core.database.scope import scope_of
from core.drafts.models import Draft
from core.language import _
from core.refusals import Refusal

LASTING = timedelta(days=30)
LONGEST_PAGE = 300
Fields = Sequence[tuple[str, str]]


def keep_draft(session: Session, page: str, *, fields: Fields, secret: str) -> Draft:
    """Keep what was typed in a page's form over what was kept of it before; drafts that are too old go."""
    scope = scope_of(session)
    if scope.partner_id is None or scope.user_id is None:
        raise Refusal(_("Drafts are kept in the name of a partner: choose one first."))
    if len(page) > LONGEST_PAGE:
        raise Refusal(_("The address of this page is too long for a draft."))
    session.execute(delete(Draft).where(Draft.partner_id == scope.partner_id, Draft.kept_at < now() - LASTING))
    draft = draft_of(session, page)
    if draft is None:
        draft = Draft(user_id=scope.user_id, page=page)
        session.add(draft)
    draft.sealed, draft.kept_at = _seal(secret).encrypt(json.dumps(list(fields)).encode()).decode(), now()
    session.flush()
    return draft


def draft_of(session: Session, page: str) -> Draft | None:
    """The session's user's draft of a page, unless it is too old."""
    own = (Draft.user_id == scope_of(session).user_id, Draft.page == page, Draft.kept_at >= now() - LASTING)
    return session.scalars(select(Draft).where(*own)).first()


def typed_in(draft: Draft, *, secret: str) -> list[tuple[str, str]]:
    """The fields of a draft; none when the installation's key has changed since."""
    try:
        return [(name, value) for name, value in json.loads(_seal(secret).decrypt(draft.sealed))]
    except InvalidToken:
        return []


def discard_draft(session: Session, page: str) -> None:
    """Throw the session's user's draft of a page away, if there is one."""
    session.execute(delete(Draft).where(Draft.user_id == scope_of(session).user_id, Draft.page == page))


def _seal(secret: str) -> Fernet:
    """A key of its own, made from the installation's: who reads the database alone reads no draft."""
    return Fernet(base64.urlsafe_b64encode(hmac.digest(secret.encode(), b"generazioni drafts", "sha256")))

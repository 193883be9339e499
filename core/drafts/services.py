"""Keeping, finding again and throwing away drafts: each user's own, for thirty days."""

import json
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.database.field import now
from core.database.scope import scope_of
from core.database.sealing import CannotOpen, seal, unseal
from core.drafts.models import Draft
from core.language import _
from core.refusals import Refusal

LASTING = timedelta(days=30)
LONGEST_PAGE = 300
Fields = Sequence[tuple[str, str]]


def keep_draft(session: Session, page: str, *, fields: Fields) -> Draft:
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
    seal(session, draft, "sealed", json.dumps(list(fields)))
    draft.kept_at = now()
    session.flush()
    return draft


def draft_of(session: Session, page: str) -> Draft | None:
    """The session's user's draft of a page, unless it is too old."""
    own = (Draft.user_id == scope_of(session).user_id, Draft.page == page, Draft.kept_at >= now() - LASTING)
    return session.scalars(select(Draft).where(*own)).first()


def typed_in(session: Session, draft: Draft) -> list[tuple[str, str]]:
    """The fields of a draft; none when the key it was sealed with is gone."""
    try:
        return [(name, value) for name, value in json.loads(unseal(session, draft, "sealed"))]
    except CannotOpen:
        return []


def discard_draft(session: Session, page: str) -> None:
    """Throw the session's user's draft of a page away, if there is one."""
    session.execute(delete(Draft).where(Draft.user_id == scope_of(session).user_id, Draft.page == page))

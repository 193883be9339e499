"""Telling a purpose."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.database.field import now
from core.database.scope import scope_of, today
from core.language import _
from core.parameters.services import value_if_set
from core.refusals import Forbidden, Refusal
from core.special.models import LONGEST_NOTE, SHORTEST_NOTE, Purpose, ToldPurpose
from core.special.reading import READ, Told

MINUTES, UNLESS_SET, MOST = "purpose_minutes", 15, 60
KEPT = timedelta(days=1)


def told(purpose: Purpose, note: str | None = None) -> Told:
    """The purpose with its words; something else wants to be said."""
    note = " ".join((note or "").split())
    if purpose is Purpose.OTHER and len(note) < SHORTEST_NOTE:
        raise Refusal(
            _("Say in a few words what you read it for: %(n)s characters at least.", n=SHORTEST_NOTE), field="note"
        )
    if len(note) > LONGEST_NOTE:
        raise Refusal(_("Write at most %(n)s characters.", n=LONGEST_NOTE), field="note")
    return Told(purpose, note)


def tell_purpose(session: Session, subject: UUID, *, purpose: Purpose, note: str | None = None) -> ToldPurpose:
    """Open the special data of a person to this user and visit for some minutes; what is long over is forgotten."""
    scope = scope_of(session)
    if not scope.may(READ) or scope.visit_id is None or scope.user_id is None:
        raise Forbidden(_("Your role does not read special data. Ask the head of your organisation."))
    said, at = told(purpose, note), now()
    session.execute(delete(ToldPurpose).where(ToldPurpose.expires_at < at - KEPT))
    kept = ToldPurpose(
        user_id=scope.user_id, visit_id=scope.visit_id, subject_id=subject, purpose=said.purpose,
        note=said.note or None, expires_at=at + timedelta(minutes=minutes(session)),
    )  # fmt: skip
    session.add(kept)
    session.flush()
    session.info.pop("purposes", None)
    return kept


def minutes(session: Session) -> int:
    """For how long a purpose opens special data: an hour at most, whatever is set."""
    return min(int(value_if_set(session, MINUTES, on=today()) or UNLESS_SET), MOST)

"""Educational support: contacts with households in difficulty, and the short note for who follows the debt."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from core.api import Refusal, _, scope_of, today
from plugins.housing.models import Lease, SocialNote, SupportContact
from plugins.housing.services.ladder import close_contact_step


def record_contact(
    session: Session, *, lease: Lease, made_on: date, made_by: str | None = None, next_on: date | None = None,
    **rest: Any,
) -> SupportContact:  # fmt: skip
    """Write down a contact or the attempt of one; it is also the ladder's step, when one waits."""
    if made_on > today():
        raise Refusal(_("Write the day of the contact: it cannot be in the future."), field="made_on")
    if next_on is not None and next_on <= made_on:
        raise Refusal(_("The next contact comes after this one."), field="next_on")
    contact = SupportContact(made_on=made_on, made_by=made_by or scope_of(session).actor, next_on=next_on)
    with session.no_autoflush:
        for name, value in {"lease": lease, **rest}.items():
            setattr(contact, name, value)
        session.add(contact)
    session.flush()
    close_contact_step(session, contact)
    return contact


def write_note(session: Session, lease: Lease, *, text: str) -> SocialNote:
    """Add a note; the earlier ones stay."""
    note = SocialNote(text=text, written_by=scope_of(session).actor)
    session.add(note)
    note.lease = lease
    session.flush()
    return note


def note_of(lease: Lease) -> SocialNote | None:
    """The last note, which is the one shown."""
    return lease.social_notes[-1] if lease.social_notes else None

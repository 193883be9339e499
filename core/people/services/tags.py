"""Putting words of the closed list beside people, and taking them away."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database.scope import scope_of
from core.language import _, speaking
from core.people.models import Person, PersonTag, Tag
from core.people.models.tag import LISTED
from core.refusals import Refusal


def load_tags(session: Session) -> int:
    """Bring the closed list up to what is shipped and say how many words were added."""
    there = set(session.scalars(select(Tag.code)))
    with speaking("en"):
        new = [Tag(code=code, name=str(word)) for code, word in LISTED.items() if code not in there]
    session.add_all(new)
    session.flush()
    return len(new)


def tags_of(session: Session, person: Person) -> list[Tag]:
    """The words that may be seen beside a person."""
    found = select(Tag).where(Tag.id.in_(select(PersonTag.tag_id).where(PersonTag.person_id == person.id)))
    return sorted(session.scalars(found), key=str)


def tag(session: Session, person: Person, *, tag: Tag) -> PersonTag:
    """Put a word of the list beside a person."""
    if _own(session, person, tag) is not None:
        raise Refusal(_("%(name)s already has the tag “%(tag)s”.", name=person, tag=tag), field="tag")
    put = PersonTag(person=person, tag=tag)
    session.add(put)
    session.flush()
    return put


def untag(session: Session, person: Person, *, tag: Tag) -> None:
    """Take away a word that this partner put there."""
    put = _own(session, person, tag)
    if put is None:
        raise Refusal(_("%(name)s does not have the tag “%(tag)s” from you.", name=person, tag=tag), field="tag")
    session.delete(put)
    session.flush()


def _own(session: Session, person: Person, tag: Tag) -> PersonTag | None:
    return session.scalars(
        select(PersonTag).where(
            PersonTag.person_id == person.id,
            PersonTag.tag_id == tag.id,
            PersonTag.registered_by_id == scope_of(session).partner_id,
        )
    ).first()

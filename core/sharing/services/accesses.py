"""The rows that a share or an emergency opens a person with, and that its end closes."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.database.scope import today
from core.database.visibility import SUMMARY, PersonAccess
from core.people.models import Person
from core.sharing.models import Emergency, Share
from core.sharing.needs import module


def open_by_share(session: Session, share: Share, person: Person) -> None:
    """Let the taker see as much of the person as the share's level and module need."""
    wanted, level = module(share.module), share.level.rank
    session.add(
        PersonAccess(
            partner_id=share.taker_id, giver_id=share.giver_id, person_id=share.person_id, level=level,
            household=wanted.opens_household(level), isee=wanted.opens_isee(level), basis=share_basis(share.id),
            valid_from=share.valid_from, valid_to=share.valid_to, sort_name=person.sort_name, search=person.search,
        )
    )  # fmt: skip
    session.flush()


def open_by_emergency(session: Session, emergency: Emergency) -> None:
    """Let the taker see summaries at once; the name is copied as soon as it may be read."""
    access = PersonAccess(
        partner_id=emergency.taker_id, giver_id=emergency.giver_id, person_id=emergency.person_id, level=SUMMARY,
        household=True, isee=False, basis=emergency_basis(emergency.id), valid_from=today(),
        expires_at=emergency.expires_at, sort_name="", search="",
    )  # fmt: skip
    session.add(access)
    session.flush()
    forget_sights(session)
    person = session.get_one(Person, emergency.person_id)
    access.sort_name, access.search = person.sort_name, person.search
    session.flush()


def close(session: Session, basis: str) -> None:
    """Take the sight away, from the next question on."""
    session.execute(delete(PersonAccess).where(PersonAccess.basis == basis))
    forget_sights(session)


def remove_ended(session: Session, giver_id: UUID, *, on: date, at: datetime) -> int:
    """Remove rows whose time is over: they opened nothing any more."""
    over = (PersonAccess.valid_to < on) | (PersonAccess.expires_at <= at)
    gone = session.execute(delete(PersonAccess).where(PersonAccess.giver_id == giver_id, over))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def forget_sights(session: Session) -> None:
    """What the session knew of its sights is asked again."""
    session.info.pop("sights", None)


def share_basis(key: UUID) -> str:
    """How an access names the share it comes from."""
    return f"share:{key.hex}"


def emergency_basis(key: UUID) -> str:
    """How an access names the emergency it comes from; the table's policy looks it up by this."""
    return f"urgent:{key.hex}"

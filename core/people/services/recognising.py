"""Recognising somebody who is already registered: by this partner, or by one that may not be named."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.language import _
from core.people.known import known_elsewhere
from core.people.models import Merge, Person, PersonState
from core.people.rules import codice_fiscale as code_rules
from core.people.rules.duplicates import CERTAIN, Sign
from core.people.services.roster import roster_of
from core.people.services.similar import Similar, similar_people
from core.refusals import Refusal

SAME_CODE = Sign(CERTAIN, _("Same codice fiscale"))


class AlreadyRegistered(Refusal):
    """Somebody that this partner sees has the same codice fiscale; `found` is that person."""

    def __init__(self, person: Person) -> None:
        super().__init__(
            _("%(name)s has this codice fiscale and is already registered: open that page.", name=person),
            field="codice_fiscale",
        )
        self.person = person
        self.found = [Similar(person, CERTAIN, (SAME_CODE,))]


class KnownElsewhere(Refusal):
    """Another partner registered this codice fiscale: that, and nothing else."""

    def __init__(self) -> None:
        super().__init__(_("This person is already known to another partner: ask to share."), field="codice_fiscale")


def refuse_known(session: Session, codice_fiscale: str | None, *, besides: Person | None = None) -> None:
    """Refuse a codice fiscale that somebody already has, saying who only when this partner may know."""
    if not codice_fiscale:
        return
    roster = roster_of(session)
    if roster and roster.codes.get(codice_fiscale) is False:
        return
    with session.no_autoflush:
        # Nobody at all is the usual answer, and the cheaper question.
        if not known_elsewhere(session, codice_fiscale):
            return
        person = with_code(session, codice_fiscale)
    if person is None:
        raise KnownElsewhere
    if person is not besides:
        raise AlreadyRegistered(person)


def with_code(session: Session, codice_fiscale: str) -> Person | None:
    """The person with this codice fiscale, among those that this partner sees; who it was merged into, if it was."""
    person = session.scalars(select(Person).where(Person.codice_fiscale == codice_fiscale)).first()
    return None if person is None else who_stayed(session, person)


def who_stayed(session: Session, person: Person) -> Person | None:
    """The person a sheet became part of, or the sheet itself; None when this partner does not see who stayed."""
    if person.state is not PersonState.MERGED:
        return person
    stays = select(Merge.person_id).where(Merge.merged_id == person.id, Merge.undone_at.is_(None))
    return session.scalars(select(Person).where(Person.id.in_(stays))).first()


def look_alikes(
    session: Session,
    *,
    surname: str | None = None,
    name: str | None = None,
    birth_date: date | None = None,
    codice_fiscale: str | None = None,
    phone: str | None = None,
    email: str | None = None,
) -> tuple[list[Similar], bool]:
    """Who looks like the person being typed, and whether another partner knows that exact codice fiscale."""
    code, same = _readable(codice_fiscale), None
    if code:
        same = with_code(session, code)
    found = similar_people(
        session, surname=surname, name=name, birth_date=birth_date, codice_fiscale=code, phone=phone, email=email,
        besides=same,
    )  # fmt: skip
    if same is not None:
        return [Similar(same, CERTAIN, (SAME_CODE,)), *found], False
    return found, bool(code) and known_elsewhere(session, code)


def _readable(codice_fiscale: str | None) -> str:
    """The code as it is kept; empty while it is still being typed."""
    try:
        return code_rules.check(codice_fiscale) if codice_fiscale else ""
    except Refusal:
        return ""

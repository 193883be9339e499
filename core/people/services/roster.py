"""What the visible people are recognised by, kept in memory once somebody asks of many: a list being imported."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people.models import Person

OFTEN = 50
MOST = 200_000
TRAITS = ("sort_name", "birth_date", "phone", "email")


@dataclass
class Roster:
    """Every name, date of birth, telephone and e-mail of the people that a session sees.

    It only answers that nobody can be alike: whatever it holds is then asked of the database. What others
    register meanwhile it does not know, as a clerk who asked a minute ago would not.
    """

    asked: int = 0
    known: set[str | date] | None = None

    def add(self, person: Person) -> None:
        """Note somebody who was just registered or corrected."""
        if self.known is not None:
            self.known.update(value for name in TRAITS if (value := getattr(person, name)))

    def may_hold(self, session: Session, values: tuple[Any, ...]) -> bool:
        """Whether somebody may have one of the values; always, until enough was asked to be worth the reading."""
        self.asked += 1
        if self.asked == OFTEN:
            rows = session.execute(select(*(getattr(Person, name) for name in TRAITS)).limit(MOST + 1)).all()
            self.known = {value for row in rows for value in row if value} if len(rows) <= MOST else None
        return self.known is None or any(value in self.known for value in values if value)


def roster_of(session: Session) -> Roster:
    """The session's own roster."""
    found: Roster = session.info.setdefault("roster", Roster())
    return found

"""What follows from a household's answers and is not told until somebody says what they read it for."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import Words, _, is_withheld
from plugins.housing.models import Application, Call, RankingRow
from plugins.housing.rules.comparison import Move
from plugins.housing.rules.ranking import TieBreaker

# Tie-breakers that tell something of the household's health.
TELLING = frozenset({TieBreaker.DISABILITY})


def tie_words(breaker: TieBreaker) -> Words:
    """A tie-breaker where many applications stand together: what tells of somebody's health is not named there."""
    return _("a declared condition") if breaker in TELLING else breaker.label


def answers_withheld(session: Session, rows: Iterable[RankingRow]) -> set[str]:
    """The protocols of those rows whose addends and ties may not be read now."""
    rows = list(rows)
    keys = [row.application_id for row in rows]
    asked = select(Application).where(Application.id.in_(keys))
    there = {one.id: one for one in session.scalars(asked).unique()}  # asked together, not row by row
    return {row.protocol for row in rows if is_withheld(there[row.application_id], "answers")}


def without_answers(session: Session, call: Call, moves: Sequence[Move]) -> tuple[list[Move], set[str]]:
    """The moves, less the criteria of applications whose answers may not be read now; and the protocols of these."""
    applications = session.scalars(select(Application).where(Application.call_id == call.id)).unique()
    closed = {one.protocol for one in applications if is_withheld(one, "answers")}
    shown = [replace(one, differences=()) if one.application in closed else one for one in moves]
    return shown, {one.application for one in moves if one.differences and one.application in closed}

"""What stands where: homes by state, the last calls and how far each has come."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from plugins.housing.models import Application, Call, CallDwelling, Dwelling, DwellingState, Ranking


def homes_by_state(session: Session) -> list[tuple[DwellingState, int]]:
    """How many homes stand in each state."""
    counted = dict(session.execute(select(Dwelling.state, func.count()).group_by(Dwelling.state)).all())
    return [(state, counted[state]) for state in DwellingState if state in counted]


@dataclass(frozen=True)
class CallInShort:
    """A call with what it offers, who answered, and its last ranking."""

    call: Call
    homes: int
    applications: int
    ranking: Ranking | None


def recent_calls(session: Session) -> list[CallInShort]:
    """The last calls, newest first, with how far each has come."""
    calls = list(session.scalars(select(Call).order_by(Call.opens_on.desc()).limit(6)))
    keys = [call.id for call in calls]
    homes = _counted(session, CallDwelling.call_id, keys)
    applications = _counted(session, Application.call_id, keys)
    versions = session.scalars(select(Ranking).where(Ranking.call_id.in_(keys)).order_by(Ranking.edition))
    last = {ranking.call_id: ranking for ranking in versions}
    return [CallInShort(one, homes.get(one.id, 0), applications.get(one.id, 0), last.get(one.id)) for one in calls]


def _counted(session: Session, column: Any, keys: list[UUID]) -> dict[UUID, int]:
    """How many rows each of the calls has."""
    counted = select(column, func.count()).where(column.in_(keys)).group_by(column)
    return dict(session.execute(counted).all())

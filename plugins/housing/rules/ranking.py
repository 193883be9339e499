"""The order of a ranking: points first, then the call's tie-breakers, each decision recorded (R-H4)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from itertools import pairwise
from typing import Any

from core.api import Choice, _


class TieBreaker(Choice):
    """What decides between equal totals."""

    LOWER_ISEE = "lower_isee", _("Lower ISEE")
    DISABILITY = "disability", _("Certified disability in the household")
    MORE_MINORS = "more_minors", _("More minors")
    EARLIER_SUBMISSION = "earlier_submission", _("Earlier submission")
    DRAW = "draw", _("Recorded draw")


@dataclass(frozen=True)
class Candidate:
    """What the order looks at; `application` is the number that may be published."""

    application: str
    total: Decimal
    isee: Decimal | None
    disability: bool
    minors: int
    submitted_at: datetime

    def __post_init__(self) -> None:
        if self.submitted_at.tzinfo is None:
            raise ValueError(f"the submission of {self.application} needs its time zone")


@dataclass(frozen=True)
class Place:
    """A row of a ranking.

    Equal totals are told apart by the tie-breaker that sets the row behind the one above
    (`behind_by`) or ahead of the one below (`ahead_by`); None where the totals differ.
    """

    position: int
    candidate: Candidate
    draw: str
    behind_by: TieBreaker | None = None
    ahead_by: TieBreaker | None = None

    @property
    def is_tied(self) -> bool:
        """Whether another row has the same total."""
        return self.behind_by is not None or self.ahead_by is not None


def draw_key(call: str, application: str) -> str:
    """The lot of an application: nobody can choose it, everybody can compute it again."""
    return sha256(f"{call}|{application}".encode()).hexdigest()


def order(call: str, candidates: Iterable[Candidate], tie_breakers: Sequence[TieBreaker]) -> list[Place]:
    """The places of a call, best first, whatever the order the candidates come in.

    The draw closes the list even when the call does not name it, so no two rows are ever equal.
    """
    breakers = _with_draw(tie_breakers)
    standings = {candidate: _standing(call, candidate, breakers) for candidate in _without_doubles(candidates)}
    ordered = sorted(standings, key=standings.__getitem__)
    decided = [_decided_by(standings[above], standings[below], breakers) for above, below in pairwise(ordered)]
    edges = [None, *decided, None]
    return [
        Place(position, candidate, draw_key(call, candidate.application), edges[position - 1], edges[position])
        for position, candidate in enumerate(ordered, start=1)
    ]


def _with_draw(tie_breakers: Sequence[TieBreaker]) -> tuple[TieBreaker, ...]:
    named = tuple(dict.fromkeys(tie_breakers))
    return named if TieBreaker.DRAW in named else (*named, TieBreaker.DRAW)


def _without_doubles(candidates: Iterable[Candidate]) -> list[Candidate]:
    listed = list(candidates)
    if len({candidate.application for candidate in listed}) < len(listed):
        raise ValueError("an application stands twice among the candidates")
    return listed


def _standing(call: str, candidate: Candidate, breakers: Sequence[TieBreaker]) -> tuple[Any, ...]:
    """What is compared, smallest first: the total, then one value for each tie-breaker."""
    return (-candidate.total, *(_READINGS[breaker](call, candidate) for breaker in breakers))


def _decided_by(above: tuple[Any, ...], below: tuple[Any, ...], breakers: Sequence[TieBreaker]) -> TieBreaker | None:
    if above[0] != below[0]:
        return None
    pairs = zip(breakers, above[1:], below[1:], strict=True)
    return next((breaker for breaker, mine, other in pairs if mine != other), None)


def _isee(call: str, candidate: Candidate) -> tuple[bool, Decimal]:
    """Who shows no ISEE comes after whoever shows one."""
    return (candidate.isee is None, candidate.isee or Decimal(0))


_READINGS: dict[TieBreaker, Callable[[str, Candidate], Any]] = {
    TieBreaker.LOWER_ISEE: _isee,
    TieBreaker.DISABILITY: lambda call, candidate: not candidate.disability,
    TieBreaker.MORE_MINORS: lambda call, candidate: -candidate.minors,
    TieBreaker.EARLIER_SUBMISSION: lambda call, candidate: candidate.submitted_at,
    TieBreaker.DRAW: lambda call, candidate: draw_key(call, candidate.application),
}

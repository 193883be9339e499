"""Points of an application under a scheme, each addend explained (R-H3)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.api import half_up
from plugins.housing.rules.requirements import Answer, Answers
from plugins.housing.rules.scheme import NOTHING, Criterion, CriterionKind, Group, Scheme


@dataclass(frozen=True)
class ScoreLine:
    """One addend: what was answered, what it is worth, and what is left of it under the group's cap."""

    group: str
    criterion: str
    datum: Answer
    points: Decimal
    counted: Decimal


@dataclass(frozen=True)
class Score:
    """The points of one application, and why."""

    lines: tuple[ScoreLine, ...]

    @property
    def total(self) -> Decimal:
        """The sum over groups of min(points, cap)."""
        return sum((line.counted for line in self.lines), NOTHING)

    def of_group(self, group: str) -> Decimal:
        """What a group counts for, after its cap."""
        return sum((line.counted for line in self.lines if line.group == group), NOTHING)


def score(scheme: Scheme, answers: Answers) -> Score:
    """The points of an application; an answer not given is worth nothing and still has its line."""
    return Score(tuple(line for group in scheme.groups for line in _lines(group, answers)))


def _lines(group: Group, answers: Answers) -> Iterable[ScoreLine]:
    """Each line counts what it adds to min(sum so far, cap), so the counted points add up to the capped sum."""
    reached = NOTHING
    for criterion in group.criteria:
        datum = answers.get(criterion.key)
        points = half_up(NOTHING if datum is None else _FORMULAS[criterion.kind](criterion, datum))
        counted = min(reached + points, group.cap) - min(reached, group.cap)
        reached += points
        yield ScoreLine(group.key, criterion.key, datum, points, half_up(counted))


def _step(criterion: Criterion, datum: Decimal | int) -> Decimal:
    reached = [step for step in criterion.steps if step[0] <= datum]
    return max(reached)[1] if reached else NOTHING


def _linear_isee(criterion: Criterion, isee: Decimal | int) -> Decimal:
    """The points × (limit less ISEE) / limit, never below zero nor above the points."""
    limit = criterion.limit or NOTHING
    return max(NOTHING, min(criterion.points, criterion.points * (limit - isee) / limit))


_FORMULAS: dict[CriterionKind, Callable[[Criterion, Decimal | int], Decimal]] = {
    CriterionKind.AWARDED: lambda criterion, datum: Decimal(datum),
    CriterionKind.YES_NO: lambda criterion, datum: criterion.points if datum is True else NOTHING,
    CriterionKind.EACH: lambda criterion, datum: criterion.points * datum,
    CriterionKind.STEPS: _step,
    CriterionKind.LINEAR_ISEE: _linear_isee,
}

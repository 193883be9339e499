"""Who may enter a ranking (R-H1).

A number of years of residence is no requirement and is offered nowhere: Corte cost. 44/2020 voided it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

Answer = Decimal | int | bool | None
Answers = Mapping[str, Answer]


@dataclass(frozen=True)
class Ceiling:
    """An amount that may be reached and not passed, such as the ISEE of a call."""

    rule: str
    criterion: str
    limit: Decimal

    def is_met(self, answers: Answers) -> bool:
        """A missing amount proves nothing, so it does not meet the ceiling."""
        answer = answers.get(self.criterion)
        return answer is not None and answer <= self.limit


@dataclass(frozen=True)
class Condition:
    """Something that must be so in at least one of several ways: resident, or at work, in the district."""

    rule: str
    any_of: tuple[str, ...]

    def is_met(self, answers: Answers) -> bool:
        """Only a declared yes counts."""
        return any(answers.get(criterion) is True for criterion in self.any_of)


Requirement = Ceiling | Condition


@dataclass(frozen=True)
class Exclusion:
    """A requirement an application does not meet; `rule` is all that may be published of it."""

    rule: str
    criterion: str
    datum: Answer
    limit: Decimal | None = None


def exclusions(requirements: Iterable[Requirement], answers: Answers) -> list[Exclusion]:
    """Every requirement not met, in the order of the call; none means admitted.

    An exclusion whose datum is None was never answered: ask for it before excluding anybody.
    """
    return [_exclusion(requirement, answers) for requirement in requirements if not requirement.is_met(answers)]


@dataclass(frozen=True)
class Verdict:
    """What the answers say of a requirement: met, not met, or None when nobody answered."""

    requirement: Requirement
    datum: Answer
    met: bool | None


def examine(requirements: Iterable[Requirement], answers: Answers) -> list[Verdict]:
    """Every requirement with the datum that decides it, in the order of the call."""
    verdicts = []
    for requirement in requirements:
        met, found = requirement.is_met(answers), _exclusion(requirement, answers)
        datum = True if met and isinstance(requirement, Condition) else found.datum
        verdicts.append(Verdict(requirement, datum, None if datum is None else met))
    return verdicts


def _exclusion(requirement: Requirement, answers: Answers) -> Exclusion:
    if isinstance(requirement, Ceiling):
        datum = answers.get(requirement.criterion)
        return Exclusion(requirement.rule, requirement.criterion, datum, requirement.limit)
    given = [answers[criterion] for criterion in requirement.any_of if answers.get(criterion) is not None]
    return Exclusion(requirement.rule, requirement.any_of[0], given[0] if given else None)

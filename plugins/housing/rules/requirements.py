"""Who may enter a ranking (R-H1) and how many homes are kept for whom (R-H2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from core.api import half_up

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


def _exclusion(requirement: Requirement, answers: Answers) -> Exclusion:
    if isinstance(requirement, Ceiling):
        datum = answers.get(requirement.criterion)
        return Exclusion(requirement.rule, requirement.criterion, datum, requirement.limit)
    given = [answers[criterion] for criterion in requirement.any_of if answers.get(criterion) is not None]
    return Exclusion(requirement.rule, requirement.any_of[0], given[0] if given else None)


def is_indigent(isee: Decimal, *, limit: Decimal, attested: bool, attestation_needed: bool) -> bool:
    """Whether a household counts as indigent (r.r. 4/2017 art. 13 c. 1).

    Some districts want the social services to attest it besides, others do not: the call says.
    """
    return isee <= limit and (attested or not attestation_needed)


def indigent_reserve(homes: int, share: Decimal) -> int:
    """Homes kept for indigent households: any fraction makes a whole one (r.r. 4/2017 art. 13 c. 3)."""
    return int((share * homes).to_integral_value(rounding=ROUND_CEILING))


def other_reserve(homes: int, share: Decimal) -> int:
    """Homes kept for the other groups of a call: half-up (r.r. 4/2017 art. 15 c. 1-ter)."""
    return int(half_up(share * homes, 0))

"""A call's ranking drawn up from its applications: requirements, points, order, and a fingerprint of it all."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256

from plugins.housing.rules.ranking import Candidate, Place, TieBreaker, order
from plugins.housing.rules.requirements import Answers, Exclusion, Requirement, exclusions
from plugins.housing.rules.scheme import Scheme
from plugins.housing.rules.scoring import Score, score


@dataclass(frozen=True)
class CallRules:
    """What a call decides by; `call` is its number, which also seeds the draw."""

    call: str
    requirements: tuple[Requirement, ...]
    scheme: Scheme
    tie_breakers: tuple[TieBreaker, ...] = tuple(TieBreaker)


@dataclass(frozen=True)
class Entry:
    """An application as the ranking reads it.

    The tie-breakers look at the answers `isee` (an amount), `disability` (yes or no) and `minors` (a count).
    """

    application: str
    submitted_at: datetime
    answers: Answers


@dataclass(frozen=True)
class DrawnRanking:
    """Admitted applications in order, excluded ones with their reasons, and what it all came from."""

    places: tuple[Place, ...]
    scores: dict[str, Score]
    excluded: dict[str, tuple[Exclusion, ...]]
    digest: str


def draw_up(rules: CallRules, entries: Sequence[Entry]) -> DrawnRanking:
    """The ranking of a call; the same entries and rules give the same one in whatever order they come."""
    failed = {entry.application: tuple(exclusions(rules.requirements, entry.answers)) for entry in entries}
    admitted = [entry for entry in entries if not failed[entry.application]]
    scores = {entry.application: score(rules.scheme, entry.answers) for entry in admitted}
    candidates = [_candidate(entry, scores[entry.application]) for entry in admitted]
    return DrawnRanking(
        places=tuple(order(rules.call, candidates, rules.tie_breakers)),
        scores=scores,
        excluded={application: failed[application] for application in sorted(failed) if failed[application]},
        digest=digest(rules, entries),
    )


def _candidate(entry: Entry, points: Score) -> Candidate:
    isee, minors = entry.answers.get("isee"), entry.answers.get("minors")
    return Candidate(
        application=entry.application,
        total=points.total,
        isee=None if isee is None else Decimal(isee),
        disability=entry.answers.get("disability") is True,
        minors=int(minors or 0),
        submitted_at=entry.submitted_at,
    )


def digest(rules: CallRules, entries: Iterable[Entry]) -> str:
    """The fingerprint of inputs and rules: it changes with any of them and not with their order."""
    listed = sorted((asdict(entry) for entry in entries), key=lambda entry: entry["application"])
    written = json.dumps([asdict(rules), listed], default=_plain, sort_keys=True, separators=(",", ":"))
    return sha256(written.encode()).hexdigest()


def _plain(value: object) -> str:
    """7200 and 7200.00 are one amount, and an instant is the same in every zone."""
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    raise TypeError(f"{value!r} has no place in a fingerprint")

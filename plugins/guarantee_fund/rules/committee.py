"""When a committee may decide, and what it decided."""

from collections.abc import Mapping
from enum import Enum

from core.api import Choice, _


class Ballot(Choice):
    """What a member did."""

    FOR = "for", _("For"), "ok"
    AGAINST = "against", _("Against"), "bad"
    ABSTAINED = "abstained", _("Abstained"), ""
    CONFLICT = "conflict", _("Abstained for a conflict of interest"), "warn"


class Verdict(Enum):
    """What the votes say."""

    APPROVED = "approved"
    REJECTED = "rejected"
    UNDECIDED = "undecided"


def is_valid(members: int, present: int) -> bool:
    """A session is valid with the majority of the members."""
    return present * 2 > members


def verdict(ballots: Mapping[str, Ballot], president: str | None) -> Verdict:
    """The majority of the votes cast decides; in a tie the president's vote, and without it nothing is decided."""
    cast = [ballot for ballot in ballots.values() if ballot in {Ballot.FOR, Ballot.AGAINST}]
    balance = sum(1 if ballot is Ballot.FOR else -1 for ballot in cast)
    if balance == 0 and cast and president is not None:
        balance = {Ballot.FOR: 1, Ballot.AGAINST: -1}.get(ballots.get(president, Ballot.ABSTAINED), 0)
    if balance == 0:
        return Verdict.UNDECIDED
    return Verdict.APPROVED if balance > 0 else Verdict.REJECTED

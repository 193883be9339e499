"""Whose a movement of the bank is: proposed with its reason and how sure it is, never decided."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.api import Choice, _, normalise

Key = Any
# A number of ours in whatever punctuation a payer gives it: HOUSING-LEASE 2026 00012.
NUMBER = re.compile(r"([A-Z]+)[^A-Z0-9]*(\d{4})[^A-Z0-9]*(\d{5})(?!\d)")
IUV = re.compile(r"(?<!\d)\d{15,18}(?!\d)")
LEAST_NAMES = 2


class MatchReason(Choice):
    """What tells whose a movement is."""

    IUV = "iuv", _("IUV in the text")
    END_TO_END = "end_to_end", _("Identifier of a direct debit")
    NUMBER = "number", _("Lease number in the text")
    IBAN = "iban", _("The tenant's account")
    NAME = "name", _("The tenant's name")
    RETURNED = "returned", _("A direct debit given back")
    HAND = "hand", _("Chosen by hand")


class Confidence(Choice):
    """How sure a proposal is: only sure ones are confirmed together."""

    SURE = "sure", _("Sure"), "ok"
    LIKELY = "likely", _("Likely"), "info"
    POSSIBLE = "possible", _("To be checked"), "warn"


@dataclass(frozen=True)
class Movement:
    """What is known of a movement."""

    amount: Decimal
    text: str = ""
    counterpart: str = ""
    iban: str = ""
    end_to_end: str = ""


@dataclass(frozen=True)
class Proposal:
    """Whose a movement may be, why, and how sure that is."""

    lease: Key
    reason: MatchReason
    confidence: Confidence


@dataclass
class MatchIndex:
    """All that leases can be recognised by; `amounts` are the sums that a tenant would be expected to pay."""

    iuvs: dict[str, Key] = field(default_factory=dict)
    end_to_ends: dict[str, Key] = field(default_factory=dict)
    numbers: dict[str, Key] = field(default_factory=dict)
    ibans: dict[str, set[Key]] = field(default_factory=dict)
    names: dict[str, set[tuple[frozenset[str], Key]]] = field(default_factory=dict)
    amounts: dict[Key, set[Decimal]] = field(default_factory=dict)

    def add_number(self, number: str, lease: Key) -> None:
        """Let a lease be found by its number."""
        self.numbers[compact(number)] = lease

    def add_iban(self, iban: str, lease: Key) -> None:
        """Let a lease be found by an account that pays for it."""
        if iban:
            self.ibans.setdefault(iban, set()).add(lease)

    def add_name(self, name: str, lease: Key) -> None:
        """Let a lease be found by a tenant's name; a single word names nobody."""
        words = frozenset(normalise(name).split())
        if len(words) >= LEAST_NAMES:
            for word in words:
                self.names.setdefault(word, set()).add((words, lease))


def compact(number: str) -> str:
    """A number without its punctuation."""
    return re.sub(r"[^A-Z0-9]", "", number.upper())


def propose(movement: Movement, index: MatchIndex) -> Proposal | None:
    """The best proposal for money that came in; None when nothing, or more than one lease, answers to it."""
    text = movement.text.upper()
    by_reference = (
        (MatchReason.IUV, [index.iuvs.get(one) for one in IUV.findall(text)]),
        (MatchReason.END_TO_END, [index.end_to_ends.get(movement.end_to_end)]),
        (MatchReason.NUMBER, [index.numbers.get("".join(one)) for one in NUMBER.findall(text)]),
        (MatchReason.NUMBER, [index.numbers.get(compact(movement.end_to_end))]),
    )
    for reason, found in by_reference:
        leases = {lease for lease in found if lease is not None}
        if len(leases) == 1:
            return Proposal(leases.pop(), reason, Confidence.SURE)
    return _by_payer(movement, index)


def _by_payer(movement: Movement, index: MatchIndex) -> Proposal | None:
    levels = (
        (MatchReason.IBAN, index.ibans.get(movement.iban, set()), Confidence.SURE, Confidence.LIKELY),
        (MatchReason.NAME, _named(movement, index), Confidence.LIKELY, Confidence.POSSIBLE),
    )
    for reason, leases, exact, other in levels:
        expected = {lease for lease in leases if movement.amount in index.amounts.get(lease, ())}
        if len(expected) == 1:
            sure = exact if len(leases) == 1 else other
            return Proposal(expected.pop(), reason, sure)
        if len(leases) == 1:
            return Proposal(next(iter(leases)), reason, other)
    return None


def _named(movement: Movement, index: MatchIndex) -> set[Key]:
    words = set(normalise(f"{movement.counterpart} {movement.text}").split())
    near = {one for word in words for one in index.names.get(word, ())}
    return {lease for name, lease in near if name <= words}


def expected_amounts(owed: Iterable[tuple[Any, Decimal]]) -> set[Decimal]:
    """The sums a tenant would pay: each charge, each due day's charges together, and all that is owed."""
    charges, by_day = list(owed), dict[Any, Decimal]()
    for due, amount in charges:
        by_day[due] = by_day.get(due, Decimal(0)) + amount
    return {amount for _due, amount in charges} | set(by_day.values()) | {sum(by_day.values(), Decimal(0))}

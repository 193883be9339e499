"""Meter readings: a meter does not run backwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Reading:
    """What a meter said on a day; `replaced` marks the first reading of a new meter."""

    on: date
    value: Decimal
    replaced: bool = False


def contradicting(reading: Reading, others: Iterable[Reading]) -> Reading | None:
    """The reading of the same meter that this one cannot stand beside.

    One of an earlier day that is higher, or one of a later day that is lower, unless a new meter came between.
    """
    told = sorted(others, key=lambda one: one.on)
    before = [one for one in told if one.on <= reading.on]
    after = [one for one in told if one.on > reading.on]
    if before and not reading.replaced and reading.value < before[-1].value:
        return before[-1]
    if after and not after[0].replaced and reading.value > after[0].value:
        return after[0]
    return None

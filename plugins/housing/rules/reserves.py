"""Homes kept for some households: how many, and which rows of a ranking fill them (R-H2)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from core.api import half_up


@dataclass(frozen=True)
class Reserve:
    """Homes kept for a group; `key` names the group."""

    key: str
    homes: int


@dataclass(frozen=True)
class ReservedPlace:
    """The n-th home of a reserve, and the application that fills it."""

    reserve: str
    n: int
    application: str


def is_indigent(isee: Decimal, *, limit: Decimal, attested: bool, attestation_needed: bool) -> bool:
    """Whether a household counts as indigent (r.r. 4/2017 art. 13 c. 1).

    Some districts want the social services to attest it besides, others do not: a parameter says.
    """
    return isee <= limit and (attested or not attestation_needed)


def indigent_reserve(homes: int, share: Decimal) -> int:
    """Homes kept for indigent households: any fraction makes a whole one (r.r. 4/2017 art. 13 c. 3)."""
    return int((share * homes).to_integral_value(rounding=ROUND_CEILING))


def other_reserve(homes: int, share: Decimal) -> int:
    """Homes kept for the other groups of a call: half-up (r.r. 4/2017 art. 15 c. 1-ter)."""
    return int(half_up(share * homes, 0))


def left_to_keep(number: int, *, given: int, offered: int) -> int:
    """Of a year's reserve, what is still to be kept in a call that offers so many homes."""
    return max(0, min(number - given, offered))


def fill(
    reserves: Sequence[Reserve], order: Sequence[str], belongs: Mapping[str, Collection[str]]
) -> list[ReservedPlace]:
    """The rows that fill each reserve: the best placed of its group, none in two reserves.

    The reserves take their rows in the order they are given; what too small a group leaves over goes
    to the general order.
    """
    taken: set[str] = set()
    places = []
    for reserve in reserves:
        group = belongs.get(reserve.key, ())
        chosen = [one for one in order if one in group and one not in taken][: reserve.homes]
        taken.update(chosen)
        places += [ReservedPlace(reserve.key, n, application) for n, application in enumerate(chosen, start=1)]
    return places

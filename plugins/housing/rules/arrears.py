"""Arrears: open principal by age (R-H10) and when they become serious (R-H11)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.api import Choice, Words, _
from plugins.housing.rules.ledger import NOTHING, ChargeKind, OpenCharge, Standing, open_principal

BUCKET_ENDS = (0, 30, 60, 90, 180)


def days_late(due: date, on: date) -> int:
    """Calendar days from the due date; zero or less is not late."""
    return (on - due).days


@dataclass(frozen=True)
class Bucket:
    """Open principal so many days late; None leaves that side without an end."""

    first_day: int | None
    last_day: int | None
    amount: Decimal

    @property
    def label(self) -> Words:
        """The heading of its column."""
        if self.first_day is None:
            return _("Not yet due")
        if self.last_day is None:
            return _("Over %(days)s days", days=self.first_day - 1)
        return _("%(first)s–%(last)s days", first=self.first_day, last=self.last_day)


def ageing(open_charges: Iterable[OpenCharge], on: date, *, ends: Sequence[int] = BUCKET_ENDS) -> list[Bucket]:
    """Open principal on a day by days late, in buckets that each end on one of `ends`, and one beyond them.

    Costs and interest are left out: they are not principal.
    """
    charges = list(open_charges)
    firsts = [None, *(end + 1 for end in ends)]
    return [
        Bucket(first, last, open_principal(charge for charge in charges if _is_in(charge, on, first, last)))
        for first, last in zip(firsts, [*ends, None], strict=True)
    ]


def _is_in(charge: OpenCharge, on: date, first: int | None, last: int | None) -> bool:
    days = days_late(charge.due, on)
    return (first is None or days >= first) and (last is None or days <= last)


def oldest_open(open_charges: Iterable[OpenCharge]) -> OpenCharge | None:
    """The open principal due first."""
    owing = [charge for charge in open_charges if charge.owed > 0 and charge.kind.standing is Standing.PRINCIPAL]
    return min(owing, key=lambda charge: (charge.due, str(charge.charge_id)), default=None)


class AlertReason(Choice):
    """Why arrears are serious (L. 392/1978 art. 5)."""

    RENT_LATE = "rent_late", _("Rent too long unpaid"), "bad"
    ACCESSORY_HIGH = "accessory_high", _("Too many service charges unpaid"), "bad"


@dataclass(frozen=True)
class AlertLimits:
    """Beyond which arrears are serious: the law says 20 days for the rent, two monthly rents for the charges."""

    rent_days: int
    accessory_rents: Decimal


def serious_arrears(
    open_charges: Iterable[OpenCharge], on: date, *, monthly_rent: Decimal, limits: AlertLimits
) -> list[AlertReason]:
    """Why the arrears are serious on a day; none means no alert. Reaching a limit is not passing it."""
    late = [charge for charge in open_charges if charge.owed > 0 and days_late(charge.due, on) > 0]
    rent_late = any(charge.kind is ChargeKind.RENT and days_late(charge.due, on) > limits.rent_days for charge in late)
    accessory = sum((charge.owed for charge in late if charge.kind.is_accessory), NOTHING)
    found = {
        AlertReason.RENT_LATE: rent_late,
        AlertReason.ACCESSORY_HIGH: accessory > monthly_rent * limits.accessory_rents,
    }
    return [reason for reason, holds in found.items() if holds]

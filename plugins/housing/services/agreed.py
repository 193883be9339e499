"""Agreed rents (canone concordato): within the bands of the local agreement (L. 431/1998 art. 2 c. 3)."""

from decimal import Decimal

from sqlalchemy.orm import Session

from core.api import Refusal, _, rows_of, show_money
from plugins.housing.models import Lease
from plugins.housing.rules.rent import (
    below_agreed_floor,
    exceeds_agreed_cap,
    highest_agreed_rent,
    lowest_agreed_rent,
)


def check_agreed_rent(session: Session, lease: Lease) -> None:
    """Refuse a rent outside the band of its zone, or above the cap written on the lease.

    A zone takes its band from the parameter `housing.agreed_bands` in force when the lease begins.
    """
    area, cap = lease.agreed_area, lease.agreed_cap
    if lease.agreed_zone:
        if not area:
            raise Refusal(_("Write the conventional area: the band is in euro a m²."), field="agreed_area")
        floor, cap = band_of(session, lease)
        if below_agreed_floor(lease.monthly_rent, area, floor):
            least = show_money(lowest_agreed_rent(area, floor))
            raise Refusal(
                _("The local agreement asks at least %(amount)s a month.", amount=least), field="monthly_rent"
            )
    if area and cap and exceeds_agreed_cap(lease.monthly_rent, area, cap):
        most = show_money(highest_agreed_rent(area, cap))
        raise Refusal(_("The local agreement allows at most %(amount)s a month.", amount=most), field="monthly_rent")


def band_of(session: Session, lease: Lease) -> tuple[Decimal, Decimal]:
    """The least and the most of the lease's zone, in euro a m² a year."""
    bands = rows_of(session, "housing.agreed_bands", on=lease.starts_on)
    found = next((row for row in bands if row[0].casefold() == (lease.agreed_zone or "").casefold()), None)
    if found is None:
        known = ", ".join(row[0] for row in bands)
        raise Refusal(
            _("The local agreement has no zone %(zone)s: there are %(known)s.", zone=lease.agreed_zone, known=known),
            field="agreed_zone",
        )
    return Decimal(found[1]), Decimal(found[2])

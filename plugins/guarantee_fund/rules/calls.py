"""Calls on guarantees, and the money that comes back (R-G4, R-G5)."""

from dataclasses import dataclass
from decimal import Decimal

from core.api import Refusal, _, half_up, show_money
from plugins.guarantee_fund.rules.exposure import NOTHING, PERCENT


@dataclass(frozen=True)
class RentLimits:
    """From which unpaid month a rent may be called, how many months at most, and the cap of the practice."""

    first_month: int
    months: int
    cap: Decimal | None


def loan_call(unpaid: Decimal, *, coverage: Decimal, exposure: Decimal) -> Decimal:
    """What the fund pays on an unpaid principal; `Refusal` when it is more than the guarantee still covers."""
    amount = half_up(unpaid * coverage / PERCENT)
    if unpaid <= 0:
        raise Refusal(_("Write the principal that is not paid."), field="unpaid")
    if amount > exposure:
        raise Refusal(
            _("%(amount)s is more than the guarantee still covers: %(exposure)s.",
              amount=show_money(amount), exposure=show_money(exposure)), field="unpaid",
        )  # fmt: skip
    return amount


def rent_call(unpaid_months: int, monthly_rent: Decimal, *, limits: RentLimits, paid: Decimal = NOTHING) -> Decimal:
    """What the fund pays on unpaid rents: all of them, within months and cap, less what it paid before."""
    if unpaid_months < limits.first_month:
        raise Refusal(
            _("A rent may be called from unpaid month number %(first)s: here they are %(months)s.",
              first=limits.first_month, months=unpaid_months), field="unpaid_months",
        )  # fmt: skip
    whole = monthly_rent * min(unpaid_months, limits.months)
    amount = (whole if limits.cap is None else min(whole, limits.cap)) - paid
    if amount <= 0:
        raise Refusal(_("This guarantee already paid all that it covers."), field="unpaid_months")
    return amount


def split_recovery(recovered: Decimal, coverage: Decimal) -> tuple[Decimal, Decimal]:
    """The fund's share of what came back, and the counterpart's."""
    fund = half_up(recovered * coverage / PERCENT)
    return fund, recovered - fund

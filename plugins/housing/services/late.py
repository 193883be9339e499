"""Interest on late payment, charged up to a day and never twice for the same days."""

from datetime import date

from sqlalchemy.orm import Session

from core.api import Refusal, _, decimal_of, plural, show_date, today
from plugins.housing.models import Charge, Lease
from plugins.housing.rules.interest import Debt, LateInterest, late_interest
from plugins.housing.rules.ledger import NOTHING, ChargeKind, Standing
from plugins.housing.services.ledger import add_charge


def interest_until(session: Session, lease: Lease, *, until: date) -> list[LateInterest]:
    """What each late debt of a lease bore since the last interest charged; nothing is written."""
    debts = [_debt(one) for one in lease.charges if one.reverses_id is None and bears_interest(one)]
    if not debts:
        return []
    years = range(min(debt.due for debt in debts).year, until.year + 1)
    percents = {year: decimal_of(session, "legal_interest", on=date(year, 12, 31)) for year in years}
    return late_interest(debts, after=charged_until(lease), until=until, percents=percents)


def bears_interest(charge: Charge) -> bool:
    """Whether it is principal: interest and costs bear none."""
    return charge.kind.standing is Standing.PRINCIPAL


def charged_until(lease: Lease) -> date | None:
    """The last day that interest charged already speaks of."""
    undone = {one.reverses_id for one in lease.charges}
    days = [
        one.last_day for one in lease.charges
        if one.kind is ChargeKind.DEFAULT_INTEREST and one.last_day and one.reverses_id is None
        and one.id not in undone
    ]  # fmt: skip
    return max(days, default=None)


def charge_interest(session: Session, lease: Lease, *, until: date | None = None) -> Charge:
    """Charge the interest that every late debt bore until a day, today when none is said."""
    day = until or today()
    if day > today():
        raise Refusal(_("Interest is charged up to today at most."), field="until")
    lines = interest_until(session, lease, until=day)
    total = sum((line.amount for line in lines), NOTHING)
    if total <= 0:
        raise Refusal(_("No interest is due until %(day)s.", day=show_date(day)), field="until")
    note = plural("Legal interest on %(n)s debt", "Legal interest on %(n)s debts", len(lines))
    return add_charge(
        session, lease, kind=ChargeKind.DEFAULT_INTEREST, due_on=day, amount=total, note=str(note),
        first_day=min(line.first for line in lines), last_day=day,
    )  # fmt: skip


def _debt(charge: Charge) -> Debt:
    return Debt(str(charge), charge.due_on, charge.amount, [(one.on, one.amount) for one in charge.allocations])

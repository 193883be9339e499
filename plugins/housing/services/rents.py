"""The rents of a lease: new from a month, never edited; months already charged get the difference."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from core.api import Refusal, _, show_date, show_month, value_of
from plugins.housing.models import Charge, ErpArea, Lease, LeaseKind, Rent, RentSource
from plugins.housing.rules.indexation import RentInForce, base_of
from plugins.housing.rules.leases import Period
from plugins.housing.rules.ledger import ChargeKind
from plugins.housing.rules.rent import share_of_month
from plugins.housing.services.ledger import add_charge
from plugins.housing.services.strategies import RentFacts, strategy

SHARES = {"none": Decimal(0), "foi75": Decimal("0.75"), "foi100": Decimal(1)}


def change_rent(
    session: Session, lease: Lease, *, starts_on: date, amount: Decimal, source: RentSource, note: str | None = None,
    anchor: date | None = None, base_month: date | None = None, erp_area: ErpArea | None = None,
    isee_erp: Decimal | None = None,
) -> Rent:  # fmt: skip
    """Give a lease a rent from a month on; what was already charged of those months is made up to it.

    A lower rent gives nothing back by itself: its months are taken back and charged again by hand.
    """
    first = starts_on.replace(day=1)
    if first < lease.starts_on.replace(day=1):
        raise Refusal(
            _("The lease begins on %(day)s: a rent cannot start before.", day=show_date(lease.starts_on)),
            field="starts_on",
        )
    if amount < 0:
        raise Refusal(_("Write an amount that is not negative."), field="amount")
    rent = Rent(
        lease=lease, starts_on=first, amount=amount, source=source, note=note, anchor=anchor or first,
        base_month=base_month or base_of(first), erp_area=erp_area, isee_erp=isee_erp,
    )  # fmt: skip
    session.add(rent)
    session.flush()
    session.refresh(lease, ["rents"])
    _charge_difference(session, lease, first)
    return rent


def _charge_difference(session: Session, lease: Lease, first: date) -> list[Charge]:
    """Charge what months already charged lack of the rent now in force."""
    undone = {one.reverses_id for one in lease.charges}
    standing = [
        one for one in lease.charges
        if one.kind is ChargeKind.RENT and one.reverses_id is None and one.id not in undone and one.first_day
        and one.last_day and one.first_day.replace(day=1) >= first
    ]  # fmt: skip
    charged: dict[tuple[date, date], Decimal] = {}
    for one in standing:
        key = (one.first_day, one.last_day)
        charged[key] = charged.get(key, Decimal(0)) + one.amount  # type: ignore[index,arg-type]
    added = []
    for (start, end), amount in charged.items():
        lacks = share_of_month(Period(start, end), lease.rent_on(start)) - amount
        if lacks > 0:
            note = str(_("Difference of the rent of %(month)s", month=show_month(start)))
            added.append(add_charge(session, lease, kind=ChargeKind.RENT, due_on=max(start, first), amount=lacks,
                                    note=note, first_day=start, last_day=end))  # fmt: skip
    return added


def record_rent(
    session: Session, *, lease: Lease, starts_on: date, amount: Decimal | None = None,
    erp_area: ErpArea | None = None, isee_erp: Decimal | None = None, note: str | None = None,
) -> Rent:  # fmt: skip
    """Write down a rent from a month on, as a form or a file says it.

    Of a public home without an amount, the strategy in force computes it (R-H6).
    """
    public = lease.kind is LeaseKind.SAP
    if (erp_area or isee_erp) and not public:
        raise Refusal(_("Only public homes (SAP) have an ISEE-ERP area."), field="erp_area")
    if isee_erp is not None and isee_erp < 0:
        raise Refusal(_("Write an amount that is not negative."), field="isee_erp")
    if amount is None:
        amount = _computed(session, lease, starts_on, erp_area)
    source = RentSource.IMPORTED if public else RentSource.AGREED
    return change_rent(
        session, lease, starts_on=starts_on, amount=amount, source=source, note=note, erp_area=erp_area,
        isee_erp=isee_erp,
    )  # fmt: skip


def _computed(session: Session, lease: Lease, on: date, erp_area: ErpArea | None) -> Decimal:
    if lease.kind is not LeaseKind.SAP:
        raise Refusal(_("Write a value here: it is required."), field="amount")
    facts = RentFacts(lease.dwelling.rental_value, erp_area.value if erp_area else "", on)
    compute = strategy(value_of(session, "housing.rent_strategy", on=on))
    return compute(session, facts)


def rent_in_force(lease: Lease, month: date) -> RentInForce:
    """The rent of a lease as the update of a month finds it."""
    begun = [one for one in lease.rents if one.starts_on <= month]
    last = begun[-1] if begun else None
    start = lease.starts_on.replace(day=1)
    return RentInForce(
        amount=last.amount if last else lease.monthly_rent,
        anchor=last.anchor if last else start,
        base=last.base_month if last else (lease.base_month or base_of(start)).replace(day=1),
        share=SHARES[lease.indexation.value],
        flat_rate=lease.flat_rate_tax, may_fall=lease.rent_may_fall,
        # L.R. 27/2009 art. 36: a public rent is updated in the second year of its two, then fixed anew.
        once_only=lease.kind is LeaseKind.SAP and last is not None and last.source is RentSource.INDEXED,
    )  # fmt: skip

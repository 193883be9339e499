"""Many running leases, made in bulk for tests and measurements of work on all of them."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from core.places.models import Municipality
from plugins.housing.models import Dwelling, Lease, LeaseKind, LeaseState, Payment, Regime

CREDIT_EVERY = 10


def add_town(session: Session) -> object:
    """The municipality of all the homes."""
    town = Municipality(name="Montichiari", belfiore="F471", province="BS", valid_from=date(1861, 1, 1))
    session.add(town)
    session.flush()
    return town.id


def add_leases(session: Session, numbers: range, town: object) -> None:
    """Homes, leases on them, and on some a payment that nothing has used yet."""
    for number in numbers:
        home = Dwelling(code=f"B{number:06}", regime=Regime.SAS, address="Via Roma 4", municipality_id=town)
        lease = Lease(
            number=f"B/{number:06}", kind=LeaseKind.SAS, starts_on=date(2026, 1, 1), monthly_rent=Decimal("480.00"),
            charges_advance=Decimal("60.00"), state=LeaseState.ACTIVE, dwelling=home,
        )  # fmt: skip
        session.add(lease)
        if number % CREDIT_EVERY == 0:
            session.add(Payment(lease=lease, amount=Decimal("500.00"), paid_on=date(2026, 11, 20)))

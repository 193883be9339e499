"""What housing keeps of a person, and what becomes of it when the person is erased."""

from collections.abc import Callable
from datetime import date
from functools import reduce
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.api import About, Keep, Words, _, add_months
from plugins.housing.models import (
    Allocation,
    Appeal,
    Application,
    Assignment,
    BankLine,
    BlamelessCheck,
    Charge,
    Check,
    CoveredCharge,
    Debit,
    DebitCharge,
    DepositMovement,
    Handover,
    Instalment,
    InventoryItem,
    LadderStep,
    Lease,
    LeaseTenant,
    MaintenanceTicket,
    Mandate,
    MeterReading,
    Payment,
    Position,
    RankingRow,
    Rent,
    RentUpdate,
    RepaymentPlan,
    ScoreLine,
    SocialNote,
    SupportContact,
)

CONTRACT = _("Contracts and accounts: ten years after the lease ends (art. 2220 c.c.)")
LEDGER = _("Accounting entries are never changed, and name nobody (art. 2220 c.c.)")
CALL = _("Applications: five years after the ranking expires")
RUNNING = _("While the lease runs")


def _years(day: date | None, years: int) -> date | None:
    return None if day is None else add_months(day, 12 * years)


def _end_of_lease(path: str, *, years: int = 10) -> Callable[[Any], date | None]:
    """Until when what hangs on a lease is kept; not known while the lease has no last day."""

    def until(row: Any) -> date | None:
        lease = reduce(getattr, path.split("."), row) if path else row
        return _years(lease.ends_on, years)

    return until


def _end_of_ranking(path: str) -> Callable[[Any], date | None]:
    """Until when what hangs on an application is kept; not known until a ranking of its call has its last day."""

    def until(row: Any) -> date | None:
        application = reduce(getattr, path.split("."), row) if path else row
        last = max((one.expires_on for one in application.call.rankings if one.expires_on), default=None)
        return _years(last, 5)

    return until


def _leases(person: UUID) -> Any:
    return select(LeaseTenant.lease_id).where(LeaseTenant.person_id == person)


def _applications(person: UUID) -> Any:
    return select(Application.id).where(Application.person_id == person)


def _of_lease(model: Any, title: Words, *, keep: Keep | None = None, **blank: Any) -> About:
    kept = keep or Keep(CONTRACT, _end_of_lease("lease"))
    return About(model, title, lambda person: model.lease_id.in_(_leases(person)), blank=blank, keep=kept)


def _of_application(model: Any, title: Words, **blank: Any) -> About:
    kept = Keep(CALL, _end_of_ranking("application"))
    return About(model, title, lambda person: model.application_id.in_(_applications(person)), blank=blank, keep=kept)


def _under(model: Any, title: Words, key: Any, parent: Any, *, keep: Keep) -> About:
    """What hangs on something that hangs on a lease."""

    def where(person: UUID) -> Any:
        return key.in_(select(parent.id).where(parent.lease_id.in_(_leases(person))))

    return About(model, title, where, keep=keep)


def _never(row: Any) -> None:
    """No day: the ledger is never changed."""


IN_THE_LEDGER = Keep(LEDGER, _never)

ABOUT = [
    About(
        Application, _("Applications"), lambda person: Application.person_id == person,
        blank={"snapshot": {}, "answers": {}, "note": None, "external_protocol": None},
        keep=Keep(CALL, _end_of_ranking("")),
    ),
    _of_application(ScoreLine, _("Points of applications"), datum=""),
    _of_application(RankingRow, _("Places in rankings"), lines=[]),
    _of_application(Appeal, _("Requests for correction and appeals"), grounds="—", reason=None),
    _of_application(Assignment, _("Offers and assignments"), reason=None),
    _of_application(Check, _("Verified requirements"), document="—", note=None),
    About(
        Lease, _("Leases"), lambda person: Lease.id.in_(_leases(person)),
        blank={"guarantor": None, "ending_reason": None}, keep=Keep(CONTRACT, _end_of_lease("")),
    ),
    _of_lease(LeaseTenant, _("Signatures on leases")),
    _of_lease(Mandate, _("Mandates for direct debit"), holder="—", iban="—"),
    _of_lease(Charge, _("Charges"), keep=IN_THE_LEDGER),
    _of_lease(Payment, _("Payments"), keep=IN_THE_LEDGER),
    _of_lease(DepositMovement, _("Movements of the deposit"), keep=IN_THE_LEDGER),
    _of_lease(Rent, _("Rents by month"), keep=IN_THE_LEDGER),
    _under(Allocation, _("What payments settle"), Allocation.charge_id, Charge, keep=IN_THE_LEDGER),
    _under(Position, _("Payment notices (IUV)"), Position.charge_id, Charge, keep=IN_THE_LEDGER),
    _of_lease(Debit, _("Direct debits"), keep=IN_THE_LEDGER),
    _under(DebitCharge, _("Charges of direct debits"), DebitCharge.debit_id, Debit, keep=IN_THE_LEDGER),
    _of_lease(BankLine, _("Movements of the bank"), counterpart=None, counterpart_iban=None, text=None, note=None),
    _of_lease(RentUpdate, _("Updates of the rent"), note=None),
    _of_lease(LadderStep, _("Steps about arrears"), note=None),
    _of_lease(RepaymentPlan, _("Repayment plans"), reason=None),
    _under(Instalment, _("Instalments of plans"), Instalment.plan_id, RepaymentPlan,
           keep=Keep(CONTRACT, _end_of_lease("plan.lease"))),
    _under(CoveredCharge, _("Charges in plans"), CoveredCharge.plan_id, RepaymentPlan,
           keep=Keep(CONTRACT, _end_of_lease("plan.lease"))),
    _of_lease(BlamelessCheck, _("Checks of blameless arrears"), conditions={}),
    _of_lease(SocialNote, _("Notes about arrears"), keep=Keep(RUNNING, _end_of_lease("lease", years=0))),
    _of_lease(SupportContact, _("Support contacts"), keep=Keep(RUNNING, _end_of_lease("lease", years=0))),
    _of_lease(Handover, _("Handover reports"), present="—", remarks=None),
    _under(InventoryItem, _("Inventories"), InventoryItem.handover_id, Handover,
           keep=Keep(CONTRACT, _end_of_lease("handover.lease"))),
    _under(MeterReading, _("Meter readings"), MeterReading.handover_id, Handover,
           keep=Keep(CONTRACT, _end_of_lease("handover.lease"))),
    About(
        MaintenanceTicket, _("Maintenance tickets"), lambda person: MaintenanceTicket.reporter_id == person,
        blank={"reporter_id": None, "description": None, "subject": "—"},
    ),
    About(
        SupportContact, _("Support contacts"),
        lambda person: (SupportContact.person_id == person) & SupportContact.lease_id.not_in(_leases(person)),
        blank={"person_id": None, "note": None},
    ),
]  # fmt: skip

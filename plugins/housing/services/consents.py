"""What housing does when somebody takes back the consent by which this partner knew them."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import Person, explain, scope_of
from plugins.housing.models import Lease, LeaseState, LeaseTenant
from plugins.housing.services.drafts import discard_draft

REASON = "consent withdrawn"


def forget_drafts(session: Session, *, person_id: UUID, taker_id: UUID, **_rest: Any) -> None:
    """Take the person out of leases not signed yet; a draft with nobody else is thrown away.

    Applications and signed leases stay: a public procedure and a contract are kept by law. Nothing happens at the
    partner that shared the person, nor where another share still shows them.
    """
    if scope_of(session).partner_id != taker_id or session.get(Person, person_id) is not None:
        return
    explain(session, REASON)
    drafted = select(Lease).where(
        Lease.state == LeaseState.DRAFT,
        Lease.id.in_(select(LeaseTenant.lease_id).where(LeaseTenant.person_id == person_id)),
    )
    for lease in session.scalars(drafted).unique():
        theirs = [one for one in lease.tenants if one.person_id == person_id]
        if len(theirs) == len(lease.tenants):
            discard_draft(session, lease)
            continue
        for one in theirs:
            lease.tenants.remove(one)
            session.delete(one)
    session.flush()

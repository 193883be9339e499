"""Leases not signed yet: corrected freely, or thrown away."""

from typing import Any

from sqlalchemy.orm import Session

from core.api import Person, Refusal, _
from plugins.housing.models import Lease, LeaseState, LeaseTenant
from plugins.housing.services.dwellings import lock_dwelling
from plugins.housing.services.leases import check_terms, refuse_overlap


def amend_draft(session: Session, lease: Lease, *, tenant: Person | None = None, **changes: Any) -> Lease:
    """Correct a draft; once signed, a lease changes by its own verbs alone. Without a tenant those there stay."""
    if lease.state is not LeaseState.DRAFT:
        raise Refusal(_("A signed lease is not edited: use its own actions."))
    second = changes.pop("second_tenant", None)
    changes.pop("draft", None)
    with session.no_autoflush:
        for name, value in changes.items():
            if value is not None or name not in {"dwelling", "due_day", "charges_advance", "deposit"}:
                setattr(lease, name, value)
        check_terms(session, lease)
        refuse_overlap(session, lock_dwelling(session, lease.dwelling), lease)
    if tenant is not None:
        _replace_tenants(session, lease, [tenant, *([second] if second else [])])
    session.flush()
    return lease


def _replace_tenants(session: Session, lease: Lease, people: list[Person]) -> None:
    if len({one.id for one in people}) < len(people):
        raise Refusal(_("This person already signs the lease."), field="second_tenant")
    wanted = {one.id for one in people}
    for one in list(lease.tenants):
        if one.person_id not in wanted:
            lease.tenants.remove(one)
            session.delete(one)
    there = {one.person_id for one in lease.tenants}
    lease.tenants += [LeaseTenant(person=one) for one in people if one.id not in there]


def discard_draft(session: Session, lease: Lease) -> None:
    """Throw a draft away: the home's days are free again."""
    if lease.state is not LeaseState.DRAFT:
        raise Refusal(_("A signed lease is not removed: terminate it."))
    for one in list(lease.tenants):
        session.delete(one)
    session.flush()
    session.delete(lease)
    session.flush()

"""Where housing's rows name people, and what keeps two tenants or applicants from being made one."""

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from core.api import Conflict, Person, PersonReference, _
from plugins.housing.models import Lease, LeaseState, LeaseTenant

OVER = (LeaseState.ENDED, LeaseState.TERMINATED, LeaseState.CLOSED)
REFERENCES = [
    PersonReference("housing_application", "person_id", _("Applications for a home")),
    PersonReference("housing_lease_tenant", "person_id", _("Leases, as tenant")),
    PersonReference("housing_support_contact", "person_id", _("Educational support")),
    PersonReference("housing_ticket", "reporter_id", _("Repairs, as who reported them")),
]


def conflicts(session: Session, winner: Person, loser: Person) -> list[Conflict]:
    """Both have a lease that is not over on the same home: one of the two is a mistake, and nobody else knows which."""
    mine, theirs, one, other = aliased(LeaseTenant), aliased(LeaseTenant), aliased(Lease), aliased(Lease)
    wanted = (
        select(one)
        .join(mine, mine.lease_id == one.id)
        .join(other, other.dwelling_id == one.dwelling_id)
        .join(theirs, theirs.lease_id == other.id)
        .where(
            mine.person_id == loser.id, theirs.person_id == winner.id, one.id != other.id,
            one.state.not_in(OVER), other.state.not_in(OVER),
        )
    )  # fmt: skip
    return [_twice(lease) for lease in session.scalars(wanted).unique()]


def _twice(lease: Lease) -> Conflict:
    home = lease.dwelling.code
    sentence = _("Both have a lease on the home %(home)s that is not over: end one of them first.", home=home)
    return Conflict(sentence, lease.partner_id, lease)

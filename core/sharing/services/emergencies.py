"""Opening another partner's person when it cannot wait, and ending that early."""

from sqlalchemy.orm import Session

from core.database.changes import explain, note_read_of
from core.database.field import now
from core.database.scope import scope_of
from core.jobs.services import start_job
from core.language import _
from core.people.rules import codice_fiscale as code_rules
from core.people.services import with_code
from core.refusals import Forbidden, Refusal
from core.sharing.models import Emergency
from core.sharing.models.emergency import LASTING, SHORTEST_REASON
from core.sharing.rules import registered_holder
from core.sharing.services.accesses import close, emergency_basis, open_by_emergency
from core.special.reading import EMERGENCY, PEOPLE

TELL_EMERGENCY = "core.tell-of-emergency"


def open_emergency(session: Session, *, codice_fiscale: str, reason: str) -> Emergency:
    """See a person of another partner for twenty-four hours; that partner is told, and reads why."""
    scope, code, reason = scope_of(session), code_rules.check(codice_fiscale), " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise Refusal(_("Write in at least %(n)s characters why it cannot wait.", n=SHORTEST_REASON), field="reason")
    if (person := with_code(session, code)) is not None:
        raise Refusal(_("You see %(name)s already: open that page.", name=person), field="codice_fiscale")
    holder = registered_holder(session, code)
    at = now()
    emergency = Emergency(
        giver_id=holder.giver_id, taker_id=scope.partner_id, person_id=holder.person_id, reason=reason,
        opened_by=scope.actor, opened_by_id=scope.user_id, opened_at=at, expires_at=at + LASTING,
    )  # fmt: skip
    explain(session, reason)
    session.add(emergency)
    session.flush()
    open_by_emergency(session, emergency)
    note_read_of(session, PEOPLE, holder.person_id, purpose=EMERGENCY)
    start_job(session, TELL_EMERGENCY, emergency_id=str(emergency.id))
    return emergency


def end_emergency(session: Session, emergency: Emergency) -> Emergency:
    """The partner that registered the person closes it before its time."""
    scope = scope_of(session)
    if emergency.giver_id != scope.partner_id:
        raise Forbidden(_("Only the partner that registered the person may end it early."))
    if not emergency.open:
        raise Refusal(_("This emergency is over already."))
    emergency.ended_at, emergency.ended_by = now(), scope.actor
    session.flush()
    close(session, emergency_basis(emergency.id))
    return emergency

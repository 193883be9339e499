"""The arrears ladder: steps proposed day by day, done by somebody, and the last one only after a contact."""

from datetime import date

from sqlalchemy.orm import Session

from core.api import Refusal, _, scope_of, today
from plugins.housing.models import Channel, LadderStep, Lease, StepState, SupportContact
from plugins.housing.rules.arrears import days_late, oldest_open
from plugins.housing.rules.ladder import Rung
from plugins.housing.rules.ledger import open_principal
from plugins.housing.services import recovery
from plugins.housing.services.arrears import open_on


def propose_steps(session: Session, *, on: date) -> list[LadderStep]:
    """Add the steps whose day has come on every lease in arrears, and close those of debts that were paid.

    Asking twice adds nothing: each step stands once on the ladder of a debt.
    """
    keys = recovery.leases_to_review(session, on=on)
    return [step for lease in recovery.leases(session, keys) for step in recovery.review_lease(session, lease, on=on)]


def complete_step(
    session: Session, step: LadderStep, *, done_on: date, channel: Channel, note: str | None = None
) -> LadderStep:
    """Write down that a step was done, by whom and how; a contact says how it went."""
    if step.state is not StepState.DUE:
        raise Refusal(_("This step is %(state)s.", state=step.state.label))
    if not step.debt_since < done_on <= today():
        raise Refusal(_("Write the day it was done: after the debt fell due and not in the future."), field="done_on")
    if step.kind is Rung.CONTACT and not note:
        raise Refusal(_("Write how the contact went: legal recovery asks for it."), field="note")
    if step.kind is Rung.LEGAL:
        _ask_contact(step.lease, step.debt_since)
    step.done_on, step.channel, step.note = done_on, channel, note
    step.done_by, step.state = scope_of(session).actor, StepState.DONE
    session.flush()
    return step


def go_to_law(session: Session, lease: Lease, *, note: str, on: date | None = None) -> LadderStep:
    """Put legal recovery on the ladder; refused while no contact attempt is documented for this debt."""
    day = on or today()
    late = [charge for charge in open_on(lease.charges, day) if days_late(charge.due, day) > 0]
    oldest = oldest_open(late)
    if oldest is None:
        raise Refusal(_("Nothing is past due on this lease."))
    if any(plan.is_running for plan in lease.plans):
        raise Refusal(_("A repayment plan is running: the ladder rests while it is kept."))
    if any(step.kind is Rung.LEGAL for step in recovery.open_steps(lease)):
        raise Refusal(_("Legal recovery already stands on the ladder of this debt."))
    since = min((step.debt_since for step in recovery.open_steps(lease)), default=oldest.due)
    _ask_contact(lease, since)
    step = LadderStep(kind=Rung.LEGAL, debt_since=since, owed=open_principal(late), due_on=day, note=note)
    session.add(step)
    step.lease = lease
    session.flush()
    return step


def is_contacted(lease: Lease, since: date) -> bool:
    """Whether somebody tried to reach the household after the debt fell due, and wrote it down."""
    steps = recovery.open_steps(lease)
    return any(contact.made_on >= since for contact in lease.support_contacts) or any(
        step.kind is Rung.CONTACT and step.state is StepState.DONE for step in steps
    )


def _ask_contact(lease: Lease, since: date) -> None:
    if not is_contacted(lease, since):
        raise Refusal(_("Document an attempt to contact the household first: only then can the debt go to law."))


def close_contact_step(session: Session, contact: SupportContact) -> None:
    """A contact that was written down is the ladder's step of contact, when that waits."""
    for step in recovery.open_steps(contact.lease):
        if step.kind is Rung.CONTACT and step.state is StepState.DUE and contact.made_on > step.debt_since:
            step.done_on, step.done_by, step.channel = contact.made_on, contact.made_by, contact.channel
            step.note, step.state = str(contact.outcome.label), StepState.DONE
    session.flush()

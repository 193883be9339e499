"""What the office verified, one datum or requirement at a time, and what is still to be verified."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import Refusal, Words, _, now, scope_of
from plugins.housing.models import Application, Call, Check, CheckOutcome
from plugins.housing.rules.requirements import Requirement
from plugins.housing.wording import INDIGENT, NAMED, requirement_text


def subjects_of(call: Call) -> dict[str, Words]:
    """What can be verified in an application of a call: its requirements, indigence, the answers that give points."""
    subjects: dict[str, Words] = {one.rule: requirement_text(one) for one in call.requirements}
    subjects[INDIGENT] = NAMED[INDIGENT]
    for group in call.scheme.rules.groups:
        subjects |= {one.key: one.title or NAMED.get(one.key) or one.key for one in group.criteria}
    return subjects | {key: NAMED[key] for key in ("disability", "minors") if key not in subjects}


def record_check(
    session: Session,
    application: Application,
    *,
    subject: str,
    outcome: CheckOutcome,
    document: str,
    note: str | None = None,
) -> Check:
    """Write down who verified what, when and by which document."""
    subjects = subjects_of(application.call)
    if subject not in subjects:
        known = "; ".join(f"{key} ({words})" for key, words in subjects.items())
        raise Refusal(_("“%(subject)s” is nothing to verify here. Choose among: %(known)s.", subject=subject,
                        known=known), field="subject")  # fmt: skip
    scope = scope_of(session)
    check = Check(
        application=application, subject=subject, outcome=outcome, document=document, note=note,
        checked_by_id=scope.user_id, checked_by=scope.actor, checked_at=now(),
    )  # fmt: skip
    session.add(check)
    session.flush()
    return check


def verify(
    session: Session,
    application: Application,
    *,
    subject: str,
    outcome: CheckOutcome,
    document: str,
    note: str | None = None,
) -> Application:
    """Record a verification and stay with the application, where the next one is recorded."""
    record_check(session, application, subject=subject, outcome=outcome, document=document, note=note)
    return application


def checks_of(session: Session, application_ids: Iterable[UUID]) -> dict[UUID, dict[str, Check]]:
    """The verification that counts of each subject, the last one, for each application."""
    wanted = select(Check).where(Check.application_id.in_(list(application_ids)))
    found: dict[UUID, dict[str, Check]] = {}
    for check in session.scalars(wanted.order_by(Check.checked_at, Check.id)):
        found.setdefault(check.application_id, {})[check.subject] = check
    return found


def unverified(session: Session, application: Application) -> list[Requirement]:
    """The requirements that no document confirms yet, in the call's order."""
    done = checks_of(session, [application.id]).get(application.id, {})
    confirmed = {subject for subject, check in done.items() if check.outcome is CheckOutcome.CONFIRMED}
    return [one for one in application.call.requirements if one.rule not in confirmed]


def refuse_unverified(session: Session, application: Application) -> None:
    """Refuse to go on while some requirement is not verified, naming each rule.

    Who declared itself indigent to the region has that verified too, whatever comes of it.
    """
    missing = [f"{one.rule}, {requirement_text(one)}" for one in unverified(session, application)]
    declared = application.answers.get(INDIGENT) is True
    if declared and INDIGENT not in checks_of(session, [application.id]).get(application.id, {}):
        missing.append(str(NAMED[INDIGENT]))
    if missing:
        listed = "; ".join(missing)
        raise Refusal(_("Verify the requirements first: %(listed)s.", listed=listed))

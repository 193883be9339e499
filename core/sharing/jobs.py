"""What sharing does by itself: it closes what is over each night, and writes to who registered a person."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.models import Membership, Role, User
from core.database.field import now
from core.database.scope import scope_of, today
from core.jobs.work import Work
from core.language import Words, _, plural, speaking
from core.mail import send
from core.partners.models import Partner
from core.sharing.models import Emergency, ShareRequest
from core.sharing.services.accesses import remove_ended
from core.sharing.services.requests import expire_requests


def close_what_is_over(work: Work) -> Words:
    """Mark unanswered requests as expired and remove accesses past their day: reading stopped there already."""
    with work.step() as session:
        partner = scope_of(session).partner_id
        assert partner is not None  # noqa: S101  jobs run for a partner
        requests = expire_requests(session, today())
        accesses = remove_ended(session, partner, on=today(), at=now())
        work.further(requests + accesses)
    return plural("%(n)s share or request closed", "%(n)s shares or requests closed", work.done)


def tell_of_request(work: Work, *, request_id: str) -> Words:
    """Write to the partner that registered a person that somebody asks; the mail says nothing of whom."""
    with work.step(1) as session:
        request = session.get_one(ShareRequest, UUID(request_id))
        return _write_to(
            work, session, request.giver_id, subject=_("Another partner asks you to share a person"),
            text=_("Read the request and answer it here:\n\n%(link)s\n",
                   link=work.address(f"/share-requests/{request.id}")),
        )  # fmt: skip


def tell_of_emergency(work: Work, *, emergency_id: str) -> Words:
    """Write to the partner that registered a person that it was opened in an emergency; no name, no reason."""
    with work.step(1) as session:
        emergency = session.get_one(Emergency, UUID(emergency_id))
        return _write_to(
            work, session, emergency.giver_id, subject=_("A person of yours was opened in an emergency"),
            text=_(
                "Another partner opened a person registered by you, for 24 hours. "
                "Read why, and end it if it is not right:\n\n%(link)s\n",
                link=work.address(f"/emergencies/{emergency.id}"),
            ),
        )  # fmt: skip


def _write_to(work: Work, session: Session, partner_id: UUID, *, subject: Words, text: Words) -> Words:
    """Send a letter to whoever answers for a partner, each in their language."""
    readers = _contacts(session, partner_id)
    for address, language in readers:
        with speaking(language):
            send(work.settings, to=address, subject=subject, text=text)
    return _told(len(readers))


def _contacts(session: Session, partner_id: UUID) -> list[tuple[str, str]]:
    """Where a partner is written to, with the reader's language: its contact address, or else its heads."""
    partner = session.get_one(Partner, partner_id)
    if partner.email:
        return [(partner.email, partner.language)]
    heads = (
        select(User.email, User.language)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.partner_id == partner_id, Membership.role == Role.ORG_MANAGER, User.active)
    )
    return [(email, language) for email, language in session.execute(heads.order_by(User.email))]


def _told(readers: int) -> Words:
    if not readers:
        return _("Nobody could be told: the other partner has neither a contact address nor a head.")
    return plural("%(n)s person told", "%(n)s people told", readers)

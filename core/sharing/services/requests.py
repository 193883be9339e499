"""Asking another partner to share a person, and answering."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from core.database.changes import explain
from core.database.field import now
from core.database.scope import scope_of, today
from core.jobs.services import start_job
from core.language import _
from core.people.rules import codice_fiscale as code_rules
from core.people.services import who_stayed, with_code
from core.refusals import Forbidden, Refusal, Refusals
from core.sharing.models import Level, Purpose, RequestState, Share, ShareRequest
from core.sharing.needs import REGISTRY
from core.sharing.rules import registered_holder, wrong_purpose
from core.sharing.services.giving import give

ANSWERED_WITHIN = timedelta(days=30)
# A partner that asks at random would learn who is known to the network.
MOST_A_DAY = 50
TELL_REQUEST = "core.tell-of-request"


def ask(
    session: Session,
    *,
    codice_fiscale: str,
    level: Level = Level.L1,
    module: str = REGISTRY,
    purpose: Purpose = Purpose.SHARED_CARE,
    purpose_note: str | None = None,
) -> ShareRequest:
    """Ask whoever registered this exact codice fiscale to share the person, without being told who or whom."""
    scope, code = scope_of(session), code_rules.check(codice_fiscale)
    if wrong := wrong_purpose(purpose, purpose_note):
        raise Refusals(wrong)
    refuse_too_many(session)
    holder = registered_holder(session, code)
    if holder.giver_id == scope.partner_id:
        raise Refusal(
            _("%(name)s is registered by your own organisation.", name=with_code(session, code) or code),
            field="codice_fiscale",
        )
    request = ShareRequest(
        giver_id=holder.giver_id, taker_id=scope.partner_id, person_id=holder.person_id, codice_fiscale=code,
        level=level, module=module, purpose=purpose, purpose_note=purpose_note, asked_by=scope.actor,
        asked_by_id=scope.user_id, asked_on=today(), expires_on=today() + ANSWERED_WITHIN,
    )  # fmt: skip
    refuse_second(session, request)
    session.add(request)
    session.flush()
    start_job(session, TELL_REQUEST, request_id=str(request.id))
    return request


def refuse_second(session: Session, request: ShareRequest) -> None:
    """One request about a person waits at a time; one of before a merge names the sheet that went."""
    same = or_(ShareRequest.person_id == request.person_id, ShareRequest.codice_fiscale == request.codice_fiscale)
    waiting = select(ShareRequest.id).where(
        ShareRequest.taker_id == request.taker_id, ShareRequest.state == RequestState.WAITING, same
    )
    if session.scalars(waiting).first() is not None:
        raise Refusal(_("You have asked this already: the other partner has not answered yet."), field="codice_fiscale")


def refuse_too_many(session: Session) -> None:
    """A day's requests of a partner are counted: an exact codice fiscale is no way to learn who is known."""
    mine = select(ShareRequest.id).where(
        ShareRequest.taker_id == scope_of(session).partner_id, ShareRequest.asked_on == today()
    )
    if len(session.scalars(mine.limit(MOST_A_DAY)).all()) >= MOST_A_DAY:
        raise Refusal(_("Your organisation asked %(n)s times today: go on tomorrow.", n=MOST_A_DAY))


def give_as_asked(session: Session, request: ShareRequest, **told: Any) -> Share:
    """Answer a request with a share, wide or narrow as the giver decides; of a merged sheet, who stayed is shared."""
    _refuse_untimely(session, request)
    person = who_stayed(session, request.person) if request.person is not None else None
    if person is None:
        raise Refusal(_("This person is not in your registry any more."))
    if person.registered_by_id != request.giver_id:
        raise Refusal(
            _("This sheet was merged into one that another partner registered: refuse, so that they may ask there.")
        )
    share = give(session, person=person, taker=request.taker, request_id=request.id, **told)
    _answer(session, request, RequestState.GIVEN)
    return share


def refuse(session: Session, request: ShareRequest, *, reason: str) -> ShareRequest:
    """Say no, and why."""
    _refuse_untimely(session, request)
    explain(session, reason)
    return _answer(session, request, RequestState.REFUSED, reason)


def withdraw_request(session: Session, request: ShareRequest) -> ShareRequest:
    """The asker does not need it any more."""
    if request.taker_id != scope_of(session).partner_id:
        raise Forbidden(_("Only who asked may withdraw a request."))
    if request.state is not RequestState.WAITING:
        raise Refusal(_("This request has been answered, or is over."))
    return _answer(session, request, RequestState.WITHDRAWN)


def expire_requests(session: Session, on: date) -> int:
    """Mark the requests of the session's partner that nobody answered in time."""
    late = update(ShareRequest).where(
        ShareRequest.taker_id == scope_of(session).partner_id, ShareRequest.state == RequestState.WAITING,
        ShareRequest.expires_on < on,
    )  # fmt: skip
    gone = session.execute(late.values(state=RequestState.EXPIRED).execution_options(synchronize_session=False))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _refuse_untimely(session: Session, request: ShareRequest) -> None:
    scope = scope_of(session)
    if request.giver_id != scope.partner_id:
        raise Forbidden(_("Only the partner that registered the person answers."))
    if request.state is not RequestState.WAITING:
        raise Refusal(_("This request has been answered, or is over."))
    if scope.user_id is not None and scope.user_id == request.asked_by_id:
        raise Refusal(_("You asked this yourself: a colleague has to answer."))


def _answer(session: Session, request: ShareRequest, state: RequestState, words: str | None = None) -> ShareRequest:
    request.state, request.answer = state, words
    request.answered_by_id, request.answered_at = scope_of(session).user_id, now()
    session.flush()
    return request

"""Giving a share, taking it back, and what the withdrawal of a consent does."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.calendar.rules import add_months
from core.database.changes import explain
from core.database.field import now
from core.database.scope import scope_of, today
from core.events.services import announce
from core.language import _
from core.partners.models import Partner
from core.people.models import Person, PersonState
from core.people.models.merge import is_of
from core.refusals import Forbidden, Refusal, Refusals
from core.sharing.models import ConsentBy, LegalGround, Level, Notice, Purpose, Share
from core.sharing.needs import REGISTRY, modules
from core.sharing.rules import wrong_purpose
from core.sharing.services.accesses import close, open_by_share, share_basis
from core.sharing.services.notices import notice_in_use

CONSENT_WITHDRAWN = "core.consent_withdrawn"
USUAL_MONTHS, MOST_YEARS = 12, 5
# From this age on one consents for oneself (art. 2-quinquies D.Lgs. 196/2003).
OWN_CONSENT = 14
DOCUMENTED = (LegalGround.CONTRACT, LegalGround.JOINT_CONTROLLERS)


def give(
    session: Session,
    *,
    person: Person,
    taker: Partner,
    legal_ground: LegalGround,
    level: Level = Level.L1,
    module: str = REGISTRY,
    purpose: Purpose = Purpose.SHARED_CARE,
    purpose_note: str | None = None,
    privacy_notice: Notice | None = None,
    consent_by: ConsentBy | None = None,
    consent_on: date | None = None,
    document: str | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    request_id: UUID | None = None,
) -> Share:
    """Let another partner see a person from a day to another; only the partner that registered them gives.

    A consent is kept with the edition of the notice it was given on: the one in use on that day, if none is named.
    """
    scope = scope_of(session)
    if person.registered_by_id != scope.partner_id:
        raise Forbidden(_("Only the partner that registered this person may share them."))
    if person.state is PersonState.MERGED:
        raise Refusal(_("%(name)s became part of another sheet: share that one.", name=person), field="person")
    since = valid_from or today()
    until = valid_to or usual_end(since)
    consents = legal_ground is LegalGround.CONSENT
    consent = _consent(session, person, privacy_notice, consent_by, consent_on) if consents else {}
    wrong = [
        *_wrong_taker(session, person, taker, level=level, module=module, since=since),
        *_wrong_days(since, until),
        *_wrong_reasons(legal_ground, document=document, purpose=purpose, note=purpose_note),
    ]
    if wrong:
        raise Refusals(wrong)
    share = Share(
        giver_id=person.registered_by_id, taker_id=taker.id, person_id=person.id, level=level, module=module,
        purpose=purpose, purpose_note=purpose_note, legal_ground=legal_ground, document=document, valid_from=since,
        valid_to=until, given_by=scope.actor, given_by_id=scope.user_id, request_id=request_id, **consent,
    )  # fmt: skip
    session.add(share)
    session.flush()
    open_by_share(session, share, person)
    return share


def usual_end(since: date) -> date:
    """The last day of a share for which nobody says another: a year."""
    return add_months(since, USUAL_MONTHS) - timedelta(days=1)


def _consent(
    session: Session, person: Person, notice: Notice | None, by: ConsentBy | None, on: date | None
) -> dict[str, object]:
    """What is kept of a consent; refuses one that could not have been given."""
    day, by = on or today(), by or ConsentBy.PERSON
    notice = notice or notice_in_use(session, day)
    age = person.age_on(day)
    if day > today():
        raise Refusal(_("A consent cannot be given in the future."), field="consent_on")
    if notice is None:
        raise Refusal(
            _("No privacy notice was in use on that day: write one first, then take the consent on it."),
            field="privacy_notice",
        )
    if notice.valid_from > day:
        raise Refusal(_("This edition of the notice was not in use yet on that day."), field="privacy_notice")
    if by is ConsentBy.PERSON and age is not None and age < OWN_CONSENT:
        raise Refusal(_("Under 14 a parent or the guardian consents: say who did."), field="consent_by")
    return {"notice_id": notice.id, "consent_by": by, "consent_on": day}


def _wrong_taker(
    session: Session, person: Person, taker: Partner, *, level: Level, module: str, since: date
) -> list[Refusal]:
    if taker.id == person.registered_by_id:
        return [Refusal(_("Your own organisation sees this person already: choose another one."), field="taker")]
    if not taker.active:
        return [Refusal(_("%(name)s does not work in the network any more.", name=taker), field="taker")]
    if module not in {one.value for one in modules()}:
        return [Refusal(_("There is no such module."), field="module")]
    same = select(Share).where(
        is_of(Share.person_id, person.id), Share.taker_id == taker.id, Share.module == module,
        Share.revoked_at.is_(None), Share.valid_to >= since,
    )  # fmt: skip
    if any(share.level.rank >= level.rank for share in session.scalars(same)):
        return [Refusal(_("%(name)s sees as much already: revoke that share first.", name=taker), field="taker")]
    return []


def _wrong_days(since: date, until: date) -> list[Refusal]:
    if until < since:
        return [Refusal(_("The last day cannot come before the first."), field="valid_to")]
    if until < today():
        return [Refusal(_("The last day is over already."), field="valid_to")]
    if until > add_months(since, 12 * MOST_YEARS):
        return [Refusal(_("Share for five years at most: it can be given again."), field="valid_to")]
    return []


def _wrong_reasons(ground: LegalGround, *, document: str | None, purpose: Purpose, note: str | None) -> list[Refusal]:
    wrong = []
    if ground in DOCUMENTED and not document:
        wrong.append(Refusal(_("Write which contract or agreement it is."), field="document"))
    return [*wrong, *wrong_purpose(purpose, note)]


def revoke(session: Session, share: Share, *, reason: str | None = None) -> Share:
    """Take a share back: the other partner does not see the person from its next request on."""
    _refuse_stranger(session, share)
    if not share.open:
        raise Refusal(_("This share is over already."))
    if reason:
        explain(session, reason)
    _end(session, share, reason)
    close(session, share_basis(share.id))
    return share


def withdraw_consent(session: Session, share: Share, *, reason: str | None = None) -> Share:
    """The person takes their consent back: the share ends, and the modules of both partners answer."""
    _refuse_stranger(session, share)
    if share.legal_ground is not LegalGround.CONSENT:
        raise Refusal(_("This share does not stand on a consent: revoke it instead."))
    if share.consent_withdrawn_at is not None:
        raise Refusal(_("This consent was withdrawn already."))
    if share.open:
        revoke(session, share, reason=reason)
    elif share.revoked_at is None:
        _end(session, share, reason)
    share.consent_withdrawn_at = now()
    session.flush()
    announce(
        session, CONSENT_WITHDRAWN, also=[share.taker_id], person_id=share.person_id, share_id=share.id,
        giver_id=share.giver_id, taker_id=share.taker_id, on=today(),
    )  # fmt: skip
    return share


def _end(session: Session, share: Share, reason: str | None) -> None:
    share.revoked_at, share.revoked_by, share.revoked_because = now(), scope_of(session).actor, reason
    session.flush()


def _refuse_stranger(session: Session, share: Share) -> None:
    if share.giver_id != scope_of(session).partner_id:
        raise Forbidden(_("Only the partner that gave this share may end it."))

"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes for who has lost it."""

import base64
import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

import pyotp
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.access import sessions, throttle
from core.access.models import Membership, RecoveryCode, Role, SecondFactor, SignIn, User
from core.access.secret import hash_of
from core.database.field import now
from core.database.sealing import seal, unseal
from core.language import _
from core.refusals import Refusal

STEP = 30  # seconds
DRIFT = (-1, 0, 1)  # clocks of telephones may be half a minute off
CODES = 10
CODE_BYTES = 10
GROUP = 4
# Who administers, who approves what others propose, who reads what is special about people.
ROLES = frozenset({Role.SYSADMIN, Role.ORG_MANAGER, Role.MUNICIPAL, Role.COMMITTEE, Role.CASE_MANAGER})
LIMIT = throttle.Limit("code", 5, timedelta(minutes=5), throttle.ACCOUNT.pauses)


def factor_of(session: Session, user: User) -> SecondFactor | None:
    """The user's second factor in force."""
    found = _row(session, user)
    return found if found and found.since else None


def is_needed(session: Session, user: User) -> bool:
    """Whether one of the user's roles, wherever they have it, asks for a second factor."""
    roles = select(Membership.id).where(Membership.user_id == user.id, Membership.role.in_(ROLES))
    return user.network_admin or session.scalars(roles.limit(1)).first() is not None


def prepare(session: Session, user: User) -> SecondFactor:
    """A new secret to show to the app; it counts for nothing until a code of it was right."""
    factor = _row(session, user, lock=True)
    if factor is None:
        factor = SecondFactor(user_id=user.id)
        session.add(factor)
    elif factor.since:
        raise Refusal(_("You have a second factor already: turn it off first."))
    seal(session, factor, "secret", pyotp.random_base32())
    session.flush()
    return factor


def prepared(session: Session, user: User) -> SecondFactor | None:
    """The secret shown to the app, while no code of it was right yet."""
    found = _row(session, user)
    return None if found is None or found.since else found


def address_for_app(session: Session, user: User, factor: SecondFactor, *, issuer: str) -> str:
    """What the app reads from the picture: whose secret it is, and the secret."""
    return pyotp.TOTP(unseal(session, factor, "secret")).provisioning_uri(name=user.email, issuer_name=issuer)


def secret_in_groups(session: Session, factor: SecondFactor) -> str:
    """The secret as one types it, for an app that sees no picture."""
    return _in_groups(unseal(session, factor, "secret"))


def put_in_force(session: Session, user: User, code: str, *, at: datetime | None = None) -> list[str]:
    """Take the first code of the app: from now on every sign-in asks for one. Gives the recovery codes, once."""
    at = at or now()
    tries = throttle.claim(session, LIMIT, str(user.id), at=at)
    factor = _row(session, user, lock=True)
    if factor is None or factor.since:
        raise Refusal(_("Begin again: there is no second factor waiting for its first code."))
    if not _takes(session, factor, code, at):
        throttle.count(session, LIMIT, tries, at=at)
        raise _wrong()
    factor.since = at
    throttle.forgive(session, tries, at=at)
    return new_recovery_codes(session, user)


def check(session: Session, user: User, code: str, *, at: datetime | None = None) -> None:
    """Take a code of the app or a recovery code, each once; five wrong ones close for a while.

    The failures outlive the refusal only if the transaction is kept. Who sends the same code at the same moment
    waits here for the other, and finds it taken.
    """
    at = at or now()
    tries = throttle.claim(session, LIMIT, str(user.id), at=at)
    factor = _row(session, user, lock=True)
    in_force = factor is not None and factor.since is not None
    if not (in_force and (_takes(session, factor, code, at) or _recovers(session, user, code, at))):
        throttle.count(session, LIMIT, tries, at=at)
        raise _wrong()
    throttle.forgive(session, tries, at=at)


def new_recovery_codes(session: Session, user: User) -> list[str]:
    """Ten codes of 80 random bits, in the place of those from before; only their hashes are kept."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode() for _code in range(CODES)]
    session.add_all(RecoveryCode(user_id=user.id, code_hash=hash_of(code)) for code in codes)
    session.flush()
    return [_in_groups(code) for code in codes]


def recovery_codes_left(session: Session, user: User) -> int:
    """How many were not used yet."""
    left = select(func.count(RecoveryCode.id)).where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    return session.execute(left).scalar_one()


def forget(session: Session, user: User, *, visit_id: UUID | None = None) -> None:
    """Throw the secret and the recovery codes away, as when the telephone is lost; every other visit ends."""
    for kind in (SecondFactor, RecoveryCode):
        for row in session.scalars(select(kind).where(kind.user_id == user.id)):
            session.delete(row)
    session.flush()
    sessions.sign_out_everywhere(session, user.id, except_for=visit_id)


def complete(session: Session, visit: SignIn, *, at: datetime | None = None) -> str:
    """Let a visit that owed a code in, under a new token: the one that only knew the password is worthless."""
    visit.pending = False
    visit.confirmed_at = at or now()
    return sessions.renew(session, visit)


def _row(session: Session, user: User, *, lock: bool = False) -> SecondFactor | None:
    wanted = select(SecondFactor).where(SecondFactor.user_id == user.id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalars(wanted).one_or_none()


def _takes(session: Session, factor: SecondFactor | None, code: str, at: datetime) -> bool:
    """Whether it is a code of about now that was not taken before; it is taken then."""
    if factor is None:
        return False
    code = "".join(code.split())
    app = pyotp.TOTP(unseal(session, factor, "secret"))
    step = int(at.timestamp()) // STEP
    fitting = [step + off for off in DRIFT if hmac.compare_digest(app.generate_otp(step + off).encode(), code.encode())]
    if not fitting or fitting[-1] <= factor.last_step:
        return False
    factor.last_step = fitting[-1]
    session.flush()
    return True


def _recovers(session: Session, user: User, code: str, at: datetime) -> bool:
    kept = hash_of(code.upper().replace("-", "").replace(" ", ""))
    wanted = select(RecoveryCode).where(RecoveryCode.user_id == user.id, RecoveryCode.code_hash == kept)
    found = session.scalars(wanted.where(RecoveryCode.used_at.is_(None)).with_for_update()).one_or_none()
    if found is None:
        return False
    found.used_at = at
    session.flush()
    return True


def _in_groups(text: str) -> str:
    return "-".join(text[n : n + GROUP] for n in range(0, len(text), GROUP))


def _wrong() -> Refusal:
    return Refusal(_("This code is not right, or was used already: wait for the next one."), field="one_time_code")

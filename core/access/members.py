"""Who works for a partner, and as what."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import sessions
from core.access.models import ApiToken, Membership, Role, User
from core.access.roles import Rights, deviations, effective_permissions
from core.access.sign_in import user_by_email
from core.access.users import read_email, register_user
from core.database.field import now
from core.database.scope import scope_of
from core.language import FIRST_LANGUAGE, _
from core.partners.models import Partner
from core.partners.services import modules_of
from core.refusals import NotFound, Refusal

# System administrators belong to the network: the command line appoints them, not a partner.
GIVEN_ROLES = tuple(role for role in Role if role is not Role.SYSADMIN)


def members_of(session: Session) -> list[tuple[User, list[Role]]]:
    """The members of the session's partner by name, each with their roles in the order of the list."""
    wanted = select(User, Membership.role).join(Membership.user).where(Membership.partner_id == _partner(session))
    found: dict[UUID, tuple[User, list[Role]]] = {}
    for user, role in session.execute(wanted.order_by(User.name, User.id)):
        found.setdefault(user.id, (user, []))[1].append(role)
    order = list(Role)
    return [(user, sorted(roles, key=order.index)) for user, roles in found.values()]


def members_who_may(session: Session, permission: str, rights: Rights) -> list[User]:
    """The active members of the session's partner, by name, whose roles there include something today."""
    modules, differing, found = modules_of(session), deviations(session), []
    allowed: dict[frozenset[Role], bool] = {}
    for user, roles in members_of(session):
        key = frozenset(roles)
        if key not in allowed:
            may = effective_permissions(map(str, key), rights.presets, rights.declared, modules, differing)
            allowed[key] = permission in may
        if user.active and allowed[key]:
            found.append(user)
    return found


def member(session: Session, user_id: UUID) -> tuple[User, list[Role]]:
    """One member of the session's partner; another partner's member does not exist here."""
    wanted = select(Membership).where(Membership.partner_id == _partner(session), Membership.user_id == user_id)
    rows = list(session.scalars(wanted))
    if not rows:
        raise NotFound(_("There is no such member."))
    return rows[0].user, [row.role for row in rows]


def add_member(session: Session, *, email: str, name: str, roles: Collection[Role]) -> User:
    """Make somebody a member, with an account if they have none; who has one keeps their own name."""
    user = user_by_email(session, read_email(email))
    if user is None:
        partner = session.get_one(Partner, _partner(session))
        user = register_user(session, email=email, name=name, language=partner.language or FIRST_LANGUAGE)
    elif _roles(session, user.id):
        raise Refusal(_("%(name)s is a member already: change their roles instead.", name=user), field="email")
    _give(session, user, roles)
    return user


def set_roles(session: Session, user_id: UUID, *, roles: Collection[Role]) -> None:
    """Give a member these roles and no others; their visits here end, so that no page is half old."""
    user, before = member(session, user_id)
    if set(roles) == set(before):
        return
    _keep_a_head(session, user_id, after=roles)
    for row in _roles(session, user_id):
        if row.role not in roles:
            session.delete(row)
    _give(session, user, [role for role in roles if role not in before])
    _send_away(session, user_id)


def remove_member(session: Session, user_id: UUID) -> None:
    """End a membership: visits and tokens for this partner stop working at once, the account stays."""
    member(session, user_id)
    _keep_a_head(session, user_id, after=())
    for row in _roles(session, user_id):
        session.delete(row)
    here = (ApiToken.user_id == user_id, ApiToken.partner_id == _partner(session), ApiToken.revoked_at.is_(None))
    for token in session.scalars(select(ApiToken).where(*here)):
        token.revoked_at = now()
    session.flush()
    sessions.sign_out_of_partner(session, user_id, _partner(session))


def _give(session: Session, user: User, roles: Collection[Role]) -> None:
    wanted = [Role(role) for role in roles]
    if Role.SYSADMIN in wanted:
        raise Refusal(_("A partner does not appoint system administrators."), field="roles")
    if not wanted and not _roles(session, user.id):
        raise Refusal(_("Choose at least one role."), field="roles")
    session.add_all(Membership(user_id=user.id, partner_id=_partner(session), role=role) for role in wanted)
    session.flush()


def _keep_a_head(session: Session, user_id: UUID, *, after: Collection[Role]) -> None:
    """Refuse to leave the partner without anybody who could let others in."""
    if Role.ORG_MANAGER in after:
        return
    heads = select(Membership.user_id).where(
        Membership.partner_id == _partner(session), Membership.role == Role.ORG_MANAGER
    )
    if set(session.scalars(heads.with_for_update())) == {user_id}:
        raise Refusal(_("Somebody must stay head of the organisation: appoint another one first."), field="roles")


def _send_away(session: Session, user_id: UUID) -> None:
    if user_id != scope_of(session).user_id:
        sessions.sign_out_of_partner(session, user_id, _partner(session))


def _roles(session: Session, user_id: UUID) -> list[Membership]:
    wanted = select(Membership).where(Membership.partner_id == _partner(session), Membership.user_id == user_id)
    return list(session.scalars(wanted))


def _partner(session: Session) -> UUID:
    partner = scope_of(session).partner_id
    if partner is None:
        raise Refusal(_("Choose a partner first."))
    return partner

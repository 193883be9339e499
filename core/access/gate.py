"""The gate of every request: who is it, for which partner, and may they open this view."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask, request
from sqlalchemy import and_, null, or_, select, union_all, update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from core.access import asking, confirming, sessions, tokens
from core.access.models import ApiToken, Membership, Role, RolePermission, SignIn, User
from core.access.permissions import PUBLIC, SIGNED_IN, needs_fresh_sign_in
from core.access.roles import Declared, Rights
from core.access.secret import hash_of
from core.config import Settings
from core.database.field import now
from core.database.scope import Scope
from core.database.session import Database
from core.language import _
from core.partners.models import ModuleSwitch, Partner
from core.refusals import Forbidden

BEARER = "bearer "


@dataclass(frozen=True)
class Visitor:
    """Who makes this request; `partners` are those they may change to, as (key, name).

    A `fresh` one showed within five minutes that it is still them; a token never does.
    """

    user_id: UUID
    user_name: str
    email: str
    language: str
    partner_id: UUID | None
    partner_name: str
    roles: frozenset[str]
    partners: tuple[tuple[UUID, str], ...]
    sign_in_id: UUID | None
    token: bool
    network_admin: bool
    fresh: bool = False


@dataclass(frozen=True)
class Seen:
    """An open visit or token that was found, whichever it is."""

    partner_id: UUID | None
    sign_in_id: UUID | None
    touch: Callable[[Session], Any] | None
    fresh: bool = False


def cookie_name(settings: Settings) -> str:
    """`__Host-` binds the cookie to this very host and to https; browsers refuse it on plain http."""
    return "__Host-sid" if settings.secure else "sid"


def set_cookie(response: BaseResponse, settings: Settings, token: str) -> None:
    """Give the browser the token of its visit, out of reach of scripts and of other sites' posts."""
    response.set_cookie(
        cookie_name(settings), token, httponly=True, samesite="Lax", secure=settings.secure, path="/",
        max_age=int(sessions.LONGEST.total_seconds()),
    )  # fmt: skip


def drop_cookie(response: BaseResponse, settings: Settings) -> None:
    """Let the browser forget its visit."""
    response.delete_cookie(cookie_name(settings), httponly=True, samesite="Lax", secure=settings.secure, path="/")


def credentials(settings: Settings) -> tuple[str, bool]:
    """The request's token, and whether it is an API token; a bearer counts alone, the cookie is not looked at."""
    header = request.headers.get("Authorization", "")
    if header[: len(BEARER)].lower() == BEARER:
        return header[len(BEARER) :].strip(), True
    return request.cookies.get(cookie_name(settings), ""), False


def identify(database: Database, settings: Settings, *, at: datetime | None = None) -> Visitor | None:
    """Who shows the cookie or the bearer token of this request; None for strangers and what is over."""
    with database.session(Scope(), writes=False) as session:
        return identify_in(session, database, settings, at=at)


def identify_in(
    session: Session, database: Database, settings: Settings, *, at: datetime | None = None
) -> Visitor | None:
    """The same, asked in a stranger's session that is open already; what is noted of the visit is noted apart."""
    token, is_bearer = credentials(settings)
    if not token:
        return None
    at = at or now()
    rows = _rows(session, ApiToken if is_bearer else SignIn, token)
    seen = rows and (_bearer(rows[0][0], at) if is_bearer else _visit(rows[0][0], at))
    visitor = _visitor(seen, rows) if seen else None
    if visitor and seen and seen.touch:
        database.run(Scope(), seen.touch)
    return visitor


def _rows(session: Session, kind: type[SignIn] | type[ApiToken], token: str) -> Sequence[Any]:
    """The visit or token with its user, once for each partner and role of theirs: one question a request."""
    wanted = select(kind, User).join(User, User.id == kind.user_id).where(kind.token_hash == hash_of(token))
    return _with_partners(session, wanted)


def _with_partners(session: Session, users: Any) -> Sequence[Any]:
    """Rows of an active user with each partner open to them: key, name, and the partner and name of a role."""
    open_to_them = or_(Partner.id == Membership.partner_id, User.network_admin)
    wanted = (
        users.add_columns(Partner.id, Partner.name, Membership.partner_id, Membership.role)
        .outerjoin(Membership, Membership.user_id == User.id)
        .outerjoin(Partner, and_(Partner.active, open_to_them))
    )
    return session.execute(wanted.where(User.active).order_by(Partner.name)).all()


def _visit(visit: SignIn, at: datetime) -> Seen | None:
    if visit.pending or not sessions.is_open(visit, at=at):
        return None
    late = at >= visit.seen_at + sessions.TOUCH_EVERY
    touch = (lambda session: sessions.touch(session, visit.id, at=at)) if late else None
    return Seen(visit.partner_id, visit.id, touch, fresh=confirming.is_fresh(visit, at=at))


def _bearer(token: ApiToken, at: datetime) -> Seen | None:
    if not tokens.is_open(token, at=at):
        return None
    late = token.used_at is None or at >= token.used_at + sessions.TOUCH_EVERY
    note = update(ApiToken).where(ApiToken.id == token.id).values(used_at=at)
    return Seen(token.partner_id, None, (lambda session: session.execute(note)) if late else None)


def acting(session: Session, user_id: UUID, partner_id: UUID) -> Visitor | None:
    """The visitor a user is in a partner without signing in, as for a calendar; None when they are none any more."""
    rows = _with_partners(session, select(User).where(User.id == user_id))
    return _visitor(Seen(partner_id, None, None), rows) if rows else None


def _visitor(seen: Seen, rows: Sequence[Any]) -> Visitor | None:
    """The visitor with their roles of today; None when they have lost their last one here."""
    user: User = rows[0][-5]
    partners = {key: name for *_user, key, name, _at, _role in rows if key is not None}
    roles = {str(role) for *_row, key, _name, at, role in rows if key is not None and key == at == seen.partner_id}
    if user.network_admin:
        roles.add(str(Role.SYSADMIN))
    if not roles or (seen.partner_id is not None and seen.partner_id not in partners):
        return None
    return Visitor(
        user_id=user.id, user_name=user.name, email=user.email, language=user.language,
        partner_id=seen.partner_id, partner_name=partners.get(seen.partner_id, ""),
        roles=frozenset(roles), partners=tuple(partners.items()),
        sign_in_id=seen.sign_in_id, token=seen.sign_in_id is None, network_admin=user.network_admin,
        fresh=seen.fresh,
    )  # fmt: skip


def scope_for(visitor: Visitor | None, *, address: str = "") -> Scope:
    """The scope to open the request's session with; `fill` adds what the visitor may do."""
    if visitor is None:
        return Scope(address=address)
    return Scope(
        partner_id=visitor.partner_id, user_id=visitor.user_id, actor=visitor.user_name, address=address,
        visit_id=visitor.sign_in_id,
    )  # fmt: skip


def fill(session: Session, visitor: Visitor | None, rights: Rights) -> Scope:
    """The session's scope with the partner's modules and the visitor's permissions; the session is given it."""
    scope: Scope = session.info["scope"]
    if visitor is not None:
        modules, differing = _of_partner(session, visitor) if visitor.partner_id else (frozenset[str](), {})
        allowed = rights.allowed(visitor.roles, modules, differing)
        scope = replace(scope, modules=modules, permissions=allowed)
        session.info["scope"] = scope
    return scope


def without(session: Session, modules: Collection[str], declared: Declared) -> Scope:
    """The session's scope as if these modules were off; the session is given it."""
    scope: Scope = session.info["scope"]
    permissions = frozenset(one for one in scope.permissions if declared.get(one) not in modules)
    scope = replace(scope, modules=scope.modules - frozenset(modules), permissions=permissions)
    session.info["scope"] = scope
    return scope


def _of_partner(session: Session, visitor: Visitor) -> tuple[frozenset[str], dict[tuple[str, str], bool]]:
    """The partner's modules, and where its roles differ from the presets: one question for both."""
    none = null().cast(RolePermission.role.type)
    on = select(none, ModuleSwitch.key, ModuleSwitch.enabled).where(
        ModuleSwitch.enabled, ModuleSwitch.partner_id == visitor.partner_id
    )
    differing = select(RolePermission.role, RolePermission.permission, RolePermission.allowed).where(
        RolePermission.partner_id == visitor.partner_id, RolePermission.role.in_([Role(one) for one in visitor.roles])
    )
    rows = session.execute(union_all(on, differing)).all()
    return (
        frozenset(key for role, key, _on in rows if role is None),
        {(str(role), key): allowed for role, key, allowed in rows if role is not None},
    )


def check(view: Callable[..., Any], scope: Scope, visitor: Visitor | None) -> BaseResponse | None:
    """None when the visitor may open the view, else where to go instead.

    `Forbidden` when signed in in vain, `Unauthorized` for a program without a token.
    """
    permission = permission_of(view)
    if permission is None:
        raise RuntimeError(f"{view.__module__}.{view.__qualname__} names no permission")
    if permission == PUBLIC:
        return None
    if visitor is None:
        return asking.to_sign_in()
    if permission != SIGNED_IN and not scope.may(permission):
        raise Forbidden(_("Your role does not include this. Ask the head of your organisation."))
    if needs_fresh_sign_in(view) and asking.is_meant() and not visitor.fresh:
        return asking.to_confirm(token=visitor.token)
    return None


def permission_of(view: Callable[..., Any]) -> str | None:
    """The mark of a view; Flask's own views and those of extensions have none."""
    permission: str | None = getattr(view, "permission", None)
    return permission


def unmarked(app: Flask) -> list[str]:
    """The endpoints that name no permission; the app refuses to start while there are any."""
    return sorted(name for name, view in app.view_functions.items() if name != "static" and permission_of(view) is None)

"""Looking at the program as a role sees it: what that role and the looker both may, and nothing is written."""

from dataclasses import replace

import flask
from flask import g, request
from sqlalchemy.orm import Session

from core.access.gate import Visitor
from core.access.members import GIVEN_ROLES
from core.access.models import Role
from core.access.roles import Rights, deviations, effective_permissions
from core.database.scope import Scope
from core.language import _
from core.refusals import Forbidden, Refusal

SAFE = {"GET", "HEAD", "OPTIONS"}
KEPT = "viewing_as"
# What may be sent while looking: the way out, and the language to read in.
ALLOWED = {"access.leave_view", "access.sign_out", "access.change_language"}


def begin(role: str) -> Role:
    """Look as a role of one's own partner, until one leaves, for this visit alone."""
    if role not in {one.value for one in GIVEN_ROLES}:
        raise Refusal(_("Choose one of the roles."), field="role")
    flask.session[KEPT] = {"role": role, "visit": str(g.visitor.sign_in_id), "partner": str(g.visitor.partner_id)}
    return Role(role)


def leave() -> None:
    """Be oneself again."""
    flask.session.pop(KEPT, None)


def role_viewed(visitor: Visitor | None) -> Role | None:
    """The role that this visit looks as; None for programs, and once the visit or its partner is another one."""
    told = flask.session.get(KEPT)
    if visitor is None or visitor.token or not told:
        return None
    same = (told["visit"], told["partner"]) == (str(visitor.sign_in_id), str(visitor.partner_id))
    return Role(told["role"]) if same else None


def narrowed(session: Session, visitor: Visitor, scope: Scope, role: Role, rights: Rights) -> tuple[Visitor, Scope]:
    """The visitor and their scope as the role has them: never more than their own."""
    allowed = effective_permissions([role], rights.presets, rights.declared, scope.modules, deviations(session))
    scope = replace(scope, permissions=scope.permissions & allowed, viewing_as=role.value)
    session.info["scope"] = scope
    return replace(visitor, roles=frozenset({role.value}), network_admin=False), scope


def refuse_writing(role: Role | None) -> None:
    """While one looks as somebody else, nothing is sent but the way out."""
    if role is not None and request.method not in SAFE and request.endpoint not in ALLOWED:
        raise Forbidden(
            _("You are looking as “%(role)s”: nothing is written. Leave the view to go on.", role=role.label)
        )

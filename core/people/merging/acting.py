"""A merge asked for on a page or by a program: work across partners in the name of the visitor's own."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

from flask import current_app, g
from sqlalchemy.orm import Session

from core.database.scope import Scope
from core.language import _
from core.people.merging import rules, services
from core.people.merging.planning import Plan, plan_merge
from core.people.models import Merge, Person
from core.refusals import NotFound, Refusal
from core.web.installed import installation

T = TypeVar("T")


def _across(reason: str) -> Scope:
    return replace(g.scope, operator=True, permissions=frozenset(), reason=reason)


def two_people(winner: UUID, loser: UUID) -> tuple[Person, Person]:
    """Both sheets, when the visitor sees them and may make them one."""
    found = g.session.get(Person, winner), g.session.get(Person, loser)
    if found[0] is None or found[1] is None:
        raise NotFound(_("There is no such page here, or it belongs to another partner."))
    rules.refuse_impossible(found[0], found[1])
    rules.refuse_stranger(g.session, g.scope.partner_id, found[0], found[1])
    return found[0], found[1]


def look_ahead(winner: UUID, loser: UUID) -> Plan:
    """What a merge would move, every partner's rows counted; nothing is written."""
    with current_app.extensions["database"].session(_across("preview of a merge"), writes=False) as session:
        one, other = session.get(Person, winner), session.get(Person, loser)
        if one is None or other is None:
            raise NotFound(_("There is no such person here."))
        return plan_merge(session, installation(), one, other)


def merge(winner: UUID, loser: UUID, *, reason: str, take: frozenset[str], confirm_codes: bool) -> UUID:
    """Merge in a transaction of its own; the key of the merge."""
    two_people(winner, loser)
    return _apart(
        reason,
        lambda session: (
            services.merge_people(
                session, installation(), winner, loser, reason=reason, take=take, confirm_codes=confirm_codes
            ).id
        ),
    )


def undo(key: UUID, *, reason: str) -> UUID:
    """Take a merge back in a transaction of its own; the key of the person that stayed."""
    return _apart(reason, lambda session: services.undo_merge(session, installation(), key, reason=reason).person_id)


def _apart(reason: str, work: Callable[[Session], T]) -> T:
    """Do the work as the operator does; the request's own session gives its place up to it.

    On the embedded database only one may write at a time. A form that was sent twice finds the work done.
    """
    if not reason.strip():
        raise Refusal(_("Write the reason: it stays in the history."), field="reason")
    database: Any = current_app.extensions["database"]
    g.session.rollback()
    g.once = ""
    done: T = database.run(_across(reason), work)
    return done


def own_merge(key: UUID) -> Merge:
    """A merge that this partner made."""
    found = g.session.get(Merge, key)
    if found is None or found.registered_by_id != g.scope.partner_id:
        raise NotFound(_("There is no such page here, or it belongs to another partner."))
    return found

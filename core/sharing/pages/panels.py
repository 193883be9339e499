"""The tab on a person's page that tells who sees them, why, and until when; and what the reader sees, and why."""

from typing import Any

from flask import g
from sqlalchemy.orm import Session

from core.people.models import Person
from core.resource.forms import open_form
from core.sharing import queries
from core.sharing.forms import ShareForm
from core.web.installed import installation

IN_SHORT = 4
SHOWN = ("taker", "legal_ground", "level", "module", "purpose", "valid_to")


def who_sees(session: Session, person: Person) -> dict[str, Any]:
    """The registrar, everybody it is shared with, the reader's own grounds, and the form that shares it."""
    ours = person.registered_by_id == g.scope.partner_id
    may_give = ours and g.scope.may("shares.add")
    rights, by = installation().rights, queries.opened(session, person)
    form: Any = open_form(ShareForm, session, g.collections) if may_give else {}
    return {
        "person": person,
        "seers": queries.seers(session, person, by),
        "grounds": queries.why(session, person, by),
        "facets": queries.facets(session, person),
        "roles": queries.roles_that_may(session, g.visitor.roles, "people.see", rights),
        "heads": queries.heads_of(session, person.registered_by_id),
        "ours": ours,
        "fields": [form[name] for name in SHOWN if name in form],
        "requests": g.scope.may("share-requests.add") and not ours,
    }


def who_sees_in_short(session: Session, person: Person) -> dict[str, Any]:
    """The registrar and the first others, for the person's own page."""
    found = queries.seers(session, person, queries.opened(session, person))
    return {"seers": found[:IN_SHORT], "more": len(found[IN_SHORT:])}

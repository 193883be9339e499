"""Who looked at a person, for who may read the audit trail: a card on the person's page, and a tab with the rest."""

from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from core.audit.looks import looks_at
from core.database.field import now
from core.database.scope import scope_of
from core.partners.models import Partner

LAST, A_PAGE = 4, 50


def last_looks(session: Session, person: Any) -> dict[str, Any]:
    """The last few, as lines of a card."""
    found = looks_at(session, person, earlier=now(), most=LAST)
    return {"looks": [{"at": one.at, "who": one.who, "text": ", ".join(map(str, one.what)), "meta": one.purpose}
                      for one in found]}  # fmt: skip


def looks_of(session: Session, person: Any) -> dict[str, Any]:
    """A page of them; the address says before when."""
    found = looks_at(session, person, earlier=_before(), most=A_PAGE + 1)
    ours = person.registered_by_id == scope_of(session).partner_id
    return {
        "looks": found[:A_PAGE],
        "older": f"?before={found[A_PAGE - 1].at.isoformat()}".replace("+", "%2B") if found[A_PAGE:] else "",
        "registrar": "" if ours else session.get_one(Partner, person.registered_by_id).name,
    }


def _before() -> datetime:
    """The moment that the address names; now, when it names none that can be read."""
    try:
        named = datetime.fromisoformat(request.args.get("before", ""))
    except ValueError:
        return now()
    return named if named.tzinfo else now()

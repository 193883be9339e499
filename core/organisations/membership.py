"""Who stands in an informal group: it has no papers, so its people answer for it."""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.database.model import metadata
from core.database.scope import today
from core.language import _
from core.organisations.models import Organisation
from core.refusals import Refusal

ENOUGH = 3
REFERENT = "referent"


def refuse_too_few(session: Session, organisation: Organisation) -> None:
    """Refuse a group of fewer than three named people, or without a referent among them."""
    people = people_of(session, organisation)
    named = {person for person, _kind in people}
    if len(named) < ENOUGH:
        raise Refusal(
            _(
                "An informal group needs at least %(n)s named people; it has %(found)s: add their relationships.",
                n=ENOUGH,
                found=len(named),
            )
        )
    if REFERENT not in {kind for _person, kind in people}:
        raise Refusal(_("An informal group needs a referent: say which of its people it is."))


def people_of(session: Session, organisation: Organisation) -> list[tuple[UUID, str]]:
    """The people related to the organisation today by its registrar, each with what they are to it.

    The table is named and not imported: people know organisations, not the other way round.
    """
    table = metadata.tables["people_relationship"].c
    day = today()
    related = select(table.person_id, table.kind).where(
        table.organisation_id == organisation.id,
        table.registered_by_id == organisation.registered_by_id,
        table.valid_from <= day,
        or_(table.valid_to.is_(None), table.valid_to >= day),
    )
    return [(person, str(kind)) for person, kind in session.execute(related)]

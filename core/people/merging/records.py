"""The lists of likely duplicates and of merges."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from core.database.scope import scope_of
from core.language import _
from core.people.merging import saying
from core.people.merging.forms import DifferentForm
from core.people.models import Duplicate, DuplicateState, Merge, Person, PersonState
from core.resource.declaration import Action, Facts, Panel, Resource
from core.web.links import MenuItem


def both_seen(session: Session) -> Any:
    """The pairs of which the partner sees both sheets, and neither was merged meanwhile."""
    one, other = aliased(Person), aliased(Person)
    there = (one.state != PersonState.MERGED, other.state != PersonState.MERGED)
    return (
        select(Duplicate)
        .join(one, one.id == Duplicate.person_id)
        .join(other, other.id == Duplicate.other_id)
        .where(*there)
    )


def comparison(session: Session, duplicate: Duplicate) -> dict[str, Any]:
    """Both sheets in a few words, each with its address."""
    return {"sheets": [duplicate.person, duplicate.other]}


def moved(session: Session, merge: Merge) -> dict[str, Any]:
    """What a merge did, and whether this partner may take it back."""
    return {"merge": merge, "ours": merge.registered_by_id == scope_of(session).partner_id}


def _steps(merge: Merge) -> list[MenuItem]:
    return [MenuItem(_("Open the sheet that stayed"), f"/people/{merge.person_id}", "user", "people.see")]


duplicates = Resource(
    Duplicate,
    name="duplicates",
    title=_("Likely duplicates"),
    singular=_("Likely duplicate"),
    columns=["person", "other", "score", "why", "state"],
    filters=["state"],
    search=["person.surname", "person.name"],
    order="-score",
    select=both_seen,
    panels=[
        Panel(_("The two sheets"), "people/merging/pair.html", comparison),
        Facts("score", "why", "state", "note", title=_("Why they may be one person")),
    ],
    links=lambda pair: [
        MenuItem(_("Compare and merge"), f"/people/{pair.person_id}/merge/{pair.other_id}", "link", "people.merge")
    ],
    actions=[
        Action(
            "not-the-same", saying.not_the_same, _("They are two people"), form=DifferentForm,
            when=lambda pair: pair.state is DuplicateState.WAITING,
        ),
    ],
    icon="user",
    in_menu=False,
    sentence=_("Sheets that may be of one person, found every night or reported by somebody."),
)  # fmt: skip

merges = Resource(
    Merge,
    name="merges",
    title=_("Merged people"),
    singular=_("Merge of two sheets"),
    columns=["person.full_name", "merged_at", "merged_by", "rows", "state", "last_day"],
    filters=["state", "merged_at"],
    search=["person.surname", "person.name"],
    order="-merged_at",
    panels=[
        Facts("person", "merged_at", "merged_by", "reason", "rows", "state", "last_day", title=_("The merge")),
        Panel(_("What moved"), "people/merging/moved.html", moved),
    ],
    links=_steps,
    icon="link",
    in_menu=False,
    sentence=_("Sheets that became part of another; for thirty days it can be undone."),
)

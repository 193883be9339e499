"""Merging two sheets of one person, and taking it back: whole or not at all."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from core.database.changes import explain, note_updates
from core.database.field import now
from core.database.ownership import owner_among
from core.database.scope import scope_of
from core.database.visibility import REGISTERED, PersonAccess
from core.language import Words, _
from core.people.merging import rules
from core.people.merging.choosing import chosen
from core.people.merging.places import PEOPLE, places
from core.people.merging.planning import Plan, plan_merge, refuse_silent
from core.people.merging.snapshot import Touched, fingerprint, present, put_back
from core.people.models import Merge, MergedRow, MergeState, Person, PersonState
from core.people.services.access import rename
from core.people.services.identity import COLUMNS, checked, search_text, sort_key
from core.refusals import Forbidden, NotFound, Refusal, Refusals

if TYPE_CHECKING:
    from core.plugins.installation import Installation

ACCESSES = PersonAccess.__tablename__


class ChangedSince(Refusals):
    """What was changed after a merge, and would be lost if it were undone."""

    def __init__(self, changed: list[Words]) -> None:
        first = Refusal(_("The merge cannot be undone: what it touched was changed since."))
        super().__init__([first, *(Refusal(one) for one in changed)])


def merge_people(
    session: Session, installation: "Installation", winner: UUID, loser: UUID, *, reason: str,
    take: frozenset[str] = frozenset(), confirm_codes: bool = False,
) -> Merge:  # fmt: skip
    """Make one person of two sheets: the loser becomes a redirect to the winner, and every module's rows move.

    The session works across partners in the name of one of them. `take` names the facts that come from
    the sheet that goes. Whatever stands in the way refuses all of it, with its list.
    """
    partner = scope_of(session).partner_id
    stays, goes = hold(session, winner, loser)
    rules.refuse_impossible(stays, goes)
    rules.refuse_stranger(session, partner, stays, goes)
    rules.refuse_codes(stays, goes, confirmed=confirm_codes)
    values = _values(session, partner, stays, goes, take)
    plan = plan_merge(session, installation, stays, goes)
    plan.refuse_conflicts(partner)
    explain(session, reason)
    touched = Touched(session)
    touched.note(PEOPLE, [goes.id, stays.id])
    moved = _move(session, plan, touched)
    _become_one(session, stays, goes, values)
    merge = Merge(
        registered_by_id=partner, person_id=stays.id, merged_id=goes.id, merged_by=scope_of(session).actor,
        reason=reason, rows=moved,
    )  # fmt: skip
    session.add(merge)
    session.flush()
    touched.keep(merge, merge.registered_by_id)
    return merge


def hold(session: Session, *keys: UUID) -> list[Person]:
    """The people with these keys, in that order; they are held in the order of their keys until it is over."""
    wanted = select(Person).where(Person.id.in_(keys)).order_by(Person.id).with_for_update(of=Person)
    found = {person.id: person for person in session.scalars(wanted.execution_options(populate_existing=True))}
    if set(keys) - set(found):
        raise NotFound(_("There is no such person here."))
    return [found[key] for key in keys]


def _values(
    session: Session, partner: UUID | None, stays: Person, goes: Person, take: frozenset[str]
) -> dict[str, Any]:
    """What changes in the sheet that stays, once it stands the rules of every sheet."""
    values = chosen(stays, goes, take)
    if not values:
        return {}
    if stays.registered_by_id != partner:
        raise Forbidden(_("Only the partner that registered this person may change what is known of them."))
    whole = {name: values[name] if name in values else getattr(stays, name) for name in COLUMNS}
    kept = checked(session, whole, person=goes if "birth_place" in values else stays)
    kept |= {name: values[name] for name in ("state", "deceased_on") if name in values}
    return {name: value for name, value in kept.items() if getattr(stays, name) != value}


def _move(session: Session, plan: Plan, touched: Touched) -> int:
    """Let every row that names the sheet that goes name the one that stays."""
    moved = 0
    for one in plan.moves:
        name, column = one.place.reference.table, one.place.reference.column
        touched.note(name, [row.key for row in one.rows])
        _point(session, one.place.table, column, one.rows, plan)
        moved += len(one.rows) if name != ACCESSES else 0
    _close_sight(session, plan, touched)
    accesses = select(PersonAccess.id).where(PersonAccess.person_id == plan.winner.id)
    touched.note(ACCESSES, session.scalars(accesses))
    session.expire_all()
    return moved


def _close_sight(session: Session, plan: Plan, touched: Touched) -> None:
    """Whoever sees the one that stays already keeps no sight of the other but that it was there: no list shows it."""
    left = list(session.scalars(select(PersonAccess.id).where(PersonAccess.person_id == plan.loser.id)))
    touched.note(ACCESSES, left)
    closed = update(PersonAccess).where(PersonAccess.id.in_(left)).values(level=0)
    session.execute(closed.execution_options(synchronize_session=False))


def _point(session: Session, table: Any, column: str, rows: Any, plan: Plan) -> None:
    keys = [row.key for row in rows]
    if not keys:
        return
    values: dict[str, Any] = {column: plan.winner.id, "version": table.c.version + 1}
    if table.name == ACCESSES:  # who registered the sheet that goes now sees by whoever registered the other
        own = table.c.basis == REGISTERED
        values["giver_id"] = case((own, plan.winner.registered_by_id), else_=table.c.giver_id)
    session.execute(update(table).where(table.c.id.in_(keys)).values(values))
    if table.name != ACCESSES:
        note_updates(
            session, table.name, ((row.key, row.owner, {column: [plan.loser.id, plan.winner.id]}) for row in rows)
        )


def _become_one(session: Session, stays: Person, goes: Person, values: dict[str, Any]) -> None:
    """The sheet that goes first: a codice fiscale stands on one sheet at a time."""
    if "codice_fiscale" in values:
        goes.codice_fiscale = None
    goes.state, goes.deceased_on = PersonState.MERGED, None
    session.flush()
    for name, value in values.items():
        setattr(stays, name, value)
    told = {name: getattr(stays, name) for name in COLUMNS}
    stays.sort_name, stays.search = sort_key(told), search_text(told)
    session.flush()
    rename(session, stays)


def undo_merge(session: Session, installation: "Installation", key: UUID, *, reason: str) -> Merge:
    """Put every touched row back as it stood; refused when one of them was changed since, with the list.

    What was written of the person after the merge without touching those rows stays with the sheet that stayed.
    """
    merge = session.scalars(
        select(Merge).where(Merge.id == key).with_for_update(of=Merge).execution_options(populate_existing=True)
    ).one_or_none()
    if merge is None or merge.registered_by_id != scope_of(session).partner_id:
        raise NotFound(_("There is no such merge here."))
    if not merge.can_be_undone:
        raise Refusal(_("This merge can no longer be undone: it was undone already, or its 30 days are over."))
    stays, goes = hold(session, merge.person_id, merge.merged_id)
    refuse_silent(session, installation, stays, goes)
    rows = list(session.scalars(select(MergedRow).where(MergedRow.merge_id == merge.id).order_by(MergedRow.place)))
    if changed := changed_since(session, installation, rows):
        raise ChangedSince(changed)
    explain(session, reason)
    session.expunge(stays)
    session.expunge(goes)
    for row in reversed(rows):
        _note(session, row, put_back(session, row))
    merge.state, merge.undone_at = MergeState.UNDONE, now()
    merge.undone_by, merge.undo_reason = scope_of(session).actor, reason
    session.flush()
    return merge


def changed_since(session: Session, installation: "Installation", rows: list[MergedRow]) -> list[Words]:
    """What is not any more as the merge left it, in words, own and others' records alike without their contents."""
    labels = {place.reference.table: place.reference.label for place in places(session, installation)}
    found: dict[Words, int] = {}
    by_table: dict[str, dict[UUID, MergedRow]] = {}
    for row in rows:
        by_table.setdefault(row.table, {})[row.row_id] = row
    for table, touched in by_table.items():
        now_there = present(session, table, touched)
        gone = [key for key in touched if key not in now_there]
        differ = [key for key, row in now_there.items() if fingerprint(row) != touched[key].fingerprint]
        if count := len(gone) + len(differ):
            found[_("The sheet itself") if table == PEOPLE else labels.get(table, table)] = count
    return [_("%(what)s: %(n)s changed or removed", what=label, n=count) for label, count in found.items()]


def _note(session: Session, row: MergedRow, fields: dict[str, list[Any]]) -> None:
    """The line of a row that was put back, in the trail of whose row it is."""
    told = {name: both for name, both in fields.items() if name not in {"version", "search", "sort_name"}}
    if row.table == ACCESSES or not told:
        return
    stands = present(session, row.table, [row.row_id])[row.row_id]
    owner = owner_among(stands)
    note_updates(session, row.table, [(row.row_id, stands[owner] if owner else None, told)])

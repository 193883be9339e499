"""What a merge would do, before it does it: the rows that move, who will see them, what stands in the way."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database.faults import watching
from core.database.merging import Conflict, OnMerge
from core.database.visibility import PersonAccess
from core.language import Words, _
from core.partners.models import Partner
from core.people.merging.places import Place, Row, places, silent_modules
from core.people.models import Person
from core.refusals import Refusal, Refusals

if TYPE_CHECKING:
    from core.plugins.installation import Installation

log = logging.getLogger("generazioni.people")


@dataclass(frozen=True)
class Moving:
    """The rows of one place that go over to the sheet that stays, and those left behind."""

    place: Place
    rows: Sequence[Row]
    left: Sequence[Row]


@dataclass
class Plan:
    """All that a merge would do."""

    winner: Person
    loser: Person
    moves: list[Moving] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    newcomers: list[str] = field(default_factory=list)

    def refuse_conflicts(self, partner: UUID | None) -> None:
        """Refuse with the whole list of what stands in the way."""
        if self.conflicts:
            raise MergeConflicts(self.told(partner))

    def told(self, partner: UUID | None) -> list[Words]:
        """The conflicts in words: those of other partners' records without saying what they are."""
        own = [one.sentence for one in self.conflicts if one.owner in {None, partner}]
        foreign = any(one.owner not in {None, partner} for one in self.conflicts)
        return [*dict.fromkeys(own), *([_ELSEWHERE] if foreign else [])]

    def counted(self, partner: UUID | None) -> tuple[list[tuple[Words, str, int, int]], int]:
        """Own rows by place (label, module, moved, left), and how many of other partners move in all."""
        rows, others = [], 0
        for one in self.moves:
            mine = sum(row.owner in {None, partner} for row in one.rows)
            left = sum(row.owner in {None, partner} for row in one.left)
            others += len(one.rows) - mine
            if (mine or left) and one.place.reference.label:
                rows.append((one.place.reference.label, one.place.module, mine, left))
        return rows, others


_ELSEWHERE = _("Another partner has records of both that clash: it has to settle them before the two can be merged.")


class MergeConflicts(Refusals):
    """Everything that stands in the way of a merge, at once."""

    def __init__(self, sentences: Sequence[Words]) -> None:
        super().__init__([Refusal(sentence) for sentence in sentences])

    def __str__(self) -> str:
        return " ".join(str(one) for one in self.refusals)


class ModuleSilent(Refusal):
    """A module that cannot say what it knows of a person stops the merge."""


def plan_merge(session: Session, installation: "Installation", winner: Person, loser: Person) -> Plan:
    """Look at every module; the session sees all partners' rows. Nothing is written."""
    refuse_silent(session, installation, winner, loser)
    plan = Plan(winner, loser)
    for place in places(session, installation):
        _add(session, plan, place)
    for key, answer in installation.answers("person_merge"):
        plan.conflicts += _asked(session, installation, key, answer, plan)
    plan.newcomers = _newcomers(session, winner, loser)
    return plan


def refuse_silent(session: Session, installation: "Installation", winner: Person, loser: Person) -> None:
    """Refuse to touch people of whom a module speaks whose code is missing or failed, and name it."""
    if silent := silent_modules(session, installation, (winner.id, loser.id)):
        raise ModuleSilent(
            _(
                "These people stand in records of %(modules)s, which does not work at the moment: nothing is merged "
                "until it does. Tell the administrator of the system.",
                modules=", ".join(map(str, silent)),
            )
        )


def _add(session: Session, plan: Plan, place: Place) -> None:
    rows = place.rows_of(session, plan.loser.id)
    if not rows:
        return
    then = place.reference.on_merge
    if then is OnMerge.STAY:
        plan.moves.append(Moving(place, [], rows))
        return
    twins = list(place.twins(session, plan.winner.id, plan.loser.id))
    if then is OnMerge.MOVE_UNLESS_THERE:
        there = {row.key for _unique, row in twins}
        plan.moves.append(Moving(place, [r for r in rows if r.key not in there], [r for r in rows if r.key in there]))
        return
    for unique, row in twins:
        said = unique.info.get("message") or _("Only one of the two may have a row there.")
        sentence = _("%(what)s: both have one. %(rule)s", what=place.reference.label, rule=said)
        plan.conflicts.append(Conflict(sentence, row.owner))
    plan.moves.append(Moving(place, rows, []))


def _asked(session: Session, installation: "Installation", key: str, answer: object, plan: Plan) -> list[Conflict]:
    """What one module says stands in the way; one that raises stops everything, by its name."""
    try:
        with watching(key, "person_merge"):
            return list(answer(session=session, winner=plan.winner, loser=plan.loser))  # type: ignore[operator]
    except Refusal:
        raise
    except Exception as error:
        log.exception("module %s could not answer person_merge", key or "core")
        raise ModuleSilent(
            _(
                "%(module)s could not say what it knows of these people: nothing is merged. "
                "Tell the administrator of the system.",
                module=installation.titles().get(key, key or "generazioni"),
            )
        ) from error


def _newcomers(session: Session, winner: Person, loser: Person) -> list[str]:
    """The partners that see the sheet that goes and will see the one that stays."""
    seeing = select(PersonAccess.partner_id)
    wanted = select(Partner.name).where(
        Partner.id.in_(seeing.where(PersonAccess.person_id == loser.id)),
        Partner.id.not_in(seeing.where(PersonAccess.person_id == winner.id)),
    )
    return list(session.scalars(wanted.order_by(Partner.name)))

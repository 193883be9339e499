"""What is done for a person who uses their rights, each act with its trace."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.database.changes import explain, forget_values
from core.database.model import metadata
from core.database.scope import scope_of, today
from core.drafts.models import Draft
from core.files.models import Attachment
from core.files.services import detach
from core.language import _
from core.numbering.services import next_number
from core.partners.models import Partner, PartnerKind
from core.refusals import Refusal
from core.rights.about import Hold, Step
from core.rights.asking import Plan
from core.rights.models import Erasure, ErasureLine, ErasureState, Restriction, RestrictionGround
from core.rights.restricting import lawfully, restriction_of

SERIES = "ERASURES"


class PlanChanged(Refusal):
    """What would be erased is no longer what was approved."""


def restrict(session: Session, person_id: UUID, *, ground: RestrictionGround, note: str | None = None) -> Restriction:
    """Let what is kept of the person be stored and no more, until it is lifted."""
    if restriction_of(session, person_id) is not None:
        raise Refusal(_("This person’s data are restricted already."))
    made = Restriction(person_id=person_id, ground=ground, note=note, since=today())
    session.add(made)
    session.flush()
    return made


def lift(session: Session, person_id: UUID, *, reason: str) -> Restriction:
    """Let the data be used again; the person was told before (art. 18 c. 3)."""
    found = restriction_of(session, person_id)
    if found is None:
        raise Refusal(_("This person’s data are not restricted."))
    found.lifted_on, found.lifted_because = today(), reason
    session.flush()
    return found


def propose_erasure(session: Session, person_id: UUID, plan: Plan, *, reason: str) -> Erasure:
    """Write the plan down, so that somebody looks at it before anything is erased."""
    refuse_unready(plan)
    waiting = select(Erasure.number).where(Erasure.subject_id == person_id, Erasure.state == ErasureState.PROPOSED)
    if number := session.scalars(waiting).first():
        raise Refusal(_("The erasure %(number)s of this person waits already.", number=number))
    scope = scope_of(session)
    made = Erasure(
        number=next_number(session, SERIES, on=today()), subject_id=person_id, reason=reason, proposed_on=today(),
        proposed_by=scope.actor, disposal=is_public_body(session), lines=_lines(plan),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def is_public_body(session: Session) -> bool:
    """Whether the session's partner keeps a public archive, of which nothing is destroyed without authorisation."""
    partner = session.get(Partner, scope_of(session).partner_id) if scope_of(session).partner_id else None
    return partner is not None and partner.kind is PartnerKind.MUNICIPALITY


def authorise(session: Session, erasure: Erasure, *, authorisation: str, authorised_on: date) -> Erasure:
    """Write down the authorisation of the Soprintendenza archivistica for a disposal list."""
    _refuse_closed(erasure)
    if not erasure.disposal:
        raise Refusal(_("Only the archives of public bodies need an authorisation."))
    if authorised_on > today():
        raise Refusal(_("The authorisation cannot be of a day to come."), field="authorised_on")
    erasure.authorisation, erasure.authorised_on = authorisation, authorised_on
    session.flush()
    return erasure


def withdraw(session: Session, erasure: Erasure) -> Erasure:
    """Erase nothing after all."""
    _refuse_closed(erasure)
    erasure.state = ErasureState.WITHDRAWN
    session.flush()
    return erasure


def carry_out(session: Session, erasure: Erasure, plan: Plan, *, folder: Path) -> Erasure:
    """Erase what was approved, and nothing when the plan is another by now; `folder` is `settings.uploads`."""
    _refuse_closed(erasure)
    refuse_unready(plan)
    if erasure.disposal and erasure.authorisation is None:
        raise Refusal(
            _("A public body destroys nothing before the Soprintendenza authorises it: write that down first.")
        )
    if [_compared(one) for one in _lines(plan)] != [_compared(one) for one in erasure.lines]:
        raise PlanChanged(
            _("What is kept of this person has changed since: withdraw this erasure and propose a new one.")
        )
    explain(session, f"{erasure.number}: {erasure.reason}")
    with lawfully(session):
        order = {table.name: place for place, table in enumerate(metadata.sorted_tables)}
        for step in sorted(plan.steps, key=lambda one: -order[one.model.__tablename__]):
            _erase(session, step, folder)
        drafts = delete(Draft).where(Draft.page.contains(str(erasure.subject_id), autoescape=True))
        session.execute(drafts.execution_options(synchronize_session=False))
        session.expire_all()
        if plan.keeps_name and restriction_of(session, erasure.subject_id) is None:
            restrict(session, erasure.subject_id, ground=RestrictionGround.KEPT_BY_LAW, note=erasure.number)
        erasure.state, erasure.done_on, erasure.done_by = ErasureState.DONE, today(), scope_of(session).actor
    return erasure


def refuse_unready(plan: Plan) -> None:
    """Refuse to erase anything while a module cannot say what it keeps."""
    if plan.missing:
        names = ", ".join(str(title) for title in plan.missing)
        raise Refusal(_("Nothing can be erased: %(modules)s cannot say what they keep of this person.", modules=names))


def _refuse_closed(erasure: Erasure) -> None:
    if erasure.state is not ErasureState.PROPOSED:
        raise Refusal(_("This erasure is over: %(state)s.", state=erasure.state.label))


def _erase(session: Session, step: Step, folder: Path) -> None:
    table: Any = step.model.__table__
    attached = select(Attachment).where(Attachment.entity == table.name, Attachment.entity_id.in_(step.keys))
    files = [one for one in session.scalars(attached) if not one.sealed]
    for one in files:
        detach(session, one, folder=folder)
    if step.blank:
        plain = {name: value for name, value in step.blank.items() if not callable(value)}
        session.execute(update(table).where(table.c.id.in_(step.keys)).values(**plain, version=table.c.version + 1))
        for name, make in step.blank.items():
            for key in step.keys if callable(make) else ():
                session.execute(update(table).where(table.c.id == key).values({name: make(key)}))
    else:
        session.execute(delete(table).where(table.c.id.in_(step.keys)))
    forget_values(session, table.name, step.keys)
    forget_values(session, Attachment.__tablename__, [one.id for one in files])


def _lines(plan: Plan) -> list[ErasureLine]:
    told: Sequence[Step | Hold] = [*plan.steps, *plan.holds]
    return [
        ErasureLine(
            position=place, title=str(one.title), rows=len(one.keys), held=isinstance(one, Hold),
            table=one.table if isinstance(one, Hold) else one.model.__tablename__,
            ground=str(one.ground) if isinstance(one, Hold) else None,
            until=one.until if isinstance(one, Hold) else None,
        )
        for place, one in enumerate(told, start=1)
    ]  # fmt: skip


def _compared(line: ErasureLine) -> tuple[Any, ...]:
    """What of a line was approved: which table, how many rows, whether they stay."""
    return line.table, line.rows, line.held

"""Asking module by module what it keeps of a person, and what would become of it; who fails is named."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database.faults import watching
from core.database.session import is_away
from core.documents.models import IssuedDocument
from core.documents.retention import kept_until
from core.files.models import Attachment
from core.language import Words, _
from core.rights.about import Hold, Section, Step, is_own
from core.rights.elsewhere import known_to_others
from core.rights.net import models_of_people, rows_naming

log = logging.getLogger("generazioni.rights")


class Asked(NamedTuple):
    """Somebody who is asked: their name, and how they answer; None when their code is missing or failed.

    `key` is the module's; the registry has none.
    """

    title: Words
    answer: Callable[..., list[Any]] | None
    key: str = ""


@dataclass(frozen=True)
class Report:
    """All that is kept of a person. It is whole only when nobody is missing."""

    sections: list[Section]
    missing: list[Words]


@dataclass(frozen=True)
class Plan:
    """What would become of it. With somebody missing nothing may be erased."""

    steps: list[Step]
    holds: list[Hold]
    missing: list[Words]

    @property
    def keeps_name(self) -> bool:
        """Whether something stays that needs the person's name."""
        return any(one.needs_name for one in self.holds)


def report_of(session: Session, person_id: UUID, asked: Iterable[Asked]) -> Report:
    """What every module says it keeps, and under it what the map of foreign keys finds besides."""
    found, missing = _answers(session, person_id, asked)
    told = {(one.model.__tablename__, row.id) for one in found for row in one.rows}
    for model in models_of_people(session):
        rows = [row for row in rows_naming(session, model, person_id) if (model.__tablename__, row.id) not in told]
        if rows:
            found.append(Section(model.__tablename__, model, rows))
    return Report(found, missing)


def plan_of(session: Session, person_id: UUID, asked: Iterable[Asked]) -> Plan:
    """What goes and what stays, module by module; what nobody answers for stays."""
    found, missing = _answers(session, person_id, asked)
    steps = [one for one in found if isinstance(one, Step)]
    holds = [one for one in found if isinstance(one, Hold)]
    told = {(one.model.__tablename__, key) for one in steps for key in one.keys}
    told |= {(one.table, key) for one in holds for key in one.keys}
    for model in models_of_people(session):
        table = model.__tablename__
        rows = rows_naming(session, model, person_id)
        keys = [row.id for row in rows if (table, row.id) not in told and is_own(session, row)]
        if keys:
            holds.append(Hold(table, table, keys, _("No module answers for these rows")))
    holds += _documents(session, steps)
    if known_to_others(session, person_id):
        names = [key for one in steps if one.names for key in one.keys]
        holds.append(Hold(_("Name and contacts"), "people_person", names, _("Other partners work with this person")))
        return Plan([one for one in steps if not one.names], holds, missing)
    if any(one.needs_name for one in holds):
        last = _last(one.until for one in holds if one.needs_name)
        why = _("What is kept would mean nothing without a name")
        holds += [Hold(one.title, one.model.__tablename__, one.keys, why, last) for one in steps if one.names]
        steps = [left for one in steps if (left := one.but_for_names() if one.names else one)]
    return Plan(steps, holds, missing)


def _answers(session: Session, person_id: UUID, asked: Iterable[Asked]) -> tuple[list[Any], list[Words]]:
    found: list[Any] = []
    missing: list[Words] = []
    for one in asked:
        try:
            if one.answer is None:
                raise LookupError("its code is not here")  # noqa: TRY301  told like whatever else fails
            with watching(one.key, "subject_export, subject_erase"), session.begin_nested():
                found += one.answer(session=session, person_id=person_id)
        except Exception as error:
            if is_away(error):
                raise
            log.exception("%s could not say what it keeps of a person", one.title)
            missing.append(one.title)
    return found, missing


def _documents(session: Session, steps: list[Step]) -> Iterator[Hold]:
    """Documents that were issued of rows that go: the register keeps them as they were, until their term."""
    held: dict[date | None, list[UUID]] = {}
    for one in steps:
        wanted = select(IssuedDocument).where(
            IssuedDocument.entity == one.model.__tablename__, IssuedDocument.entity_id.in_(one.keys)
        )
        for issued in session.scalars(wanted):
            held.setdefault(kept_until(session, issued), []).append(issued.attachment_id)
    for until, keys in held.items():
        ground = _("Issued documents stay in the register until their term")
        yield Hold(_("Issued documents"), Attachment.__tablename__, keys, ground, until, needs_name=False)


def _last(days: Iterable[date | None]) -> date | None:
    known = list(days)
    return None if None in known else max((day for day in known if day), default=None)

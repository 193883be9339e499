"""A report of what is kept of a person, as JSON for programs and as the parts of a document for people."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from core.database.changes import plain
from core.database.field import Money, now
from core.database.scope import scope_of
from core.database.sealing import SEALED, CannotOpen, unseal
from core.documents import parts
from core.language import Words, _
from core.language.formats import show_value
from core.partners.models import Partner
from core.rights.asking import Report
from core.special import reading

UNTOLD = {"hidden", "secret"}


def as_json(session: Session, report: Report) -> dict[str, Any]:
    """The whole report: each row's fields with their labels, and who could not answer."""
    partner = session.get(Partner, scope_of(session).partner_id)
    return {
        "partner": partner.name if partner else "", "made_at": now().isoformat(timespec="seconds"),
        "complete": not report.missing, "missing": [str(one) for one in report.missing],
        "sections": [
            {
                "title": str(one.title), "table": one.model.__tablename__,
                "rows": [{entry.name: entry.json for entry in _told(session, row)} for row in one.rows],
            }
            for one in report.sections
        ],
    }  # fmt: skip


def as_parts(session: Session, report: Report, *, person: Any) -> dict[str, Any]:
    """The same for people: a heading for each table, its rows under it."""
    partner = session.get(Partner, scope_of(session).partner_id)
    said = [parts.text(_("What %(partner)s keeps of %(person)s (art. 15 GDPR).",
                         partner=partner.name if partner else "", person=person))]  # fmt: skip
    if report.missing:
        names = ", ".join(str(one) for one in report.missing)
        said.append(parts.text(_("This report is incomplete: %(modules)s could not answer. Ask again.", modules=names)))
    for one in report.sections:
        said += [parts.heading(one.title), *(_facts(session, row) for row in one.rows)]
    return {"title": _("Data of a person"), "parts": said}


def special_fields(report: Report) -> list[str]:
    """Which fields of the report tell of health, origin, beliefs or judicial matters: the trail names them."""
    return sorted({
        f"{one.model.__tablename__}.{name}"
        for one in report.sections for name in reading.special_fields(one.model)
        if any(getattr(row, name) is not None for row in one.rows)
    })  # fmt: skip


def _facts(session: Session, row: Any) -> parts.Part:
    return parts.facts(*((one.label, one.words) for one in _told(session, row)))


@dataclass(frozen=True)
class Entry:
    """One field of a row, as it is told."""

    name: str
    column: Any
    value: Any

    @property
    def label(self) -> Words:
        """What the field is called."""
        label: Words = self.column.info["label"]
        return label

    @property
    def words(self) -> str:
        """The value as people read it; empty when there is none."""
        return show_value(self.value, money=isinstance(self.column.type, Money))

    @property
    def json(self) -> dict[str, Any]:
        """The value as programs read it: amounts say that they are."""
        amount = {"currency": "EUR"} if isinstance(self.column.type, Money) else {}
        return {"label": str(self.label), "value": plain(self.value), **amount}


def _told(session: Session, row: Any) -> list[Entry]:
    """What a row says, field by field; keys of other rows say nothing to anybody.

    What the database holds sealed is the person's own too, and is told open (art. 15); secrets are not about people.
    """
    found = []
    for attribute in inspect(type(row)).column_attrs:
        # What the database computes introduces itself on the property, if at all: its expression has no `info`.
        information, value = getattr(attribute.columns[0], "info", {}), getattr(row, attribute.key)
        if not information.get("label") or information.get("kind") in UNTOLD or isinstance(value, UUID):
            continue
        if information.get("kind") == SEALED and value is not None:
            value = _opened(session, row, attribute.key)
        found.append(Entry(attribute.key, attribute.columns[0], value))
    return found


def _opened(session: Session, row: Any, name: str) -> str:
    try:
        return unseal(session, row, name)
    except CannotOpen:
        return str(_("It is kept sealed, and could not be opened: ask again."))

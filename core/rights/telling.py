"""A report of what is kept of a person, as JSON for programs and as the parts of a document for people."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from core.database.changes import plain
from core.database.field import now
from core.database.scope import scope_of
from core.documents import parts
from core.language import _
from core.language.formats import show_date, show_datetime, show_number
from core.partners.models import Partner
from core.rights.asking import Report


def as_json(session: Session, report: Report) -> dict[str, Any]:
    """The whole report: each row's fields with their labels, and who could not answer."""
    partner = session.get(Partner, scope_of(session).partner_id)
    return {
        "partner": partner.name if partner else "", "made_at": now().isoformat(timespec="seconds"),
        "complete": not report.missing, "missing": [str(one) for one in report.missing],
        "sections": [
            {
                "title": str(one.title), "table": one.model.__tablename__,
                "rows": [{name: {"label": str(label), "value": plain(value)} for name, label, value in _fields(row)}
                         for row in one.rows],
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
        said += [parts.heading(one.title), *(_facts(row) for row in one.rows)]
    return {"title": _("Data of a person"), "parts": said}


def _facts(row: Any) -> parts.Part:
    return parts.facts(*((label, _said(value)) for _name, label, value in _fields(row) if value or value == 0))


def _fields(row: Any) -> list[tuple[str, Any, Any]]:
    """Name, label and value of what a row says; keys of other rows say nothing to anybody."""
    told = []
    for attribute in inspect(type(row)).column_attrs:
        information = attribute.columns[0].info
        value = getattr(row, attribute.key)
        shown = information.get("label") and information.get("kind") not in {"hidden", "secret"}
        if shown and not isinstance(value, UUID):
            told.append((attribute.key, information["label"], value))
    return told


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, datetime):
        return show_datetime(value)
    if isinstance(value, date):
        return show_date(value)
    if isinstance(value, Decimal):
        return show_number(value)
    return str(getattr(value, "label", value))

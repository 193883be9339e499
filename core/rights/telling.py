"""A report of what is kept of a person, as JSON for programs and as the parts of a document for people."""

from typing import Any
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from core.database.changes import plain
from core.database.field import SPECIAL, now
from core.database.scope import scope_of
from core.database.sealing import SEALED, CannotOpen, unseal
from core.documents import parts
from core.language import _
from core.partners.models import Partner
from core.resource.columns import Column, column, show
from core.rights.asking import Report

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
                "rows": [{told.name: {"label": str(told.label), "kind": told.kind, "value": plain(value)}
                          for told, value in _fields(session, row)} for row in one.rows],
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
        f"{one.model.__tablename__}.{attribute.key}"
        for one in report.sections for attribute in inspect(one.model).column_attrs
        if attribute.columns[0].info.get("sensitivity") in SPECIAL
        and any(getattr(row, attribute.key) is not None for row in one.rows)
    })  # fmt: skip


def _facts(session: Session, row: Any) -> parts.Part:
    told = _fields(session, row)
    return parts.facts(*((one.label, show(value, one.kind, one.places)) for one, value in told))


def _fields(session: Session, row: Any) -> list[tuple[Column, Any]]:
    """What a row says, field by field; keys of other rows say nothing to anybody.

    What the database holds sealed is the person's own too, and is told open (art. 15); secrets are not about people.
    """
    told = []
    for attribute in inspect(type(row)).column_attrs:
        information = attribute.columns[0].info
        if not information.get("label") or information.get("kind") in UNTOLD:
            continue
        one, value = column(type(row), attribute.key), getattr(row, attribute.key)
        if not isinstance(value, UUID):
            told.append((one, _opened(session, row, one) if one.kind == SEALED and value is not None else value))
    return told


def _opened(session: Session, row: Any, sealed: Column) -> str:
    try:
        return unseal(session, row, sealed.attribute)
    except CannotOpen:
        return str(_("It is kept sealed, and could not be opened: ask again."))

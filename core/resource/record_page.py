"""The page of one record: its panels, what can be done to it, its history, and the tabs of other modules."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import current_app, g, render_template
from markupsafe import Markup
from sqlalchemy import inspect, select
from sqlalchemy.orm import lazyload, with_parent

from core.database.changes import note_read
from core.database.faults import watching
from core.database.session import is_away
from core.language import Words, _
from core.refusals import NotFound
from core.resource import query
from core.resource.collections import Collection
from core.resource.columns import columns
from core.resource.declaration import Facts, Panel, Related
from core.resource.history import recent
from core.resource.panels import RecordPanel
from core.resource.withholding import first_withheld, notice_of
from core.special.reading import PEOPLE, VIEW
from core.web.links import Link, MenuItem

log = logging.getLogger("generazioni.pages")


@dataclass(frozen=True)
class Part:
    """What is watched while it is made: whose it is, and its name for who administers the network."""

    module: str
    name: str


@dataclass(frozen=True)
class ShownPanel:
    """A card ready to be drawn; `failed` puts a notice in its place."""

    title: Words
    kind: str
    values: dict[str, Any]
    template: str = ""
    failed: bool = False
    wide: bool = False


def record_page(collection: Collection, key: UUID) -> str:
    """The summary of a record."""
    from core.resource.pages import find  # noqa: PLC0415

    record = find(collection, key)
    _note_view(record)
    panels = [_shown(collection, record, panel) for panel in collection.resource.panels if _allowed(panel)]
    if not panels:
        panels = [_shown(collection, record, Facts(*(c.name for c in collection.columns)))]
    return render_template(
        "resource/record.html", collection=collection, record=record, panels=panels,
        tabs=tabs_of(collection, record, ""), acts=_acts(collection, record), links=_links(collection, record),
        badge=badge_of(collection, record), history=recent(collection, record), files=_files(record),
        documents=_documents(collection, record), may=g.scope.may, cards=_cards(collection, record),
    )  # fmt: skip


def tab_page(collection: Collection, key: UUID, name: str) -> str:
    """What one module knows about the record; if it fails, a notice stands in its place."""
    from core.resource.pages import find  # noqa: PLC0415

    record = find(collection, key)
    found = next(((module, panel) for module, panel in _panels_on(collection) if panel.name == name), None)
    if found is None:
        raise NotFound(_("There is no such page here."))
    module, panel = found
    shown = _drawn(Part(module, f"tab {collection.key}/{name}"), panel, record)
    return render_template("resource/tab.html", collection=collection, record=record, panel=shown,
                           tabs=tabs_of(collection, record, name), badge=badge_of(collection, record))  # fmt: skip


def _panels_on(collection: Collection) -> list[tuple[str, RecordPanel]]:
    """The tabs that modules switched on add to this collection, for who may see them."""
    offered = current_app.extensions["generazioni"].declarations()
    return [
        (module, panel) for module, declared in offered if not module or module in g.scope.modules
        for panel in declared.panels if panel.target == collection.key and g.scope.may(panel.permission)
    ]  # fmt: skip


def tabs_of(collection: Collection, record: Any, current: str) -> list[Link]:
    """The summary, what modules know of the record, and its history."""
    others = [(p.title, ("tab", p.name)) for _module, p in _panels_on(collection)]
    shown = [(_("Summary"), ()), *others, (_("History"), ("history",))]
    return [Link(title, collection.address(record, *rest), current=current == "".join(rest[-1:]))
            for title, rest in shown]  # fmt: skip


def _cards(collection: Collection, record: Any) -> list[tuple[ShownPanel, str]]:
    """What modules tell of the record in short, each with the address of its tab."""
    return [
        (_drawn(Part(module, f"card {panel.name} of {collection.key}"),
                replace(panel, template=panel.card, load=panel.glance), record),
         collection.address(record, "tab", panel.name))
        for module, panel in _panels_on(collection) if panel.card
    ]  # fmt: skip


def _note_view(record: Any) -> None:
    """Whoever looks at a person as another role than their own leaves a line: it is told to who asks who looked."""
    if g.scope.viewing_as and record.__tablename__ == PEOPLE:
        note_read(g.session, record, purpose=VIEW)


def _allowed(panel: Any) -> bool:
    permission = getattr(panel, "permission", "")
    return not permission or g.scope.may(permission)


def _shown(collection: Collection, record: Any, panel: Any) -> ShownPanel:
    part = Part(collection.plugin, f"panel {collection.key}")
    if isinstance(panel, Facts):
        return _guarded(part, panel.title or _("Main facts"), lambda: _facts(collection, record, panel))
    if isinstance(panel, Related):
        return _guarded(part, panel.title or panel.relationship, lambda: _related(collection, record, panel))
    assert isinstance(panel, Panel)  # noqa: S101  there are three kinds
    if (owner := first_withheld(record, panel.special)) is not None:
        return ShownPanel(panel.title, "withheld", {"fact": notice_of(owner, collection.address(record))})
    return replace(_drawn(replace(part, name=f"panel {panel.template}"), panel, record), wide=panel.wide)


def _guarded(part: Part, title: Words, make: Callable[[], ShownPanel]) -> ShownPanel:
    """A panel, or a notice in its place when making it raises."""
    try:
        with watching(part.module, part.name):
            return make()
    except Exception as error:  # a panel that fails must not take the page with it
        if is_away(error):
            raise
        log.exception("the panel %s failed", title)
        return ShownPanel(title, "template", {}, failed=True)


def _facts(collection: Collection, record: Any, panel: Facts) -> ShownPanel:
    rows = [(c.label, _fact(c, record)) for c in (collection.column(name) for name in panel.names)]
    return ShownPanel(panel.title or _("Main facts"), "facts", {"rows": rows})


def _fact(column: Any, record: Any) -> Any:
    """A value in words; a related record that has a page is a link to it, and so is what wants a purpose first."""
    if column.is_closed(record):
        return _("not shared with you")
    if column.is_withheld(record):
        return notice_of(column.owner(record))
    value = column.value(record)
    target = g.collections.of_model(type(value)) if column.kind == "relation" and value is not None else None
    if target and g.scope.may(target.may("see")):
        return {"url": target.address(value), "label": str(value)}
    return column.shown(record)


def _related(collection: Collection, record: Any, panel: Related) -> ShownPanel:
    model = inspect(collection.resource.model).relationships[panel.relationship].mapper.class_
    target = g.collections.of_model(model)
    named = columns(model, panel.columns) if panel.columns else (target.columns if target else [])
    title = panel.title or (target.resource.title if target else panel.relationship)
    linked = target if target and g.scope.may(target.may("see")) else None
    rows = _rows_of(record, panel.relationship, query.loads_of(model, named))
    return ShownPanel(title, "related", {"rows": rows, "columns": named, "target": linked})


def _rows_of(record: Any, relationship: str, loads: list[Any]) -> list[Any]:
    """The rows that hang on a record, with what their columns show; asked for only when they are not there yet."""
    if not loads and relationship not in inspect(record).unloaded:
        return list(getattr(record, relationship))
    related = getattr(type(record), relationship)
    model, back = related.property.mapper.class_, related.property.back_populates
    if back:  # the record itself is here: asking for it again would bring along all that hangs on it
        loads = [*loads, lazyload(getattr(model, back))]
    wanted = select(model).where(with_parent(record, related))
    ordered = wanted.order_by(*(related.property.order_by or ()))
    return list(g.session.scalars(ordered.options(*loads)).unique())


def _drawn(part: Part, panel: Panel | RecordPanel, record: Any) -> ShownPanel:
    """A panel with its own template; when loading or drawing raises, only this panel is missing."""

    def make() -> ShownPanel:
        with g.session.begin_nested():
            values = {"session": g.session, **panel.load(g.session, record)}
        html = Markup(render_template(panel.template, **{"record": record, **values}))  # noqa: S704  of ours
        return ShownPanel(panel.title, "template", {"html": html}, panel.template)

    return _guarded(part, panel.title, make)


def _acts(collection: Collection, record: Any) -> list[Any]:
    """The moves and actions that are open now and that the visitor may do; only the registrar moves a record."""
    workflow, registrar = collection.resource.workflow, getattr(record, "registered_by_id", g.scope.partner_id)
    open_now = [
        *(workflow.open_to(record) if workflow and registrar == g.scope.partner_id else ()),
        *(a for a in collection.resource.actions if a.when(record)),
    ]
    return [act for act in open_now if g.scope.may(collection.permission_of(act))]


def _links(collection: Collection, record: Any) -> list[Any]:
    """Where work on the record goes on, and the form that changes it, as far as the visitor may go there."""
    edit = MenuItem(_("Edit"), collection.address(record, "edit"), "pencil", collection.may("change"))
    changes = "change" in collection.verbs and collection.resource.amend_when(record)
    links = [*collection.resource.links(record), *([edit] if changes else [])]
    return [link for link in links if not link.permission or g.scope.may(link.permission)]


def badge_of(collection: Collection, record: Any) -> dict[str, Any] | None:
    """The record's state, beside its name."""
    workflow = collection.resource.workflow
    state = getattr(record, workflow.state, None) if workflow else None
    return {"text": state.label, "tone": state.tone} if state is not None and hasattr(state, "label") else None


def _files(record: Any) -> dict[str, Any] | None:
    """The attachments card, when the visitor may see attachments at all."""
    if not g.scope.may("files.see"):
        return None
    panel: dict[str, Any] = current_app.extensions["panel_of_files"](g.session, record)
    return panel


def _documents(collection: Collection, record: Any) -> dict[str, Any] | None:
    """The documents card, when some make sense for this record and the visitor."""
    card: dict[str, Any] | None = current_app.extensions["card_of_documents"](collection, record)
    return card

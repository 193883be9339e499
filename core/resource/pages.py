"""The pages of a collection: list, record, new, edit, remove, moves and actions, export."""

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, flash, g, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from core.access.permissions import fresh_sign_in, needs_fresh_sign_in, requires
from core.database.trail import Change
from core.language import _, plural
from core.partners.models import Partner
from core.refusals import Moved, NotFound, Refusal
from core.resource import drafting, editing, history, lookup, offering, query
from core.resource.collections import Collection
from core.resource.declaration import Action, Move
from core.resource.forms import RecordForm, open_form
from core.resource.record_page import badge_of, record_page, tab_page, tabs_of
from core.resource.withholding import first_withheld, to_the_question
from core.web.links import Link

LINES = 50  # of a history, on a page
PageAnswer = str | BaseResponse | tuple[str, int]


def blueprint_for(plugin: str, collections: list[Collection]) -> Blueprint:
    """The pages of all the collections of one plugin, or of the core under an empty key."""
    blueprint = Blueprint(f"pages-{plugin or 'core'}", __name__)
    for collection in collections:
        add_pages(blueprint, collection)
    return blueprint


def add_pages(blueprint: Blueprint, collection: Collection) -> None:
    """Add the addresses of one collection, each with the permission it needs."""
    from core.resource import import_pages  # noqa: PLC0415  they stand on these pages

    url, record = collection.url, f"{collection.url}/<uuid:key>"

    def add(rule: str, verb: str, view: Callable[..., Any], permission: str, methods: str = "GET") -> None:
        bound = requires(permission)(_bind(view, collection))
        if needs_fresh_sign_in(view):
            fresh_sign_in(bound)
        blueprint.add_url_rule(rule, f"{collection.resource.name}-{verb}", bound, methods=methods.split())

    add(url, "list", list_page, collection.may("see"))
    add(f"{url}/export.<any(xlsx, csv):kind>", "export", export_page, collection.may("export"))
    add(f"{url}/lookup", "lookup", offering.lookup_page, collection.may("see"))
    add(record, "record", record_page, collection.may("see"))
    add(f"{record}/tab/<name>", "tab", tab_page, collection.may("see"))
    add(f"{record}/history", "history", history_page, collection.may("see"))
    if "add" in collection.verbs:
        add(f"{url}/new", "new", new_page, collection.may("add"), "GET POST")
    if "import" in collection.verbs:
        import_pages.register(blueprint, collection)
    if "change" in collection.verbs:
        add(f"{record}/edit", "edit", editing.edit_page, collection.may("change"), "GET POST")
    if "remove" in collection.verbs:
        add(f"{record}/remove", "remove", remove_page, collection.may("remove"), "GET POST")
    for act in collection.acts():
        view = _act_view(act)
        add(f"{record}/{act.name}", act.name, view, collection.permission_of(act), "GET POST")


def _bind(view: Callable[..., Any], collection: Collection) -> Callable[..., Any]:
    def bound(**values: Any) -> Any:
        return view(collection, **values)

    bound.__module__, bound.__qualname__ = view.__module__, f"{collection.key}.{view.__qualname__}"
    return bound


def find(collection: Collection, key: UUID) -> Any:
    """The record of an address; what another partner has is not found, like what never was."""
    record = lookup.by_key(g.session, collection, str(key), along=collection.along)
    if record is None and (stays := lookup.successor(g.session, collection, str(key))):
        raise Moved(_("It was merged into another one: look there."), old=key, new=stays.id)
    if record is None:
        raise NotFound(_("There is no such page here, or it belongs to another partner."))
    return record


def list_page(collection: Collection) -> str:
    """A list as its address describes it."""
    state = query.ListState.of(collection, request.args)
    page = query.page_of(g.session, collection, state)
    ordered_by, down = query.ordering(collection, state)

    def address(**changes: Any) -> str:
        pairs = urlencode(state.query(**changes))
        return f"{collection.url}?{pairs}" if pairs else collection.url

    return render_template(
        "resource/list.html", collection=collection, state=state, page=page, ordered_by=ordered_by, down=down,
        address=address, chips=_chips(collection, state, address), options=_options(collection),
        shown=_count(page), may=g.scope.may, sizes=_sizes(state, address), lines=_lines(collection, page.rows),
    )  # fmt: skip


class Cell(NamedTuple):
    """What stands in a line under a column; `tone` is that of a badge, None for plain text."""

    label: str
    text: str
    numeric: bool
    tone: str | None


class Line(NamedTuple):
    """A row of the list in words, under the address of its record."""

    url: str
    title: str
    cells: list[Cell]


def _lines(collection: Collection, rows: list[Any]) -> list[Line]:
    """The rows as they are read: worked out here, for a template takes thrice as long over fifty rows."""
    first, *rest = collection.columns
    heads = [(column, str(column.label), column.numeric) for column in rest]
    return [
        Line(
            collection.address(row), first.shown(row) or str(row),
            [Cell(label, column.shown(row) if column.special else column.said(value), numeric,
                  getattr(value, "tone", None))
             for column, label, numeric in heads for value in (column.value(row),)],
        )
        for row in rows
    ]  # fmt: skip


def _sizes(state: query.ListState, address: Callable[..., str]) -> list[Link]:
    return [Link(str(size), address(size=size), current=size == state.size) for size in query.SIZES]


def _count(page: query.Page) -> str:
    if page.total is None:
        return str(_("%(n)s rows of more than 10,000", n=len(page.rows)))
    return str(_("%(n)s of %(total)s", n=len(page.rows), total=page.total))


def _chips(collection: Collection, state: query.ListState, address: Callable[..., str]) -> list[Link]:
    """One link for each filter applied: the list without it."""
    chips = [Link(_("Search: %(text)s", text=state.q), address(q=""))] if state.q else []
    for name, values in state.filters.items():
        column = collection.column(name.removesuffix(".from").removesuffix(".to"))
        start = _("from") if name.endswith(".from") else _("to") if name.endswith(".to") else ""
        for value in values:
            label = f"{column.label}: {start} {_option_label(column, value)}".replace("  ", " ")
            chips.append(Link(label, address(filters=state.without(name, value))))
    return chips


def _option_label(column: Any, value: str) -> str:
    if column.kind == "choice":
        return next((str(m.label) for m in column.choices if m.value == value), value)
    if column.kind == "boolean":
        return str(_("Yes") if value in {"1", "yes", "true"} else _("No"))
    if column.kind == "relation" and (target := g.collections.of_model(column.target)):
        return str(lookup.by_key(g.session, target, value) or value)
    return value


def _options(collection: Collection) -> dict[str, list[tuple[str, str]]]:
    """What the filters of few values can be chosen from: closed lists, yes or no, related records when few."""
    options = {}
    for column in collection.filters:
        if column.kind == "choice":
            options[column.name] = [(member.value, str(member.label)) for member in column.choices]
        elif column.kind == "boolean":
            options[column.name] = [("1", str(_("Yes"))), ("0", str(_("No")))]
        elif column.kind == "relation" and (target := g.collections.of_model(column.target)):
            related = lookup.few(g.session, target, 200) or []
            options[column.name] = [(str(record.id), str(record)) for record in related]
    return options


def history_page(collection: Collection, key: UUID) -> str:
    """All that was done to a record, a page at a time."""
    record = find(collection, key)
    before = request.args.get("before", type=int)
    wanted = history.lines_of(collection, record)
    if before:
        wanted = wanted.where(Change.sequence < before)
    lines = list(g.session.scalars(wanted.limit(LINES + 1)))
    older = f"{collection.address(record, 'history')}?before={lines[LINES - 1].sequence}" if lines[LINES:] else ""
    partner = g.session.get(Partner, g.scope.partner_id) if g.scope.partner_id else None
    return render_template(
        "resource/history.html", collection=collection, record=record, badge=badge_of(collection, record),
        tabs=tabs_of(collection, record, "history"), entries=history.entries_of(collection, lines[:LINES]), older=older,
        partner=partner,
    )  # fmt: skip


def new_page(collection: Collection) -> PageAnswer:
    """A new record: the form, with what its address already says, or on a post what became of it."""
    said = request.form or drafting.resumed() or request.args or None
    form = open_form(collection.form(), g.session, g.collections, formdata=said)
    title = _("New: %(thing)s", thing=collection.resource.singular)
    done = _submitted(form, lambda values: collection.resource.create(g.session, **values))  # type: ignore[misc]
    if done is None:
        return draw_form(collection, form, title=title, back=collection.url)
    flash(str(_("%(thing)s is saved.", thing=done)), "success")
    again = request.form.get("then") == "another"
    return redirect(request.full_path.rstrip("?") if again else collection.address(done), 303)


def _submitted(form: RecordForm, service: Callable[[dict[str, Any]], Any]) -> Any:
    """What the service made of a sent form; None when it is to be shown, with what is wrong in it."""
    if request.method != "POST" or searching(form) or not form.validate():
        return None
    try:
        with g.session.begin_nested():
            return drafting.saved(service(form.values()) or True)
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def searching(form: RecordForm) -> bool:
    """Whether a field's own button was pressed: a lookup looks, an editor moves its rows, and nothing is saved.

    The button says the field's name; what stands after a colon is told to the field instead of what was typed.
    """
    name, _colon, told = request.form.get("search-in", "").partition(":")
    if name not in form._fields or not hasattr(form._fields[name], "search"):
        return False
    form._fields[name].search(told or request.form.get(f"{name}.q", ""))
    return True


def draw_form(collection: Collection, form: RecordForm, *, title: Any, back: str, **more: Any) -> PageAnswer:
    """The page of a form, 422 when something in it is wrong."""
    bad = bool(form.errors or form.form_errors)
    shown = {"collection": collection, "form": form, "title": title, "back": back, "draft": drafting.offered(), **more}
    page = render_template("resource/form.html", **shown)
    return (page, 422) if bad else page


def remove_page(collection: Collection, key: UUID) -> PageAnswer:
    """Ask before removing, then remove; the rule that forbids it says why."""
    record = find(collection, key)
    if request.method == "POST":
        name = str(record)
        collection.resource.remove(g.session, record)  # type: ignore[misc]
        flash(str(_("%(thing)s is removed.", thing=name)), "success")
        return redirect(collection.url, 303)
    return render_template("resource/confirm.html", collection=collection, record=record, act=None,
                           label=_("Remove"), back=collection.address(record))  # fmt: skip


def _act_view(act: Action | Move) -> Callable[..., Any]:
    def act_page(collection: Collection, key: UUID) -> PageAnswer:
        record = find(collection, key)
        refuse_untimely(collection, act, record)
        if (owner := first_withheld(record, act.special)) is not None:
            return to_the_question(owner)
        kind = _form_of(collection, act)
        said = request.form or drafting.resumed() or None
        form = open_form(kind, g.session, g.collections, formdata=said, record=record)
        if said is None:
            form.begin()
        done = _submitted(form, lambda values: act.service(g.session, record, **values))
        if done is not None:
            flash(str(_("%(thing)s: %(act)s, done.", thing=record, act=act.label)), "success")
            made = made_by(collection, record, done)
            return redirect(made.address(done) if made else collection.address(record), 303)
        if not kind.field_names() and not form.form_errors:
            return render_template("resource/confirm.html", collection=collection, record=record, act=act,
                                   label=act.label, back=collection.address(record))  # fmt: skip
        title = f"{act.label}: {record}"
        return draw_form(collection, form, title=title, back=collection.address(record), save=act.label, record=record)

    return fresh_sign_in(act_page) if act.fresh else act_page


def made_by(collection: Collection, record: Any, done: Any) -> Collection | None:
    """The collection of what an act made beside its record, when the visitor may see it: the next step is there."""
    if isinstance(done, collection.resource.model) and done.id == record.id:
        return None
    made = g.collections.of_model(type(done))
    return made if made and g.scope.may(made.may("see")) else None


def refuse_untimely(collection: Collection, act: Action | Move, record: Any) -> None:
    """Refuse a move from a state it does not start from, and an action out of its time."""
    if isinstance(act, Move):
        workflow = collection.resource.workflow
        assert workflow is not None  # noqa: S101  a move comes from a workflow
        state = getattr(record, workflow.state)
        if state not in act.sources:
            told = getattr(state, "label", state)
            raise Refusal(_("“%(act)s” cannot be done while the state is “%(state)s”.", act=act.label, state=told))
    elif not act.when(record):
        raise Refusal(_("“%(act)s” cannot be done now.", act=act.label))


def _form_of(collection: Collection, act: Action | Move) -> type[RecordForm]:
    if act.form is None:
        return RecordForm
    if isinstance(act.form, type):
        return act.form
    from core.resource.forms import model_form  # noqa: PLC0415

    return model_form(collection.resource.model, act.form)


@fresh_sign_in
def export_page(collection: Collection, kind: str) -> Response:
    """The same list as the page, in a file."""
    from core.resource import exporting  # noqa: PLC0415  spreadsheets are not needed at start

    state = query.ListState.of(collection, request.args)
    return exporting.response(g.session, collection, state, kind)


def saved(n: int) -> str:
    """How many records were written, in words."""
    return str(plural("%(n)s record saved", "%(n)s records saved", n))

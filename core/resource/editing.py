"""Editing a record that somebody else may be editing too: nobody's typing is lost."""

import json
from typing import Any
from uuid import UUID

from flask import flash, g, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from core.language import _
from core.refusals import Refusal
from core.resource import drafting
from core.resource.collections import Collection
from core.resource.forms import RecordForm, open_form

MINE, THEIRS = "mine", "theirs"


def edit_page(collection: Collection, key: UUID) -> str | BaseResponse | tuple[str, int]:
    """The form of a record; on a post the change, or what is wrong, or what somebody else changed meanwhile."""
    from core.resource.pages import draw_form, find, searching  # noqa: PLC0415  the pages mount this one

    record = find(collection, key)
    kind = collection.form()
    shown = {"title": _("Edit %(thing)s", thing=record), "back": collection.address(record), "record": record}
    if draft := drafting.resumed(record):
        form = open_form(kind, g.session, g.collections, formdata=draft, record=record)
        return draw_form(collection, form, **shown, version=draft.get("version", ""), was=_shown_before(draft, form))
    if request.method == "GET":
        form = open_form(kind, g.session, g.collections, record=record)
        return draw_form(collection, form, **shown, version=record.version, was=written(form))
    posted = _with_choices(request.form)
    form = open_form(kind, g.session, g.collections, formdata=posted, record=record)
    carried = {"version": posted.get("version", ""), "was": posted.get("was", "{}")}
    if searching(form) or not form.validate():
        return draw_form(collection, form, **shown, **carried)
    if carried["version"] != str(record.version):
        return _conflict(collection, record, form, carried["was"])
    try:
        with g.session.begin_nested():
            drafting.saved(collection.resource.amend(g.session, record, **form.values()))  # type: ignore[misc]
    except Refusal as refusal:
        form.refuse(refusal)
        return draw_form(collection, form, **shown, **carried)
    flash(str(_("%(thing)s is saved.", thing=record)), "success")
    return redirect(collection.address(record), 303)


def _shown_before(draft: MultiDict[str, str], form: RecordForm) -> str:
    """What the page held when the draft was begun, of the fields that it shows now."""
    try:
        before = json.loads(draft.get("was", "{}"))
    except ValueError:
        return "{}"
    return json.dumps({name: text for name, text in before.items() if name in form._fields}, ensure_ascii=False)


def written(form: RecordForm) -> str:
    """The form's values as the page carries them, so that a later conflict can tell who changed what."""
    return json.dumps({name: _text(field) for name, field in form._fields.items()}, ensure_ascii=False)


def _text(field: Any) -> str:
    value = field.data
    if value is None or value is False:
        return ""
    if hasattr(value, "id") and hasattr(value, "version"):
        return str(value.id)
    return str(getattr(value, "value", "y" if value is True else value))


def _said(field: Any) -> str:
    """A field's value in words, for the table of a conflict."""
    from core.resource.columns import show  # noqa: PLC0415

    return show(field.data) or str(_("empty"))


def _conflict(collection: Collection, record: Any, mine: RecordForm, was: str) -> tuple[str, int]:
    """The page that puts the two changes side by side: 409, with everything that was typed in it."""
    theirs = open_form(collection.form(), g.session, g.collections, record=record)
    try:
        before = json.loads(was)
    except ValueError:
        before = {}
    rows = []
    for name, field in mine._fields.items():
        if name not in theirs._fields:  # what may not be read is not compared: what was typed is kept
            continue
        other = theirs._fields[name]
        now, typed, first = _text(other), _text(field), before.get(name)
        if now != typed:
            rows.append({
                "name": name, "label": field.label.text, "now": _said(other), "typed": _said(field),
                "untouched": first is not None and typed == first, "theirs": _value(other), "mine": _value(field),
            })  # fmt: skip
    page = render_template(
        "resource/conflict.html", collection=collection, record=record, rows=rows, was=written(theirs),
        kept=[(name, value) for name, field in mine._fields.items()
              for value in _value(field) if name not in {row["name"] for row in rows}],
    )  # fmt: skip
    g.session.expire(record)
    return page, 409


def _value(field: Any) -> list[str]:
    """What the control of a field would send."""
    if hasattr(field, "_value"):
        raw = field.raw_data
        return [str(raw[0])] if raw else [field._value()]  # noqa: SLF001  WTForms has no public name for it
    text = _text(field)
    return [text] if text else []


def _with_choices(sent: Any) -> MultiDict[str, str]:
    """The sent form with the choices of a conflict page applied: for each field mine or theirs."""
    merged: MultiDict[str, str] = MultiDict(sent)
    for name in [key.removeprefix("keep.") for key in sent if key.startswith("keep.")]:
        side = THEIRS if sent[f"keep.{name}"] == THEIRS else MINE
        merged.setlist(name, sent.getlist(f"{side}.{name}"))
    return merged

"""Comparing two sheets, looking at what a merge would do, doing it, and taking it back."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request
from werkzeug.wrappers import Response

from core.access.permissions import requires
from core.language import _
from core.people.merging import acting, choosing, rules
from core.people.merging.forms import MergeForm, UndoForm
from core.people.merging.planning import Plan
from core.people.models import Person
from core.people.rules.duplicates import likeness
from core.people.services.roster import traits_of
from core.refusals import Refusal
from core.resource.forms import open_form
from core.web.installed import installation

MERGE = "people.merge"
merge_pages = Blueprint("merging", __name__)
PageAnswer = str | Response | tuple[str, int]


@merge_pages.get("/people/<uuid:winner>/merge/<uuid:loser>")
@requires(MERGE)
def compare(winner: UUID, loser: UUID) -> str:
    """The two sheets side by side; for each fact on which they differ one is chosen."""
    stays, goes = acting.two_people(winner, loser)
    return render_template("people/merging/compare.html", **_shown(stays, goes))


@merge_pages.get("/people/<uuid:winner>/merge/<uuid:loser>/preview")
@requires(MERGE)
def preview(winner: UUID, loser: UUID) -> str:
    """What would become of the sheets and of the rows that name them; nothing is written yet."""
    stays, goes = acting.two_people(winner, loser)
    form = open_form(MergeForm, g.session, g.collections)
    return _previewed(stays, goes, form, _taken(request.args))


@merge_pages.post("/people/<uuid:winner>/merge/<uuid:loser>/preview")
@requires(MERGE)
def merge(winner: UUID, loser: UUID) -> PageAnswer:
    """Merge them, with the facts that were chosen and the reason."""
    form = open_form(MergeForm, g.session, g.collections, formdata=request.form)
    take = _taken(request.form)
    if form.validate():
        try:
            done = acting.merge(
                winner, loser, reason=form.reason.data, take=take, confirm_codes=bool(form.confirm_codes.data)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(str(_("The two sheets are one.")), "success")
            return redirect(f"/merges/{done}", 303)
    stays, goes = acting.two_people(winner, loser)
    return _previewed(stays, goes, form, take), 422


@merge_pages.get("/merges/<uuid:key>/undo")
@requires(MERGE)
def ask_undo(key: UUID) -> str:
    """The form that asks why a merge is taken back."""
    return render_template("people/merging/undo.html", merge=acting.own_merge(key),
                           form=open_form(UndoForm, g.session, g.collections))  # fmt: skip


@merge_pages.post("/merges/<uuid:key>/undo")
@requires(MERGE)
def undo(key: UUID) -> PageAnswer:
    """Put everything back as it stood, or say what was changed since."""
    made = acting.own_merge(key)
    form = open_form(UndoForm, g.session, g.collections, formdata=request.form)
    if form.validate():
        try:
            stays = acting.undo(key, reason=form.reason.data)
        except Refusal as refusal:
            form.refuse(refusal)
            made = acting.own_merge(key)
        else:
            flash(str(_("The merge is undone: the two sheets are as they were.")), "success")
            return redirect(f"/people/{stays}", 303)
    return render_template("people/merging/undo.html", merge=made, form=form), 422


def _shown(stays: Person, goes: Person) -> dict[str, Any]:
    """What both pages show of the two sheets."""
    codes = rules.codes_of(stays, goes)
    return {
        "stays": stays, "goes": goes, "codes": codes, "warning": rules.warning_of(codes),
        "choices": choosing.choices(stays, goes) if stays.registered_by_id == g.scope.partner_id else [],
        "ours": stays.registered_by_id == g.scope.partner_id, "same": choosing.same(stays, goes),
        "alike": likeness(traits_of(stays), traits_of(goes)),
    }  # fmt: skip


def _previewed(stays: Person, goes: Person, form: MergeForm, take: frozenset[str]) -> str:
    plan, silent = _plan(stays, goes)
    rows, others = plan.counted(g.scope.partner_id) if plan else ([], 0)
    shown = _shown(stays, goes)
    titles = installation().titles()
    return render_template(
        "people/merging/preview.html", form=form, take=sorted(take), rows=rows, others=others, titles=titles,
        conflicts=plan.told(g.scope.partner_id) if plan else [silent], newcomers=plan.newcomers if plan else [],
        result=[(one.label, one.goes if one.name in take else one.stays) for one in shown["choices"]], **shown,
    )  # fmt: skip


def _plan(stays: Person, goes: Person) -> tuple[Plan | None, Any]:
    """What would move, or the sentence of the module that cannot be asked."""
    try:
        return acting.look_ahead(stays.id, goes.id), None
    except Refusal as refusal:
        return None, refusal.message


def _taken(sent: Any) -> frozenset[str]:
    """The facts that come from the sheet that goes; `both` of what is kept from each."""
    names = {group[0] for group in choosing.facts()}
    took = {name for name in names if sent.get(f"take.{name}") == "goes"}
    both = {f"{name}:{choosing.BOTH}" for name in names if sent.get(f"take.{name}") == choosing.BOTH}
    return frozenset(took | both)

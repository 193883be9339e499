"""Pages of a person's rights: what is kept, restriction, and erasure as a plan that somebody approves."""

import json
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from core.access.permissions import fresh_sign_in, requires
from core.database.changes import note_read
from core.documents.pages import pdf_answer
from core.documents.services import printed
from core.language import _
from core.refusals import NotFound, Refusal
from core.resource.declaration import Action, Facts, Panel, Resource
from core.resource.forms import open_form
from core.resource.pages import find
from core.resource.withholding import is_partly_withheld, to_the_question
from core.rights import forms, services
from core.rights.asking import Plan, Report, plan_of, report_of
from core.rights.models import Erasure, ErasureState
from core.rights.restricting import restriction_of
from core.rights.telling import as_json, as_parts, special_fields
from core.special.reading import COPY
from core.web.links import MenuItem

USE = "rights.use"
PDF = "rights.export"
pages = Blueprint("rights", __name__, url_prefix="/rights")
PageAnswer = str | BaseResponse | tuple[str, int]


def rights_of(session: Session, person: Any) -> dict[str, Any]:
    """What a person's tab shows: whether the data are restricted, and what can be done."""
    return {"person": person, "restriction": restriction_of(session, person.id)}


def marks_of(record: Any) -> list[Any]:
    """What stands above everything else on a record's page."""
    if record.__tablename__ != "people_person" or restriction_of(g.session, record.id) is None:
        return []
    return [_("The data of this person are restricted: they may only be kept, not used (art. 18 GDPR).")]


def lines_of(session: Session, erasure: Erasure) -> dict[str, Any]:
    """What an erasure takes away and what stays."""
    return {"lines": erasure.lines}


erasures = Resource(
    Erasure,
    name="erasures",
    title=_("Erasures"),
    singular=_("Erasure"),
    columns=["number", "proposed_on", "disposal", "state", "done_on"],
    filters=["state", "disposal", "proposed_on"],
    search=["number"],
    match=["number"],
    order="-proposed_on",
    panels=[
        Facts("state", "reason", "proposed_on", "proposed_by", "done_on", "done_by", title=_("Erasure")),
        Facts("disposal", "authorisation", "authorised_on", title=_("Disposal of archive documents")),
        Panel(_("What goes and what stays"), "rights/lines.html", lines_of, wide=True),
    ],
    actions=[
        Action(
            "authorise", services.authorise, _("Write down the authorisation"), form=forms.AuthorisationForm,
            permission=USE,
            when=lambda one: one.state is ErasureState.PROPOSED and one.disposal and one.authorisation is None,
        ),
        Action(
            "withdraw", services.withdraw, _("Erase nothing"), permission=USE,
            when=lambda one: one.state is ErasureState.PROPOSED,
        ),
    ],
    links=lambda one: (
        [MenuItem(_("Erase now"), f"/rights/erasures/{one.id}/carry-out", "delete", USE)]
        if one.state is ErasureState.PROPOSED and (one.authorisation or not one.disposal) else []
    ),
    icon="delete",
    in_menu=False,
    sentence=_("Plans to erase a person: proposed, looked at, carried out. For public bodies they are disposal lists."),
)  # fmt: skip


@pages.get("/people/<uuid:key>/export.json")
@requires(USE)
@fresh_sign_in
def export_json(key: UUID) -> BaseResponse:
    """All that is kept of the person, for programs (art. 20)."""
    person = _person(key)
    if is_partly_withheld(person):
        return to_the_question(person)
    told = as_json(g.session, _report(person))
    answer = Response(json.dumps(told, ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{key}.json"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@pages.get("/people/<uuid:key>/export.pdf")
@requires(USE)
@fresh_sign_in
def export_pdf(key: UUID) -> BaseResponse:
    """All that is kept of the person, for people (art. 15)."""
    person = _person(key)
    if is_partly_withheld(person):
        return to_the_question(person)
    return pdf_answer(printed(g.session, PDF, (person, _report(person))), f"{key}.pdf")


def pdf_values(session: Session, subject: tuple[Any, Report]) -> dict[str, Any]:
    """What the document shows."""
    person, report = subject
    return as_parts(session, report, person=person)


@pages.route("/people/<uuid:key>/restrict", methods=["GET", "POST"])
@requires(USE)
def restrict(key: UUID) -> PageAnswer:
    """Let the data only be kept."""
    person = _person(key)
    return _asked(
        person, forms.RestrictForm, lambda **told: services.restrict(g.session, key, **told),
        title=_("Restrict the data of %(person)s", person=person), button=_("Restrict"),
        done=_("The data are restricted."),
    )  # fmt: skip


@pages.route("/people/<uuid:key>/lift", methods=["GET", "POST"])
@requires(USE)
def lift(key: UUID) -> PageAnswer:
    """Let the data be used again."""
    person = _person(key)
    return _asked(
        person, forms.ReasonForm, lambda **told: services.lift(g.session, key, **told),
        title=_("Lift the restriction on %(person)s", person=person), button=_("Lift the restriction"),
        done=_("The data may be used again."),
    )  # fmt: skip


@pages.route("/people/<uuid:key>/erase", methods=["GET", "POST"])
@requires(USE)
@fresh_sign_in
def erase(key: UUID) -> PageAnswer:
    """What would go and what would stay, looked at without erasing anything; then the proposal."""
    person, plan = _person(key), _plan(key)
    form = open_form(forms.ReasonForm, g.session, g.collections, formdata=request.form or None)
    if request.method == "POST" and form.validate():
        try:
            made = services.propose_erasure(g.session, key, plan, **form.values())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(f"/erasures/{made.id}", 303)
    page = render_template(
        "rights/erase.html", person=person, plan=plan, form=form, disposal=services.is_public_body(g.session)
    )
    return (page, 422) if form.errors else page


@pages.route("/erasures/<uuid:key>/carry-out", methods=["GET", "POST"])
@requires(USE)
@fresh_sign_in
def carry_out(key: UUID) -> PageAnswer:
    """The last question before what was approved is erased."""
    erasure = g.session.get(Erasure, key)
    if erasure is None:
        raise NotFound(_("There is no such page here, or it belongs to another partner."))
    refused = ""
    if request.method == "POST":
        folder = current_app.config["SETTINGS"].uploads
        try:
            with g.session.begin_nested():
                services.carry_out(g.session, erasure, _plan(erasure.subject_id), folder=folder)
        except Refusal as refusal:
            refused = str(refusal)
        else:
            flash(str(_("What was to be erased is erased.")), "success")
            return redirect(f"/erasures/{key}", 303)
    page = render_template("rights/carry_out.html", erasure=erasure, refused=refused)
    return (page, 422) if refused else page


def _person(key: UUID) -> Any:
    """The person, when this partner sees them; one who was merged is looked for where they are now."""
    return find(g.collections["people"], key)


def _report(person: Any) -> Report:
    """The report; that it was read stands in the trail."""
    found = report_of(g.session, person.id, current_app.extensions["generazioni"].asked("subject_export"))
    note_read(
        g.session, person, purpose=COPY, ground="art. 15 GDPR", special=special_fields(found),
        count=sum(len(s.rows) for s in found.sections),
    )  # fmt: skip
    return found


def _plan(key: UUID) -> Plan:
    return plan_of(g.session, key, current_app.extensions["generazioni"].asked("subject_erase"))


def _asked(person: Any, kind: Any, act: Any, *, title: Any, button: Any, done: Any) -> PageAnswer:
    back = f"/people/{person.id}/tab/rights"
    form = open_form(kind, g.session, g.collections, formdata=request.form or None)
    if request.method == "POST" and form.validate():
        try:
            act(**form.values())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(str(done), "success")
            return redirect(back, 303)
    page = render_template("rights/form.html", person=person, form=form, title=title, button=button, back=back)
    return (page, 422) if form.errors else page

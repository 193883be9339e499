"""A file is fetched through its record: who may not see the one does not get the other."""

import io
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, g, render_template
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, DictLoader, PackageLoader, PrefixLoader, StrictUndefined
from sqlalchemy import select

from core.config import Settings
from core.database.scope import Scope, ScopedSession
from core.files import left
from core.files.models import Attachment, AttachmentCategory
from core.files.pages import pages, panel_of
from core.files.plugin import permissions
from core.files.services import attach, attachments_of
from core.language import _, plural
from core.organisations.models import LegalType, Organisation
from core.organisations.pages import organisations
from core.organisations.services import register_organisation
from core.refusals import Forbidden, NotFound
from core.resource.collections import Collections
from core.web import form_parts

PDF = b"%PDF-1.7\n" + b"x" * 100
SEE = frozenset({"files.see", "files.add", "files.remove", "organisations.see"})

NOBODYS = "7f8d3c52-0f0b-4d0e-9f4e-0d3f0c1b2a4e"


@pytest.fixture
def visit(settings: Settings, session: ScopedSession, partner: UUID) -> Callable[..., FlaskClient]:
    """The pages of attachments alone, opened by somebody with some permissions."""

    def open_as(permissions: frozenset[str] = SEE, opened: ScopedSession = session) -> FlaskClient:
        app = Flask("files-test")
        app.config.update(SETTINGS=settings, SECRET_KEY="k" * 32)
        folders = PrefixLoader({"files": PackageLoader("core.files")})
        frame = DictLoader({"page.html": "{% block head %}{% endblock %}{% block main %}{% endblock %}"})
        app.jinja_env.loader = ChoiceLoader([frame, folders, PackageLoader("core.web")])
        app.jinja_env.undefined = StrictUndefined
        app.jinja_env.filters["date"] = lambda day: "" if day is None else f"{day:%d/%m/%Y}"
        app.jinja_env.globals.update(
            _=_,
            plural=plural,
            csrf_token=lambda: "token",
            field_kind=form_parts.field_kind,
            field_attributes=form_parts.field_attributes,
            error_lines=form_parts.error_lines,
        )
        app.register_blueprint(pages)
        app.add_url_rule("/organisations/<uuid:key>", "organisation", lambda key: "")
        app.register_error_handler(NotFound, lambda refusal: (str(refusal), 404))
        app.register_error_handler(Forbidden, lambda refusal: (str(refusal), 403))
        book = Collections()
        book.add("", [organisations])

        @app.before_request
        def enter() -> None:
            g.session, g.collections = opened, book
            g.scope = Scope(partner_id=partner, permissions=permissions)

        return app.test_client()

    return open_as


@pytest.fixture
def organisation(session: ScopedSession) -> Organisation:
    return register_organisation(session, name="La Quercia", legal_type=LegalType.OTHER_ETS)


@pytest.fixture
def statute(session: ScopedSession, organisation: Organisation, settings: Settings) -> Attachment:
    return attach(
        session,
        organisation,
        name="Statuto è.pdf",
        stream=io.BytesIO(PDF),
        category=AttachmentCategory.STATUTE,
        folder=settings.uploads,
    )


def a_form(organisation: Organisation, **given: Any) -> dict[str, Any]:
    ordinary = {"entity": "organisations_organisation", "entity_id": str(organisation.id), "category": "report"}
    content, name = given.pop("file", (PDF, "verbale.pdf"))
    return ordinary | {"file": (io.BytesIO(content), name)} | given


def test_a_file_comes_as_a_download_that_runs_nothing(visit: Callable[..., FlaskClient], statute: Attachment) -> None:
    answer = visit().get(f"/files/{statute.id}")

    assert (answer.status_code, answer.data) == (200, PDF)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]


def test_who_may_not_see_the_record_does_not_get_its_file(
    visit: Callable[..., FlaskClient], statute: Attachment
) -> None:
    assert visit(frozenset({"files.see"})).get(f"/files/{statute.id}").status_code == 403


def test_another_partners_file_is_not_there(
    visit: Callable[..., FlaskClient], statute: Attachment, session: ScopedSession, neighbours_session: ScopedSession
) -> None:
    session.commit()

    assert visit(opened=neighbours_session).get(f"/files/{statute.id}").status_code == 404


def test_an_unknown_file_is_not_there(visit: Callable[..., FlaskClient]) -> None:
    assert visit().get(f"/files/{UUID('7f8d3c52-0f0b-4d0e-9f4e-0d3f0c1b2a4e')}").status_code == 404


def test_a_file_whose_bytes_are_lost_says_so(
    visit: Callable[..., FlaskClient], statute: Attachment, settings: Settings
) -> None:
    for path in settings.uploads.rglob("*"):
        if path.is_file():
            path.unlink()

    answer = visit().get(f"/files/{statute.id}")

    assert answer.status_code == 404
    assert "archiv" in answer.text


def test_a_sent_file_is_attached_to_its_record(
    visit: Callable[..., FlaskClient], session: ScopedSession, organisation: Organisation
) -> None:
    answer = visit().post("/files", data=a_form(organisation, expires_on="31/12/2026"))

    assert (answer.status_code, answer.location) == (303, f"/organisations/{organisation.id}")
    [kept] = attachments_of(session, organisation)
    assert (kept.name, kept.category, str(kept.expires_on)) == ("verbale.pdf", AttachmentCategory.REPORT, "2026-12-31")


@pytest.mark.parametrize(
    "wrong",
    [
        {"file": (b"<svg/>", "logo.svg")},
        {"category": ""},
        {"category": "secret"},
        {"expires_on": "31/02/2026"},
    ],
)
def test_a_wrong_file_is_refused_in_its_form(
    visit: Callable[..., FlaskClient], session: ScopedSession, organisation: Organisation, wrong: dict[str, Any]
) -> None:
    answer = visit().post("/files", data=a_form(organisation, **wrong))

    assert answer.status_code == 422
    assert "g-error" in answer.text
    assert attachments_of(session, organisation) == []


@pytest.mark.parametrize(("table", "key"), [("access_user", None), ("organisations_organisation", NOBODYS)])
def test_files_hang_only_on_records_that_are_seen(
    visit: Callable[..., FlaskClient], organisation: Organisation, table: str, key: str | None
) -> None:
    sent = a_form(organisation, entity=table, entity_id=key or str(organisation.id))

    assert visit().post("/files", data=sent).status_code == 404


def test_a_file_is_removed_from_its_record(
    visit: Callable[..., FlaskClient], session: ScopedSession, organisation: Organisation, statute: Attachment
) -> None:
    answer = visit().post(f"/files/{statute.id}/remove")

    assert (answer.status_code, answer.location) == (303, f"/organisations/{organisation.id}")
    assert session.scalars(select(Attachment)).all() == []


def test_the_panel_lists_the_files_and_offers_what_is_allowed(
    visit: Callable[..., FlaskClient], session: ScopedSession, organisation: Organisation, statute: Attachment
) -> None:
    shown = panel_of(session, organisation)
    with visit().application.test_request_context():
        read_only = render_template("files/panel.html", **shown)
        full = render_template("files/panel.html", **shown | {"may_add": True, "may_remove": True})

    assert statute.name in read_only
    assert "<form" not in read_only
    assert full.count("<form") == 2


def test_every_route_names_a_declared_permission() -> None:
    declared = {permission.key for permission in permissions()}
    app = Flask("routes")
    app.register_blueprint(pages)

    asked = {
        app.view_functions[rule.endpoint].permission for rule in app.url_map.iter_rules() if rule.endpoint != "static"
    }
    assert asked == {*declared, left.MAY_READ}

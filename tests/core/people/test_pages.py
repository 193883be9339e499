"""What the pages of people are declared from stands up; the form asks about who looks the same."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, g, render_template
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, DictLoader
from werkzeug.datastructures import MultiDict

from core.config import Settings
from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.organisations.plugin import resources as organisations
from core.people import pages, panels
from core.people.forms import MemberForm, PersonForm
from core.people.models import (
    HouseholdRole,
    IseeKind,
    KnownToServices,
    NoCodiceFiscale,
    Person,
    RelationshipKind,
    Sex,
    Tag,
)
from core.people.plugin import permissions, resources, role_presets
from core.people.services import (
    SimilarPeople,
    amend_person,
    compose_household,
    load_tags,
    record_isee,
    register_person,
    relate,
    tag,
)
from core.places.plugin import resources as places
from core.refusals import Refusal
from core.resource.collections import Collections
from core.resource.fields import ReadField
from core.resource.forms import open_form
from core.web.rendering import make_templates
from tests.core.people.conftest import register_in

CHIARA = "BNMCHR84L49F471K"
FRAGMENT = {"HX-Request": "true"}
TYPED = {
    "surname": "Bonometti", "name": "Chiara", "birth_date": "09/07/1984", "sex": "F", "known_to_services": "no",
    "codice_fiscale": CHIARA, "phone": "030 555 0142", "photo_consent": "y",
}  # fmt: skip


@pytest.fixture
def book() -> Collections:
    found = Collections()
    for declared in (resources, organisations, places):
        found.add("", declared())
    return found


@pytest.fixture
def app(settings: Settings, session: ScopedSession, book: Collections) -> Flask:
    """The hand-made page of people alone, in a frame without menus."""
    app = Flask("people-test")
    app.config.update(SETTINGS=settings)
    make_templates(app, {})
    frame = DictLoader(
        {"page.html": "{% block title %}{% endblock %}{% block head %}{% endblock %}{% block main %}{% endblock %}"}
    )
    app.jinja_env.loader = ChoiceLoader([frame, app.jinja_env.loader])
    app.register_blueprint(pages.pages)

    @app.before_request
    def enter() -> None:
        g.session, g.collections, g.scope = session, book, session.info["scope"]

    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def opened(session: ScopedSession, book: Collections) -> Callable[..., Any]:
    """The form of a person, as the page opens it."""

    def open_person(typed: dict[str, str] | None = None, record: Person | None = None) -> Any:
        formdata = None if typed is None else MultiDict(typed)
        return open_form(PersonForm, session, book, formdata=formdata, record=record)

    return open_person


def drawn(app: Flask, draw: Callable[..., Any], *arguments: Any, **values: Any) -> str:
    """What is drawn in the middle of a request."""
    with app.test_request_context():
        app.preprocess_request()
        return str(draw(*arguments, **values))


def test_declarations_stand_whatever_comes_first(book: Collections) -> None:
    assert [one.key for one in book][:5] == ["people", "households", "relationships", "isee-certificates", "tags"]


def test_presets_give_permissions_that_exist(book: Collections) -> None:
    known = {one.key for collection in book for one in collection.permissions()} | {one.key for one in permissions()}
    asked = {act.permission for collection in book for act in collection.acts() if act.permission}

    given = {key for keys in role_presets().values() for key in keys if not key.endswith("*")}
    assert given <= known
    assert asked <= known


def test_a_typed_form_registers_a_person(session: ScopedSession, opened: Any) -> None:
    form = opened(TYPED)

    assert form.validate(), form.errors
    person = register_person(session, **form.values())
    assert (person.sex, person.known_to_services) == (Sex.FEMALE, KnownToServices.NO)
    assert (person.phone, person.photo_consent) == ("+390305550142", True)


def test_saving_a_form_that_nobody_touched_changes_nothing(session: ScopedSession, opened: Any, register: Any) -> None:
    person = register(codice_fiscale=CHIARA, citizenship=None, phone="+390305550142")
    shown = opened(record=person)
    sent = {name: field._value() for name, field in shown._fields.items() if isinstance(field, ReadField)}
    sent |= {"sex": "F", "known_to_services": "no"}

    form = opened(sent, person)
    assert form.validate(), form.errors
    amend_person(session, person, **form.values())

    assert not session.dirty
    assert (person.version, person.birth_place) == (1, "F471")


def test_six_fields_are_asked_for_at_most(opened: Any) -> None:
    required = [field.name for field in opened() if field.flags.required]

    assert required == ["surname", "name", "sex", "known_to_services"]
    assert len([name for _title, names in opened().groups for name in names]) <= 18


def test_a_new_form_asks_about_look_alikes_and_an_edited_one_for_a_reason(opened: Any, register: Any) -> None:
    new, edited = opened(), opened(record=register(codice_fiscale=CHIARA))

    assert "confirm_similar" in new._fields
    assert "reason" not in new._fields
    assert "confirm_similar" not in edited._fields
    assert "reason" in edited._fields
    assert len(new.shown_groups()) == len(edited.shown_groups()) == 5


def test_a_refused_form_links_to_who_looks_the_same(app: Flask, opened: Any, register: Any) -> None:
    first = register(codice_fiscale=CHIARA)
    form = opened(TYPED | {"codice_fiscale": "", "no_codice_fiscale_reason": "unavailable"})
    with pytest.raises(SimilarPeople) as refused:
        register_person(form.meta.session, **form.values())

    form.refuse(refused.value)

    region = drawn(app, form.confirm_similar)
    assert f'href="/people/{first.id}"' in region
    assert 'name="confirm_similar"' in region
    assert 'aria-live="polite"' in region


def test_a_code_that_is_taken_cannot_be_confirmed_away(app: Flask, opened: Any, register: Any) -> None:
    first = register(codice_fiscale=CHIARA)
    form = opened(TYPED)
    with pytest.raises(Refusal) as refused:
        register_person(form.meta.session, **form.values())

    form.refuse(refused.value)

    region = drawn(app, form.confirm_similar)
    assert form.codice_fiscale.errors
    assert f'href="/people/{first.id}"' in region
    assert "checkbox" not in region


def test_typing_shows_who_looks_the_same(client: FlaskClient, register: Any) -> None:
    first = register(no_codice_fiscale_reason=NoCodiceFiscale.FOREIGNER)
    typed = {"surname": "bonometti", "name": "chiara", "birth_date": "09/07/1984"}

    fragment = client.get("/people/similar", query_string=typed, headers=FRAGMENT).text
    page = client.get("/people/similar", query_string=typed).text

    assert f'href="/people/{first.id}"' in fragment
    assert "checkbox" in fragment
    assert f'href="/people/{first.id}"' in page
    assert 'value="bonometti"' in page
    assert "checkbox" not in page


def test_half_typed_fields_are_as_if_they_were_not_there(client: FlaskClient, register: Any) -> None:
    register(no_codice_fiscale_reason=NoCodiceFiscale.FOREIGNER)
    typed = {"surname": "Bono", "birth_date": "09/13/19", "codice_fiscale": "BNM", "phone": "030", "email": "chiara@"}

    answer = client.get("/people/similar", query_string=typed, headers=FRAGMENT)

    assert (answer.status_code, "/people/" in answer.text) == (200, False)


def test_typing_another_partners_code_says_that_they_are_known(
    client: FlaskClient, database: Database, neighbour: UUID
) -> None:
    scope = Scope(partner_id=neighbour, actor="Ada Blu")
    database.run(scope, lambda theirs: register_in(theirs, codice_fiscale=CHIARA, phone="+390305550142").id)

    answer = client.get("/people/similar", query_string={"codice_fiscale": CHIARA}, headers=FRAGMENT).text

    assert "already known to another partner" in answer
    for secret in ("Bonometti", "1984", "href", "checkbox", str(neighbour)):
        assert secret not in answer


def test_every_panel_of_a_person_and_a_household_is_drawn(app: Flask, session: ScopedSession, register: Any) -> None:
    chiara = register(codice_fiscale=CHIARA)
    anna = register(name="Anna", birth_date=date(2018, 5, 1), no_codice_fiscale_reason=NoCodiceFiscale.UNAVAILABLE)
    household = compose_household(session, person=chiara, members=[(anna, HouseholdRole.CHILD)])
    certificate = record_isee(
        session,
        household,
        kind=IseeKind.ORDINARY,
        submitted_on=date(2026, 3, 10),
        isee=Decimal("7200.00"),
        omissions=True,
    )
    relate(session, chiara, kind=RelationshipKind.CAREGIVER, other_person=anna)
    load_tags(session)
    tag(session, anna, tag=session.query(Tag).filter_by(code="student").one())

    found = []
    for record, loads in (
        (anna, {"households": panels.households_with, "isee": panels.isee_of_person, "tags": panels.tags_on,
                "relationships": panels.relationships_of}),
        (household, {"members": panels.members_of, "isee": panels.isee_of_household}),
        (certificate, {"omissions": panels.omissions_of}),
    ):  # fmt: skip
        for name, load in loads.items():
            found.append(drawn(app, render_template, f"people/{name}.html", **load(session, record)))

    for words in ("Bonometti Chiara", "Omissions to be resolved", "Student", "Caregiver"):
        assert any(words in one for one in found), words


def test_who_joins_a_household_is_not_its_reference_person(
    session: ScopedSession, book: Collections, register: Any
) -> None:
    household = compose_household(session, person=register(codice_fiscale=CHIARA))

    assert open_form(MemberForm, session, book, record=household).person.data is None


def test_a_draft_stays_one_until_its_box_is_cleared(session: ScopedSession, opened: Any, register: Any) -> None:
    draft = register(draft=True)
    kept = {"surname": "Bonometti", "name": "Chiara", "birth_date": "09/07/1984", "sex": "F", "known_to_services": "no"}

    assert opened(record=draft).draft.data is True
    amend_person(session, draft, **opened(kept | {"draft": "y"}, draft).values())
    assert draft.draft
    amend_person(session, draft, **opened(kept | {"codice_fiscale": CHIARA}, draft).values())
    assert not draft.draft
    assert "draft" not in opened(record=draft)._fields

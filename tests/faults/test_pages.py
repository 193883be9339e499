"""Parts of a plugin that raise while pages are made: a notice stands in their place, and the page answers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from core.access.members import add_member
from core.access.models import Role
from core.access.users import register_user, set_password
from core.app import create_app
from core.database import migrate
from core.database.scope import Scope
from core.language import speaking
from core.modules import switching
from core.people.models import KnownToServices, NoCodiceFiscale, Sex
from core.people.services import register_person
from core.plugins.installation import Installation
from core.resource import lookup
from core.testing.demo_network import hidden
from tests.faults.making import PLUGIN, make

PASSWORD = "zattera melograno 7"
PARTS = """

from core.api import AgendaSource, Card, Facts, MenuItem, Panel, RecordPanel
from sqlalchemy import text


def fail(*anything):
    raise ZeroDivisionError


def ask_wrongly(session, *rest):
    return {"rows": session.execute(text("select nothing from nowhere")).all()}


@answers
def role_presets():
    return {"org_manager": ["{key}.*"]}


@answers
def dashboard_cards():
    return [Card("A card", "{key}/bad.html", lambda session: {}, "{key}.hello"),
            Card("Another card", "{key}/good.html", ask_wrongly, "{key}.hello")]


@answers
def panels():
    return [RecordPanel("people", "bad", "Bad", "{key}/bad.html", lambda session, person: {}, "{key}.hello"),
            RecordPanel("people", "wrong", "Wrong", "{key}/good.html", ask_wrongly, "{key}.hello"),
            RecordPanel("people", "fails", "Fails", "{key}/good.html", fail, "{key}.hello")]


@answers
def agenda_sources():
    return [AgendaSource("{key}.days", "Days of things", fail, "{key}.hello")]


@pages.get("/template")
@requires("{key}.hello")
def template():
    from flask import render_template
    return render_template("{key}/bad.html")
"""
SEARCHED = PLUGIN.replace('columns=["name"]', 'columns=["name"], search=["name"], panels=[Facts("name")]').replace(
    "import Permission", "import Facts, Permission"
)
NOTICE = "This part cannot be shown now"


class House:
    """The program with one made plugin, and the browser of who heads a partner that runs it."""

    def __init__(self, settings, folder, partner, key):
        (folder / key / "templates").mkdir()
        (folder / key / "templates" / "bad.html").write_text("{% if %}")
        (folder / key / "templates" / "good.html").write_text("<p>good</p>")
        self.key, self.url = key, f"/m/{key.replace('_', '-')}"
        self.app = create_app(replace(settings, plugin_folders=(folder,), secret_key="k" * 40))
        self.installation: Installation = self.app.extensions["generazioni"]
        self.database = self.app.extensions["database"]
        assert self.installation.plugins[key].works, self.installation.plugins[key].traceback
        migrate.upgrade(settings.owner_database_url, [self.installation.plugins[key].line])
        self.app.extensions["watch"].look(now=True)
        self.scope = Scope(partner_id=partner, actor="tests")
        self.database.run(self.scope, lambda session: switching.turn_on(session, self.installation, key))
        self.database.run(self.scope, self._head)
        self.person = self.database.run(self.scope, self._person)
        self.client = self.app.test_client()
        token = hidden(self.client.get("/sign-in").text)["csrf_token"]
        told = {"email": "ada@example.org", "password": PASSWORD, "csrf_token": token}
        assert self.client.post("/sign-in", data=told).status_code == 303
        self.client.set_cookie("language", "en")

    @property
    def model(self):
        return self.installation.collections[f"{self.key}.things"].resource.model

    def _head(self, session):
        user = register_user(session, email="ada@example.org", name="Ada Blu")
        set_password(session, user, password=PASSWORD)
        add_member(session, email=user.email, name=user.name, roles=[Role.ORG_MANAGER])

    def _person(self, session):
        return register_person(
            session, surname="Bonometti", name="Chiara", sex=Sex.FEMALE, birth_date=date(1984, 7, 9),
            known_to_services=KnownToServices.NO, no_codice_fiscale_reason=NoCodiceFiscale.UNAVAILABLE,
        ).id  # fmt: skip

    def thing(self, name):
        def add(session):
            session.add(self.model(name=name))

        self.database.run(self.scope, add)


@pytest.fixture
def house(settings, folder, start, partner, request) -> Iterator[House]:
    told = getattr(request, "param", {})
    key = make(folder, "parts", plugin=SEARCHED, more_plugin=PARTS + told.get("plugin", ""),
               more_models=told.get("models", ""))  # fmt: skip
    with speaking("it"):  # whatever language its pages choose, the next test begins as before
        made = House(settings, folder, partner, key)
        yield made
    made.database.close()


def test_cards_that_fail_leave_a_notice_on_the_home_page(house, caplog):
    page = house.client.get("/")

    assert page.status_code == 200
    assert page.text.count(NOTICE) == 2
    assert f"{house.key}/bad.html" in caplog.text


@pytest.mark.parametrize("tab", ["bad", "wrong", "fails"])
def test_a_panel_that_fails_leaves_a_notice_on_the_record(house, tab):
    page = house.client.get(f"/people/{house.person}/tab/{tab}")

    assert page.status_code == 200
    assert NOTICE in page.text
    assert "Bonometti" in page.text


def test_an_agenda_source_that_fails_is_named_and_the_others_are_there(house):
    page = house.client.get("/agenda")

    assert page.status_code == 200
    assert "Days of things" in page.text


def test_a_page_with_a_bad_template_names_its_module_and_no_other_page_suffers(house, caplog):
    house.app.config["PROPAGATE_EXCEPTIONS"] = False
    page = house.client.get(f"{house.url}/template")

    assert page.status_code == 500
    assert f"The fault is in the module Module {house.key}" in page.text
    assert f"failed in {house.key}" in caplog.text
    assert house.client.get(f"{house.url}/hello").text == "hello"
    assert house.client.get("/people").status_code == 200


WORDLESS = {"models": "\n\ndef speechless(self):\n    raise ZeroDivisionError\n\n\nThing.__str__ = speechless\n"}


@pytest.mark.parametrize("house", [WORDLESS], indirect=True, ids=["wordless"])
def test_a_record_that_cannot_say_its_name_is_told_as_missing_from_the_search(house):
    house.thing("Chiara's spade")

    page = house.client.get("/search?q=chiara")

    assert page.status_code == 200
    assert "Things cannot be searched now" in page.text
    assert "Bonometti" in page.text
    assert house.client.get("/").status_code == 200


def test_a_search_source_that_raises_is_named_and_the_others_answer(house, monkeypatch):
    searching = lookup.searching

    def fail_for_things(*told):
        if any(getattr(one, "plugin", "") == house.key for one in told):
            raise ZeroDivisionError
        return searching(*told)

    monkeypatch.setattr(lookup, "searching", fail_for_things)
    page = house.client.get("/search?q=bonometti")

    assert page.status_code == 200
    assert "Things cannot be searched now" in page.text
    assert "Bonometti Chiara" in page.text


def test_a_rule_that_raises_shows_no_row(house, monkeypatch, caplog):
    house.thing("A spade")
    collection = house.installation.collections[f"{house.key}.things"]
    assert "A spade" in house.client.get(collection.url).text

    def fail(session):
        raise ZeroDivisionError

    monkeypatch.setitem(collection.__dict__, "resource", replace(collection.resource, select=fail))
    page = house.client.get(collection.url)

    assert page.status_code == 200
    assert "A spade" not in page.text
    assert house.client.get(f"/api/v1{house.url.removeprefix('/m')}/things").json["items"] == []
    assert "none of its rows is shown" in caplog.text

"""Parts of a plugin that raise while pages are made: a notice stands in their place, and the page answers."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from core.database import faults
from core.language import speaking
from core.resource import lookup
from tests.faults.houses import House
from tests.faults.making import PLUGIN, make

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
SEARCHED = PLUGIN.replace('columns=["code"]', 'columns=["code"], search=["code"], panels=[Facts("code")]').replace(
    "import Permission", "import Facts, Permission"
)
NOTICE = "This part cannot be shown now"


@pytest.fixture
def house(settings, folder, start, partner, request) -> Iterator[House]:
    told = getattr(request, "param", {})
    key = make(folder, "parts", plugin=SEARCHED, more_plugin=PARTS + told.get("plugin", ""),
               more_models=told.get("models", ""))  # fmt: skip
    with speaking("it"):  # whatever language its pages choose, the next test begins as before
        made = House(settings, folder, partner, key)
        made.install()
        made.switch_on()
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


def test_what_failed_stands_on_the_module_s_page_with_its_place_and_nobody_s_data(house):
    for page in ("/", "/", f"/people/{house.person}/tab/fails", "/agenda"):
        assert house.client.get(page).status_code == 200
    house.app.extensions["watch"].look(now=True)

    page = house.client.get(f"/network/modules/{house.key}").text

    for told in (f"card {house.key}/bad.html: TemplateSyntaxError", "tab people/fails: ZeroDivisionError",
                 f"agenda {house.key}.days: ZeroDivisionError", f"{house.key}/plugin.py:", "2 times"):  # fmt: skip
        assert told in page, told
    assert "Bonometti" not in page
    assert "ZeroDivisionError" in house.client.get("/network/modules").text


SLEEPY = """


@answers
def dashboard_cards():
    import time
    return [Card("A slow card", "{key}/good.html", lambda session: time.sleep(0.1) or {}, "{key}.hello")]
"""


@pytest.mark.parametrize("house", [{"plugin": SLEEPY}], indirect=True, ids=["sleepy"])
def test_a_card_that_sleeps_comes_late_with_its_page_and_is_named(house, monkeypatch, caplog):
    monkeypatch.setattr(faults, "SLOW", 0.1)

    page = house.client.get("/")
    house.app.extensions["watch"].look(now=True)

    assert (page.status_code, NOTICE in page.text) == (200, False)
    assert f"card {house.key}/good.html of {house.key} took 0.1 seconds" in caplog.text
    assert f"card {house.key}/good.html took" in house.client.get(f"/network/modules/{house.key}").text


def test_an_agenda_source_that_fails_is_named_and_the_others_are_there(house):
    page = house.client.get("/agenda")

    assert page.status_code == 200
    assert "Days of things" in page.text


def test_a_page_with_a_bad_template_names_its_module_and_no_other_page_suffers(house, caplog):
    house.app.config["PROPAGATE_EXCEPTIONS"] = False
    page = house.client.get(f"{house.url}/template")

    assert page.status_code == 500
    assert "The fault is in the module Gardens" in page.text
    assert f"failed in {house.key}" in caplog.text
    assert house.client.get(f"{house.url}/hello").text == "hello"
    assert house.client.get("/people").status_code == 200


WORDLESS = {"models": "\n\ndef speechless(self):\n    raise ZeroDivisionError\n\n\nPlot.__str__ = speechless\n"}


@pytest.mark.parametrize("house", [WORDLESS], indirect=True, ids=["wordless"])
def test_a_record_that_cannot_say_its_name_is_told_as_missing_from_the_search(house):
    house.plot("Chiara's spade")

    page = house.client.get("/search?q=chiara")

    assert page.status_code == 200
    assert "Plots cannot be searched now" in page.text
    assert "Bonometti" in page.text
    assert house.client.get("/").status_code == 200


def test_a_search_source_that_raises_is_named_and_the_others_answer(house, monkeypatch):
    searching = lookup.searching

    def fail_for_plots(*told):
        if any(getattr(one, "plugin", "") == house.key for one in told):
            raise ZeroDivisionError
        return searching(*told)

    monkeypatch.setattr(lookup, "searching", fail_for_plots)
    page = house.client.get("/search?q=bonometti")

    assert page.status_code == 200
    assert "Plots cannot be searched now" in page.text
    assert "Bonometti Chiara" in page.text


def test_a_rule_that_raises_shows_no_row(house, monkeypatch, caplog):
    house.plot("A spade")
    collection = house.installation.collections[f"{house.key}.plots"]
    assert "A spade" in house.client.get(collection.url).text

    def fail(session):
        raise ZeroDivisionError

    monkeypatch.setitem(collection.__dict__, "resource", replace(collection.resource, select=fail))
    page = house.client.get(collection.url)

    assert page.status_code == 200
    assert "A spade" not in page.text
    assert house.client.get(f"/api/v1{house.url.removeprefix('/m')}/plots").json["items"] == []
    assert "none of its rows is shown" in caplog.text

"""Every part of the templates in real Chromium: accessible, within its content policy, narrow and light enough."""

import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from werkzeug.serving import make_server

from core.config import ROOT
from core.web.assets import build
from tests.browser.gallery.app import make_gallery

pytestmark = pytest.mark.browser

WIDTHS = [1280, 320]
PATHS = ["/", "/empty", "/form", "/sign-in", "/nope", "/refused", "/away"]
FIRST_LOAD = 150_000
RECEIVED = ("responseHeadersSize", "responseBodySize")
WRONG = '<h1>x</h1><h1>y</h1><input><p class="wide" style="color: red">x</p><img src="/x.png">'
NOTE_VIOLATIONS = """
    window.refused = [];
    document.addEventListener("securitypolicyviolation", (event) => window.refused.push(event.violatedDirective));
"""
FETCH = "([path, target]) => htmx.ajax('GET', path, {target, source: target})"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the gallery is served."""
    var = Path(os.environ.get("GENERAZIONI_VAR") or ROOT / "var")
    build(var, [ROOT / "plugins"])
    server = make_server("127.0.0.1", 0, make_gallery(var), threaded=True)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(params=WIDTHS)
def browser_page(page: Page, request: pytest.FixtureRequest) -> Page:
    """A wide window and a narrow one, noting what the content policy refused."""
    page.set_viewport_size({"width": request.param, "height": 900})
    page.add_init_script(NOTE_VIOLATIONS)
    return page


@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_accessible_narrow_and_within_its_policy(browser_page, address, path):
    browser_page.goto(address + path)

    assert faults(browser_page) == []


def test_menus_and_folds_are_accessible_when_open(browser_page, address):
    browser_page.goto(address)
    browser_page.evaluate("for (const one of document.querySelectorAll('main details')) { one.open = true }")

    assert faults(browser_page) == []


def test_a_wrong_form_takes_the_reader_to_its_errors(browser_page, address):
    browser_page.goto(f"{address}/form")
    browser_page.get_by_role("button", name="Save").click()

    assert browser_page.title().startswith("Error")
    assert browser_page.evaluate("document.activeElement.id") == "errori"
    browser_page.get_by_role("link", name="Surname").click()
    assert browser_page.evaluate("document.activeElement.id") == "surname"
    assert faults(browser_page) == []


def test_the_checks_of_this_file_see_what_is_wrong(browser_page, address):
    browser_page.goto(address)
    browser_page.evaluate("document.querySelector('main').innerHTML = WRONG".replace("WRONG", repr(WRONG)))
    browser_page.evaluate("document.querySelector('p.wide').style.width = '2000px'")

    found = " ".join(faults(browser_page))

    assert [fault for fault in ("label", "image-alt", "style-src", "h1", "sideways") if fault not in found] == []


def test_the_narrow_menu_opens_and_closes_by_keyboard(page, address):
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(address)
    home = page.get_by_role("navigation").get_by_role("link", name="Home").first

    assert not page.locator("#menu").is_visible()
    page.get_by_role("button", name="Menu", exact=True).press("Enter")
    assert page.locator("#menu").is_visible()
    assert home.is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#menu").is_visible()


def test_focus_is_seen(page, address):
    page.goto(f"{address}/form")
    page.locator("#surname").focus()
    page.keyboard.press("Tab")

    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")

    assert page.evaluate("document.activeElement.id") == "password"
    assert outline == "solid"


def test_a_first_visit_is_light(page, address):
    weights = []
    page.on("requestfinished", lambda request: weights.append(sum(request.sizes()[part] for part in RECEIVED)))
    page.goto(address, wait_until="networkidle")

    assert len(weights) <= 10
    assert 30_000 < sum(weights) < FIRST_LOAD


def test_a_refused_fragment_is_shown_where_it_was_wanted(page, address):
    page.goto(address)
    page.evaluate(FETCH, ["/fragment", "#contenuto"])

    page.get_by_text("The rent is missing.").wait_for()
    assert page.get_by_role("search").is_visible()


@pytest.mark.parametrize("path", ["/nope", "/refused"])
def test_a_fragment_that_fails_becomes_an_error_page(page, address, path):
    page.goto(address)
    page.evaluate(FETCH, [path, "#contenuto"])

    page.get_by_text("What you can do").wait_for()
    assert page.locator("h1").count() == 1


def faults(page: Page) -> list[str]:
    """What is wrong with the page as it stands."""
    found = [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in Axe().run(page).response["violations"]]
    found += [f"refused: {directive}" for directive in page.evaluate("window.refused")]
    if page.locator("h1").count() != 1:
        found.append("not one h1")
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("scrolls sideways")
    return found

"""The hand-made pages of calls in a real browser: plain forms do all of it, and axe finds nothing."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from core.testing.demo_network import HEAD_OF_TOWN
from tests.browser.conftest import sign_in
from tests.browser.test_pages import RULES

WRONG = "ID domanda;ISBAR;Indigente;Alloggi;Note\nLOM-1;x;forse;MON-404;a\n"


@pytest.fixture
def office(served, page):
    sign_in(page, served, HEAD_OF_TOWN)
    return Office(served, page)


class Office:
    """Short words for finding one's way."""

    def __init__(self, served, page):
        self.served, self.page = served, page

    def open(self, address):
        self.page.goto(self.served.address + address)

    def first(self, address):
        self.open(address)
        return self.page.locator("main table tbody th a").first.get_attribute("href")

    def say_why(self):
        """Special data are withheld until somebody says what they read them for."""
        self.page.locator("main a[href^='/purpose/']").first.click()
        self.page.select_option("[name=purpose]", "application")
        self.is_accessible()
        self.page.click("main form button.btn-primary")

    def is_accessible(self):
        narrow = self.page.viewport_size
        assert Axe().run(self.page, options=RULES).response["violations"] == []
        self.page.set_viewport_size({"width": 320, "height": 800})
        assert self.page.evaluate("document.documentElement.scrollWidth") <= 320
        self.page.set_viewport_size(narrow)


def test_the_regions_file_is_tried_refused_with_its_problems_and_imported_once(office, page):
    call = office.first("/m/housing/calls?f.regime=sap")
    office.open(call)
    code = re.search(r"MON-\d+", page.content())[0]
    office.open(f"{call}/regional")
    office.is_accessible()
    page.set_input_files("#file", {"name": "a.csv", "mimeType": "text/csv", "buffer": WRONG.encode()})
    page.click("main form button.btn-primary")
    rows = page.locator("main tbody tr").all_inner_texts()
    assert [row.split("\t")[:3] for row in rows] == [
        ["2", "ISBAR", "x"], ["2", "Indigente", "forse"], ["2", "Alloggi", "MON-404"],
    ]  # fmt: skip
    office.is_accessible()

    good = f"domanda;punteggio;indigente;alloggi\nLOM-5200;71,50;no;{code}\nLOM-9000;40;sì;{code}\n".encode()
    office.open(f"{call}/regional")
    page.set_input_files("#file", {"name": "b.csv", "mimeType": "text/csv", "buffer": good})
    page.click("main form button.btn-primary")
    page.click("button[value=write]")
    ranking = page.url
    office.open(f"{call}/regional")
    page.set_input_files("#file", {"name": "b.csv", "mimeType": "text/csv", "buffer": good})
    page.click("main form button.btn-primary")
    page.click("button[value=write]")

    assert page.url == ranking
    page.goto(f"{ranking}/compare")
    assert page.locator("main tbody tr").first.inner_text().startswith("LOM-5200")
    office.is_accessible()


def test_a_place_and_a_trial_of_a_scheme_are_explained_accessibly(office, page):
    ranking = office.first("/m/housing/rankings?f.state=final")
    office.open(f"{ranking}/places/1")
    office.is_accessible()
    office.say_why()
    assert "Stato di famiglia" in page.inner_text("main") or "not verified" in page.inner_text("main")
    office.is_accessible()

    scheme = office.first("/m/housing/schemes?q=demo")
    office.open(f"{scheme}/try")
    page.click("main form button.btn-primary")
    assert page.locator("main tbody tr").count() > 1
    office.is_accessible()


def test_a_scheme_is_written_row_by_row_with_buttons_alone(office, page):
    office.open("/m/housing/schemes/new")
    page.fill("[name=title]", "Schema SAS")
    page.fill("[name=key]", "sas")
    page.fill("#criteria-0-title", "Famiglia")
    page.fill("#criteria-0-cap", "40")
    page.fill("#criteria-0-0-title", "Minori")
    page.fill("#criteria-0-0-points", "5")
    page.click("button[value='criteria:add-group']")
    page.fill("#criteria-1-title", "Casa")
    page.fill("#criteria-1-cap", "molto")
    page.fill("#criteria-1-0-title", "Sfratto")
    page.fill("#criteria-1-0-points", "15")
    office.is_accessible()
    page.press("#criteria-1-0-title", "Enter")
    assert "molto" in page.inner_text("#errori")
    assert page.input_value("#criteria-0-0-title") == "Minori"

    page.fill("#criteria-1-cap", "40")
    page.click("button[value='criteria:up-group:1']")
    page.press("#criteria-0-0-title", "Enter")

    assert page.locator("main table tbody th").all_inner_texts() == ["Sfratto", "Minori"]


def test_a_datum_is_verified_from_the_applications_page(office, page):
    application = office.first("/m/housing/applications?f.state=ranked")
    office.open(application)
    office.say_why()
    page.locator("details:has(#document-5) summary").click()
    page.fill("#document-5", "Stato di famiglia 3/2026")
    page.locator("details:has(#document-5) button").click()

    assert page.url.endswith(application)
    assert "Stato di famiglia 3/2026" in page.inner_text("main")
    office.is_accessible()

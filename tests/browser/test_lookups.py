"""A lookup offers what it finds while one types in it, without leaving the page."""

from axe_playwright_python.sync_playwright import Axe

from core.resource.fields import LookupField
from core.testing.demo_network import HEAD_OF_TOWN
from tests.browser.conftest import sign_in
from tests.browser.test_pages import RULES


def test_a_person_is_typed_chosen_and_saved(served, page, monkeypatch):
    monkeypatch.setattr(LookupField, "FEW", 0)
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    page.set_viewport_size({"width": 320, "height": 800})
    sign_in(page, served, HEAD_OF_TOWN)
    page.goto(f"{served.address}/people/new")
    page.fill("[name=surname]", "Quarantini")
    page.fill("[name=name]", "Iolanda")
    page.fill("[name=birth_date]", "02/03/1971")
    page.select_option("[name=sex]", "F")
    page.select_option("[name=known_to_services]", "no")
    page.select_option("[name=no_codice_fiscale_reason]", index=1)
    page.fill("[name=residence_municipality\\.q]", "montichi")
    town = page.get_by_label("Found: Municipality of residence")
    town.select_option(label="Montichiari (BS)")
    assert Axe().run(page, options=RULES).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(lambda address: not address.endswith("/new"))
    assert "Montichiari" in page.locator("main").inner_text()

    page.goto(f"{served.address}/households/new")
    page.focus("#person")
    people = page.locator("#person-found")
    people.select_option(label="Quarantini Iolanda")
    assert people.locator("option").first.text_content() == "Choose among the latest"
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(lambda address: not address.endswith("/new"))
    assert "Quarantini" in page.locator("main").inner_text()
    assert complaints == []

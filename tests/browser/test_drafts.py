"""A browser that dies half way through a form has lost little, and its page stays when the service does not answer."""

from axe_playwright_python.sync_playwright import Axe

from core.testing.demo_network import HEAD_OF_TOWN
from tests.browser.conftest import sign_in
from tests.browser.test_pages import RULES


def test_what_is_typed_is_kept_while_typing_and_offered_after_the_browser_died(served, browser):
    context = browser.new_context(locale="it-IT")
    page = context.new_page()
    sign_in(page, served, HEAD_OF_TOWN)
    page.goto(f"{served.address}/people/new")
    page.fill("[name=surname]", "Bonometti")
    page.get_by_text("Draft kept at").wait_for(timeout=10_000)
    assert page.input_value("[name=surname]") == "Bonometti"
    context.close()

    context = browser.new_context(locale="it-IT")
    page = context.new_page()
    sign_in(page, served, HEAD_OF_TOWN)
    page.goto(f"{served.address}/people/new")
    assert Axe().run(page, options=RULES).response["violations"] == []
    page.get_by_role("link", name="Go on with it").click()
    assert page.input_value("[name=surname]") == "Bonometti"
    page.get_by_role("link", name="Cancel").click()
    page.goto(f"{served.address}/people/new")
    page.get_by_role("button", name="Throw it away").click()
    assert page.get_by_text("You have a draft of").count() == 0
    context.close()


def test_a_draft_that_cannot_be_kept_leaves_the_page_as_it_was(served, page):
    sign_in(page, served, HEAD_OF_TOWN)
    page.goto(f"{served.address}/people/new")
    page.context.clear_cookies()
    with page.expect_response("**/drafts", timeout=10_000) as told:
        page.fill("[name=surname]", "Bonometti")

    assert told.value.status == 400
    assert page.input_value("[name=surname]") == "Bonometti"

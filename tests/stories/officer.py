"""An officer at a browser: opens pages, fills in forms by the names of their fields, presses what is written."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.stories.conftest import PASSWORD, TownHall


class Officer:
    """Somebody signed in; `main` is the part of the page that is theirs to read."""

    def __init__(self, page: Page, hall: TownHall, mail: str) -> None:
        self.page, self.hall, self.mail = page, hall, mail
        page.set_default_timeout(8000)
        self.sign_in()

    def sign_in(self) -> None:
        """Sign in, again when the last visit is over."""
        self.page.context.clear_cookies()
        self.open("/sign-in")
        self.page.fill("#email", f"{self.mail}@example.org")
        self.page.fill("#password", PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(f"{self.hall.address}/")

    def open(self, path: str) -> None:
        self.page.goto(self.hall.address + path)

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    @property
    def title(self) -> str:
        return self.page.locator("h1").inner_text()

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.hall.address).partition("?")[0]

    def fill(self, **told: Any) -> "Officer":
        """Write each value where its field stands: lists are chosen from by a part of their words."""
        for name, value in told.items():
            self._write(name.replace("__", "."), value)
        return self

    def _write(self, name: str, value: Any) -> None:
        box = self.main.locator(f'[name="{name}"]:not([type=hidden]), [name="{name}.q"]').first
        if box.evaluate("one => one.tagName") == "SELECT":
            option = box.locator("option", has_text=re.compile(re.escape(str(value)))).first
            box.select_option(value=option.get_attribute("value"))
        elif isinstance(value, bool):
            box.set_checked(value)
        else:
            box.fill(str(value))

    def press(self, words: str) -> "Officer":
        """Press a button of the page by what is written on it."""
        self.main.get_by_role("button", name=words, exact=True).first.click()
        return self

    def save(self) -> "Officer":
        """Send the form and read that it was taken."""
        self.press("Salva")
        expect(self.page.locator("#errori")).to_have_count(0)
        return self

    def choose(self, words: str) -> "Officer":
        """Follow what can be done to a record: the main button, or a line of the menu."""
        link = self.main.locator(".g-head").get_by_role("link", name=words, exact=True)
        if not link.is_visible():
            self.main.locator(".g-head summary").click()
        link.click()
        return self

    def do(self, words: str, **told: Any) -> "Officer":
        """Do something to a record, with what its form asks."""
        self.choose(words).fill(**told).press(words)
        expect(self.page.locator(".alert-success")).to_be_visible()
        return self

    def refused(self) -> str:
        """What the page says is wrong."""
        return self.page.locator("#errori, .alert-danger, main").first.inner_text()

    def rows(self, caption: str) -> list[list[str]]:
        """The cells of a table, row by row, as they are read."""
        table = self.main.locator("table", has=self.page.locator("caption", has_text=caption)).first
        return [row.locator("th, td").all_inner_texts() for row in table.locator("tbody tr").all()]

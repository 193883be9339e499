"""The program served for real on this machine, with the demo network, to a real browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from waitress.server import create_server

from core.app import create_app
from core.config import read_settings
from core.testing.databases import SqliteFolder
from core.testing.demo_network import PASSWORD, make_demo, settings_of


class Served:
    """A running program: where it answers, and the app behind it."""

    def __init__(self, folder: SqliteFolder, var: Path) -> None:
        assets = read_settings().assets
        if assets.is_dir():
            shutil.copytree(assets, var / "assets")
        self.urls = folder.fresh(folder.template("demo", lambda made: make_demo(made, var)))
        self.app = create_app(settings_of(self.urls, var))
        self.server = create_server(self.app, host="127.0.0.1", port=0, threads=4)
        Thread(target=self.server.run, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.effective_port}"


@pytest.fixture(scope="module")
def served(sqlite_folder: SqliteFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    made = Served(sqlite_folder, tmp_path_factory.mktemp("var"))
    yield made
    made.server.close()
    made.app.extensions["database"].close()
    sqlite_folder.drop(made.urls)


def sign_in(page, served: Served, email: str) -> None:
    page.goto(f"{served.address}/sign-in")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{served.address}/")

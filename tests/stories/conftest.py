"""A town hall on its first day: the real server on a fresh database, its people, and a clock that the story turns."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
import time_machine
from waitress.server import create_server

from core.access.members import add_member
from core.access.models import Role, User
from core.access.tokens import issue_token
from core.access.users import register_user, set_password
from core.app import create_app
from core.config import Settings, read_settings
from core.database.migrate import upgrade
from core.database.scope import ROME, Scope
from core.database.session import Database
from core.jobs.worker import Lent, Worker
from core.modules import switching
from core.parameters import reference_values
from core.partners.models import PartnerKind
from core.partners.services import register_partner
from core.places.gazetteer import load_reference
from core.plugins.loading import load
from core.testing.databases import DatabaseUrls, Server

PASSWORD = "una frase lunga da ricordare"
TOWN = Scope(operator=True, actor="tests", reason="tests")
OFFICERS = {"luca.neri": "Luca Neri", "marta.zaniboni": "Marta Zaniboni"}


class TownHall:
    """The program served to the municipality of the story; `address` is where it answers."""

    def __init__(self, urls: DatabaseUrls, var: Path) -> None:
        assets = read_settings().assets
        if assets.is_dir():
            shutil.copytree(assets, var / "assets")
        self.app = create_app(settings_of(urls, var))
        self.database: Database = self.app.extensions["database"]
        self.server = create_server(self.app, host="127.0.0.1", port=0, threads=4)
        Thread(target=self.server.run, daemon=True).start()
        self.partner = self.database.run(TOWN, lambda session: register_partner(
            session, code="MONTICHIARI", name="Comune di Montichiari", kind=PartnerKind.MUNICIPALITY,
        ).id)  # fmt: skip
        self.people = {mail: self.database.run(self.scope, self._officer(mail)) for mail in OFFICERS}
        house = self.app.extensions["generazioni"]
        self.database.run(self.scope, lambda session: switching.turn_on(session, house, "housing"))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.effective_port}"

    @property
    def scope(self) -> Scope:
        return replace(TOWN, partner_id=self.partner)

    def _officer(self, mail: str) -> Callable[[Any], UUID]:
        def work(session: Any) -> UUID:
            user = register_user(session, email=f"{mail}@example.org", name=OFFICERS[mail])
            set_password(session, user, password=PASSWORD)
            add_member(session, email=user.email, name=user.name, roles=[Role.MUNICIPAL])
            return user.id

        return work

    def token(self, mail: str) -> str:
        """The text of an API token of one officer."""
        return self.database.run(
            self.scope,
            lambda session: issue_token(
                session, session.get_one(User, self.people[mail]), partner_id=self.partner, label="story", days=365
            )[1],
        )

    def do_jobs(self) -> None:
        """Let a worker do what waits; what it would make by itself at this hour is left out of the story."""
        worker = Worker(Lent(self.database, self.app.config["SETTINGS"], self.app.extensions["rights"]))
        worker._looked = float("inf")
        while worker.turn():
            pass

    def close(self) -> None:
        self.server.close()
        self.database.close()


def settings_of(urls: DatabaseUrls, var: Path) -> Settings:
    found = read_settings(
        {**os.environ, "GENERAZIONI_VAR": str(var), "GENERAZIONI_STRICT": "1", "GENERAZIONI_SECRET_KEY": "k" * 40}
    )
    return replace(found, database_url=urls.app, owner_database_url=urls.owner, operator_database_url=urls.operator)


def empty_house(urls: DatabaseUrls, var: Path) -> None:
    """Every table, the gazetteer and the values of the law: what `generazioni init` brings."""
    settings = settings_of(urls, var)
    upgrade(urls.owner, load(settings).lines())
    database = Database(settings)
    database.run(TOWN, load_reference)
    database.run(TOWN, reference_values.load_reference)
    database.close()


class Clock:
    """The calendar on the wall: the server and the test read the same one."""

    def __init__(self) -> None:
        self._travels: list[Any] = []

    def turn_to(self, written: str) -> None:
        """Go to a day and hour in Italy, written 2026-03-12 09:30; from there time goes on as always."""
        self.stop()
        when = datetime.strptime(written, "%Y-%m-%d %H:%M").replace(tzinfo=ROME)
        self._travels.append(time_machine.travel(when, tick=True))
        self._travels[-1].start()

    def stop(self) -> None:
        while self._travels:
            self._travels.pop().stop()


@pytest.fixture
def clock() -> Iterator[Clock]:
    made = Clock()
    made.turn_to("2026-03-02 09:00")
    yield made
    made.stop()


@pytest.fixture
def town_hall(server: Server, clock: Clock, tmp_path: Path) -> Iterator[TownHall]:
    urls = server.fresh(server.template("empty_house", lambda made: empty_house(made, tmp_path)))
    made = TownHall(urls, tmp_path)
    yield made
    made.close()
    server.drop(urls)

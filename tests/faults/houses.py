"""The whole program with a plugin made by the test, and somebody at its pages."""

import sys
from dataclasses import replace
from datetime import date

from core.access.members import add_member
from core.access.models import Role
from core.access.users import register_user, set_password
from core.app import create_app
from core.database import migrate
from core.database.scope import Scope
from core.modules import switching
from core.people.models import KnownToServices, NoCodiceFiscale, Sex
from core.people.services import register_person
from core.plugins.installation import Installation
from core.testing.demo_network import hidden

PASSWORD = "zattera melograno 7"


class House:
    """The program with one made plugin, and the browser of who heads a partner and administers the network."""

    def __init__(self, settings, folder, partner, key):
        self.key, self.url = key, f"/m/{key.replace('_', '-')}"
        self.settings, self.folder, self.scope = settings, folder, Scope(partner_id=partner, actor="tests")
        (folder / key / "templates").mkdir()
        for name, text in (("bad", "{% if %}"), ("good", "<p>good</p>")):
            (folder / key / "templates" / f"{name}.html").write_text(text)
        self._start()
        self.database.run(self.scope, self._head)
        self.person = self.database.run(self.scope, self._person)
        self._sign_in()

    def start_again(self):
        """The program once more, with the plugin's files as they are now."""
        self.database.close()
        sys.modules.pop(f"{self.key}.plugin", None)
        self._start()
        self._sign_in()

    def _start(self):
        self.app = create_app(replace(self.settings, plugin_folders=(self.folder,), secret_key="k" * 40))
        self.installation: Installation = self.app.extensions["generazioni"]
        self.database = self.app.extensions["database"]

    def _sign_in(self):
        self.client = self.app.test_client()
        token = hidden(self.client.get("/sign-in").text)["csrf_token"]
        told = {"email": "ada@example.org", "password": PASSWORD, "csrf_token": token}
        assert self.client.post("/sign-in", data=told).status_code == 303
        self.client.set_cookie("language", "en")

    @property
    def plugin(self):
        return self.installation.plugins[self.key]

    def install(self):
        assert self.plugin.works, self.plugin.traceback
        migrate.upgrade(self.settings.owner_database_url, [self.plugin.line])
        self.app.extensions["watch"].look(now=True)

    def switch_on(self):
        self.database.run(self.scope, lambda session: switching.turn_on(session, self.installation, self.key))

    def post(self, page, **told):
        """Send the form of a page, with what every form carries hidden."""
        return self.client.post(page, data={**hidden(self.client.get(page).text), **told})

    def token(self):
        return {"csrf_token": hidden(self.client.get("/me").text)["csrf_token"]}

    @property
    def model(self):
        return self.installation.collections[f"{self.key}.plots"].resource.model

    def _head(self, session):
        user = register_user(session, email="ada@example.org", name="Ada Blu")
        user.network_admin = True
        set_password(session, user, password=PASSWORD)
        add_member(session, email=user.email, name=user.name, roles=[Role.ORG_MANAGER])

    def _person(self, session):
        return register_person(
            session, surname="Bonometti", name="Chiara", sex=Sex.FEMALE, birth_date=date(1984, 7, 9),
            known_to_services=KnownToServices.NO, no_codice_fiscale_reason=NoCodiceFiscale.UNAVAILABLE,
        ).id  # fmt: skip

    def plot(self, code):
        def add(session):
            session.add(self.model(code=code))

        self.database.run(self.scope, add)

"""A plugin's whole life on a real server: from its wheel to its purge, with two processes that go on serving."""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from core.access.members import add_member
from core.access.models import Role
from core.access.users import register_user, set_password
from core.config import ROOT
from core.database.installed import ModuleAct
from core.database.scope import Scope
from core.database.session import Database
from core.plugins.lock import read_lock
from core.testing.demo_network import settings_of
from core.testing.serving import Browser, environment_of, serving
from core.testing.two_partners import make_tables, new_partner
from tests.gardens import make_wheel

TOWN, HEAD_OF_TOWN, HEAD_OF_COOPERATIVE = "MONTICHIARI", "town@example.org", "cooperative@example.org"
PASSWORD = "zattera melograno 7"
EVERYTHING = Scope(operator=True, actor="tests", reason="tests")
PLOTS, ENDPOINT = "/m/orchards/plots", "/api/v1/orchards/plots"
FOLLOWS_WITHIN = 5.0


@pytest.fixture(scope="module")
def settings(postgresql_cluster, tmp_path_factory):
    """A town and a cooperative with somebody at the head of each, and no module but the one that comes."""
    urls = postgresql_cluster.fresh(postgresql_cluster.template("migrated", make_tables))
    told = settings_of(urls, tmp_path_factory.mktemp("var"))
    alone = replace(told, skip_plugins=frozenset(file.parent.name for file in ROOT.glob("plugins/*/manifest.toml")))
    database = Database(alone)
    for code, email in ((TOWN, HEAD_OF_TOWN), ("ILPONTE", HEAD_OF_COOPERATIVE)):
        scope = Scope(partner_id=new_partner(database, code), actor="tests")
        database.run(scope, lambda session, email=email: make_head(session, email))
    database.close()
    yield alone
    postgresql_cluster.drop(urls)


def make_head(session, email):
    set_password(session, register_user(session, email=email, name=email), password=PASSWORD)
    add_member(session, email=email, name=email, roles=[Role.ORG_MANAGER])


def command(settings, *words):
    """`generazioni plugins …` as an administrator says it on the machine."""
    code = f"import sys; sys.argv[1:] = ['plugins', *{list(words)!r}]; from core.cli import main; main()"
    done = subprocess.run(  # noqa: S603  our own code
        [sys.executable, "-c", code],
        env=environment_of(settings),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def soon(ask: Callable[[], object]) -> None:
    """Wait until every process answers so; both are asked several times."""
    until = time.monotonic() + FOLLOWS_WITHIN
    while True:
        answers = [ask() for _time in range(6)]
        if all(answers):
            return
        assert time.monotonic() < until, answers


def status(browser: Browser, page: str) -> int:
    return browser.get(page).status


def codes(settings):
    database = Database(settings)
    with database.session(EVERYTHING, writes=False) as session:
        found = sorted(session.execute(text("select code from orchards_plot")).scalars())
    database.close()
    return found


@pytest.mark.postgresql
def test_a_plugin_comes_from_a_wheel_serves_one_partner_is_upgraded_and_purged(settings, tmp_path):
    command(settings, "add", str(make_wheel(tmp_path, 1, package="orchards")), "--yes")
    with serving(settings) as served:
        it_comes_to_one_partner(settings, *signed_in(served))
    command(settings, "add", str(make_wheel(tmp_path, 2, package="orchards")), "--yes")
    with serving(settings) as served:
        it_waits_for_its_upgrade(settings, *signed_in(served))
        it_goes(settings, signed_in(served)[0])
        assert served.process.poll() is None
    nothing_is_left(settings)


def signed_in(served):
    """The head of the town, who will run it, and the head of the cooperative, who will not."""
    return [served.browser().sign_in(email, PASSWORD) for email in (HEAD_OF_TOWN, HEAD_OF_COOPERATIVE)]


def it_comes_to_one_partner(settings, town, cooperative):
    # Its code is here and its tables are not: nobody sees anything.
    assert {status(browser, PLOTS) for browser in (town, cooperative)} == {404}
    assert "Orti" not in town.get("/modules").text

    command(settings, "install", "orchards")
    command(settings, "enable", "orchards", "--partner", TOWN)

    soon(lambda: status(town, PLOTS) == 200)
    assert town.send(f"{PLOTS}/new", {"code": "A1"}).status == 303
    assert "/m/orchards" in town.get("/").text
    assert status(cooperative, PLOTS) == 404
    assert "orchards" not in cooperative.get("/").text + cooperative.get("/roles").text


def it_waits_for_its_upgrade(settings, town, cooperative):
    late = town.get(PLOTS)
    assert (late.status, late.headers["Retry-After"]) == (503, "10")
    assert town.get(ENDPOINT).headers["Content-Type"] == "application/problem+json"
    assert (status(town, "/people"), status(cooperative, PLOTS)) == (200, 404)

    assert "orchards_0002" in command(settings, "upgrade", "orchards", "--only-try")
    assert status(town, PLOTS) == 503
    command(settings, "upgrade", "orchards")

    soon(lambda: status(town, PLOTS) == 200)
    assert codes(settings) == ["A1"]


def it_goes(settings, town):
    command(settings, "disable", "orchards", "--everywhere")
    soon(lambda: status(town, PLOTS) == 404)
    assert "orchards" not in town.get("/").text
    assert codes(settings) == ["A1"]

    assert "1 rows" in command(settings, "purge", "orchards", "--name", "orchards")

    assert {status(town, page) for page in ("/", "/people", "/documents", "/jobs")} == {200}
    assert status(town, PLOTS) == 404


def nothing_is_left(settings):
    assert len(list((settings.var / "purged").glob("orchards-*/tables.xlsx"))) == 1
    command(settings, "remove", "orchards", "--yes")
    database = Database(settings)
    with database.session(EVERYTHING, writes=False) as session:
        left = session.execute(text("select count(*) from pg_class where relname like '%orchards%'")).scalar_one()
        acts = [act.verb.value for act in session.scalars(select(ModuleAct).where(ModuleAct.key == "orchards"))]
    database.close()
    assert (left, sorted(acts)) == (0, ["install", "purge", "upgrade"])
    assert "orchards" not in command(settings, "list")


@pytest.mark.postgresql
def test_a_plugin_whose_files_were_changed_is_left_out_and_the_rest_serves(settings, tmp_path):
    command(settings, "add", str(make_wheel(tmp_path, package="vineyards")), "--yes")
    locked = next(one for one in read_lock(settings.plugin_home) if one.key == "vineyards")
    file = locked.folder(settings.plugin_home) / "vineyards" / "plugin.py"
    file.write_text(file.read_text().replace("Garden sheds", "Cellars"))

    with serving(settings, strict=False) as served:
        town = served.browser().sign_in(HEAD_OF_TOWN, PASSWORD)
        assert (status(town, "/people"), status(town, "/m/vineyards/plots")) == (200, 404)
        assert "plugin.py was changed" in served.written()

"""PostgreSQL goes away under the real server and comes back: it says so at once, and nothing is lost or halved."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import psycopg
import pytest
from sqlalchemy import func, select

from core.config import Settings, read_settings
from core.database.scope import Scope
from core.database.session import Database
from core.database.trail import Act, Change
from core.organisations.models import Organisation
from core.testing.databases import DatabaseUrls, PostgresqlCluster, new_folder
from core.testing.demo_network import HEAD_OF_TOWN, PASSWORD, make_demo, settings_of
from core.testing.serving import Answer, Browser, Served, serving
from tests.cutting import Line, line_to

pytestmark = pytest.mark.postgresql
SOON = 5.0  # seconds: the promise of both the refusal and the return
PAGES = ("/", "/people", "/people/new", "/m/housing/", "/status")
STYLESHEET = re.compile(r"/static/generazioni[\w.]*\.css")
ABROAD = ("Traceback", "psycopg", "sqlalchemy", "OperationalError", "SELECT", ".py")


@pytest.fixture(scope="module")
def urls(postgresql_cluster: PostgresqlCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DatabaseUrls]:
    template = postgresql_cluster.template("demo", lambda made: make_demo(made, tmp_path_factory.mktemp("var")))
    made = postgresql_cluster.fresh(template)
    yield made
    postgresql_cluster.drop(made)


@pytest.fixture(scope="module")
def database(urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A look of our own past the line that is cut."""
    opened = Database(settings_of(urls, tmp_path_factory.mktemp("var")))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def line(postgresql_cluster: PostgresqlCluster) -> Iterator[Line]:
    with line_to(postgresql_cluster.folder, new_folder()) as made:
        yield made


@pytest.fixture(scope="module")
def settings(urls: DatabaseUrls, line: Line, postgresql_cluster: PostgresqlCluster, tmp_path_factory) -> Settings:
    """The program reaches its database only through the line."""
    direct, through = f"host={postgresql_cluster.folder}", f"host={line.folder}"
    found = settings_of(urls, tmp_path_factory.mktemp("var"))
    found.assets.symlink_to(read_settings().assets)
    names = ("database_url", "owner_database_url", "operator_database_url")
    return replace(found, **{name: getattr(found, name).replace(direct, through) for name in names})


@pytest.fixture(scope="module")
def served(settings: Settings) -> Iterator[Served]:
    with serving(settings) as running:
        yield running


@pytest.fixture
def giulia(served: Served) -> Browser:
    return served.browser().sign_in(HEAD_OF_TOWN, PASSWORD)


def test_every_answer_says_at_once_to_come_back_soon(served: Served, giulia: Browser, line: Line) -> None:
    assert {giulia.get(page).status for page in PAGES} == {200}
    stranger = served.browser()
    line.cut()
    try:
        answers = {page: giulia.get(page) for page in PAGES}
        alive, ready = stranger.get("/healthz"), stranger.get("/readyz")
        looks = stranger.get(STYLESHEET.search(answers["/"].text)[0])
    finally:
        line.mend()

    for page, answer in answers.items():
        assert (answer.status, answer.headers["Retry-After"]) == (503, "10"), page
        assert answer.seconds <= SOON, page
        assert not [word for word in ABROAD if word in answer.text], page
        assert "<h1" in answer.text
    assert (alive.status, alive.text) == (200, "ok")
    assert ready.status == 503
    assert looks.status == 200


def test_the_api_says_it_as_a_problem(served: Served, giulia: Browser, line: Line) -> None:
    line.cut()
    try:
        answer = giulia.get("/api/v1/people")
    finally:
        line.mend()

    assert answer.status == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Retry-After"] == "10"


def test_what_was_typed_comes_back_and_is_sent_again(giulia: Browser, line: Line, database: Database) -> None:
    typed = {"name": 'Circolo "Le <Rane>"', "legal_type": "informal_group", "notes": "prima\nseconda"}
    sent = {**giulia.get("/organisations/new").hidden, **typed}
    line.cut()
    try:
        away = giulia.post("/organisations/new", sent)
        still_away = giulia.post("/organisations/new", away.hidden)
    finally:
        line.mend()
    done = _until_it_answers(lambda: giulia.post("/organisations/new", still_away.hidden))

    assert (away.status, still_away.status, done.status) == (503, 503, 303)
    assert 'action="/organisations/new"' in away.text
    assert away.hidden == still_away.hidden == sent
    found = _named(database, typed["name"])
    assert [row.notes for row in found] == ["prima\nseconda"]


def test_a_password_is_not_carried_by_the_page(served: Served, line: Line) -> None:
    stranger = served.browser()
    token = stranger.get("/sign-in").hidden["csrf_token"]
    line.cut()
    try:
        away = stranger.post("/sign-in", {"email": HEAD_OF_TOWN, "password": PASSWORD, "csrf_token": token})
    finally:
        line.mend()

    assert away.status == 503
    assert PASSWORD not in away.text


def test_it_answers_within_five_seconds_of_the_return(giulia: Browser, line: Line) -> None:
    line.cut()
    giulia.get("/people")
    line.mend()
    returned = time.monotonic()

    _until_it_answers(lambda: giulia.get("/people"))

    assert time.monotonic() - returned <= SOON


def test_under_load_nothing_is_half_written_nor_written_twice(served: Served, line: Line, database: Database) -> None:
    """Clerks go on sending through two cuts; who gets a 503 sends again what the page carries, until it is kept."""
    over, patterns = Event(), [f"Gruppo {clerk}-{{n}}" for clerk in range(4)]

    def work(clerk: Browser, pattern: str) -> tuple[list[str], list[Answer]]:
        kept, away = [], []
        while not over.is_set():
            page = _through(lambda: clerk.get("/organisations/new"), away)
            sent = {**page.hidden, "name": pattern.format(n=len(kept)), "legal_type": "informal_group"}
            answer = clerk.post("/organisations/new", sent)
            while answer.status == 503:
                away.append(answer)
                assert answer.hidden == sent
                time.sleep(0.05)
                answer = clerk.post("/organisations/new", answer.hidden)
            assert answer.status == 303, answer.text
            kept.append(sent["name"])
        return kept, away

    browsers = [served.browser().sign_in(HEAD_OF_TOWN, PASSWORD) for _clerk in patterns]
    with ThreadPoolExecutor(len(patterns)) as pool:
        clerks = [pool.submit(work, *one) for one in zip(browsers, patterns, strict=True)]
        for _time in range(2):
            time.sleep(1)
            line.cut()
            time.sleep(2)
            line.mend()
        time.sleep(2)
        over.set()
        done = [clerk.result() for clerk in clerks]

    kept = [name for names, _away in done for name in names]
    away = [answer for _names, answers in done for answer in answers]
    assert away
    assert {answer.headers["Retry-After"] for answer in away} == {"10"}
    assert max(answer.seconds for answer in away) <= SOON
    with database.session(Scope(operator=True, actor="tests", reason="tests"), writes=False) as session:
        rows = session.execute(
            select(Organisation.name, func.count(Change.id))
            .outerjoin(Change, (Change.entity_id == Organisation.id) & (Change.act == Act.CREATED))
            .where(Organisation.name.regexp_match(r"^Gruppo \d+-\d+$"))
            .group_by(Organisation.id)
        ).all()
    assert sorted(name for name, _lines in rows) == sorted(kept)
    assert {lines for _name, lines in rows} == {1}
    assert served.process.poll() is None
    assert served.written().count("Booting worker") == 2


def test_connections_that_the_server_ends_cost_nobody_a_page(
    giulia: Browser, urls: DatabaseUrls, postgresql_cluster: PostgresqlCluster
) -> None:
    """As when PostgreSQL is restarted between two requests."""
    giulia.get("/people")
    name = urls.owner.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(host=str(postgresql_cluster.folder), user="postgres", dbname="postgres") as connection:
        connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])

    assert [giulia.get("/people").status for _time in range(8)] == [200] * 8


def _named(database: Database, name: str) -> list[Organisation]:
    with database.session(Scope(operator=True, actor="tests", reason="tests"), writes=False) as session:
        return list(session.scalars(select(Organisation).where(Organisation.name == name)))


def _through(ask, away: list[Answer]) -> Answer:
    """Ask until the service is there, keeping the answers that said it was not."""
    while (answer := ask()).status == 503:
        away.append(answer)
        time.sleep(0.05)
    assert answer.status < 400, answer.text
    return answer


def _until_it_answers(ask) -> Answer:
    until = time.monotonic() + 2 * SOON
    while (answer := ask()).status == 503:
        assert time.monotonic() < until, "the service does not come back"
        time.sleep(0.1)
    return answer

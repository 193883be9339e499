"""The pages and endpoints of jobs: who sees which, what they say, and that an unknown job never breaks them."""

import re

import pytest
from sqlalchemy import select, update

from core.access.members import add_member
from core.access.models import Role, User
from core.access.tokens import issue_token
from core.access.users import set_password
from core.app import create_app
from core.database.field import now
from core.jobs import declaration
from core.jobs.declaration import JobKind
from core.jobs.models import Heartbeat, Job, JobLine, JobState, Origin
from core.language import _
from core.partners.services import switch_off, switch_on
from core.refusals import Refusal
from tests.desk import Desk

PASSWORD = "zattera melograno 7"


def idle(work):
    work.out_of(4)
    with work.step(4):
        work.say(_("Delivered."))
    work.link("/people")


def refuse(work):
    raise Refusal(_("There is no such job here."))


@pytest.fixture
def only_our_kinds():
    """The whole program declares its kinds here."""


@pytest.fixture
def desk(database, settings, partner):
    return Desk(database, settings, partner)


@pytest.fixture
def app(settings, database, monkeypatch):
    made = create_app(settings)
    kinds = [JobKind("core.idle", "Idle", idle, permission="core.members"), JobKind("core.refuse", "Refuse", refuse)]
    for kind in kinds:
        monkeypatch.setitem(declaration._declared, kind.key, declaration.Declared(kind, ""))
    care = JobKind("care.idle", "Care", idle)
    monkeypatch.setitem(declaration._declared, care.key, declaration.Declared(care, "care"))
    yield made
    made.extensions["database"].close()


@pytest.fixture
def client_of(app, desk):
    """A browser in which somebody with these roles is signed in."""

    def client(*roles, partner=None):
        there = desk.of(partner) if partner else desk
        email = f"{roles[0].value}.{str(there.partner)[-4:]}@quercia.example"

        def join(session):
            user = add_member(session, email=email, name="Maria Bertoli", roles=roles)
            set_password(session, user, password=PASSWORD)

        there.do(join)
        browser = app.test_client()
        sent = {**hidden(browser.get("/sign-in").text), "email": email, "password": PASSWORD}
        assert browser.post("/sign-in", data=sent).status_code == 303
        return browser

    return client


def hidden(page):
    inputs = [i for i in re.findall(r"<input[^>]*>", page) if "hidden" in i]
    return {re.search(r'name="([^"]+)"', i)[1]: re.search(r'value="([^"]*)"', i)[1] for i in inputs}


def kind(key):
    return declaration.kind_of(key)


def send(browser, address, verb):
    return browser.post(f"{address}/{verb}", data=hidden(browser.get(address).text))


def test_a_jobs_page_asks_for_itself_until_the_job_is_over(desk, client_of):
    head = client_of(Role.ORG_MANAGER)
    address = f"/jobs/{desk.start(kind('core.idle'))}"

    waiting = head.get(address).text
    desk.work()
    done = head.get(f"{address}/state").text

    assert 'hx-trigger="every 2s"' in waiting
    assert f'href="{address}"' in waiting  # without scripts, the button that asks again
    assert "every 2s" not in done
    assert '<progress max="4" value="4"' in done
    assert 'href="/people"' in done


def test_a_stopped_service_is_said_and_a_living_one_is_not(desk, client_of):
    head = client_of(Role.ORG_MANAGER)
    address = f"/jobs/{desk.start(kind('core.idle'))}"

    stopped = head.get(address).text, head.get("/jobs").text
    desk.do(lambda session: session.add(Heartbeat(name="one", seen_at=now())))
    alive = head.get(address).text, head.get("/jobs").text

    assert all("il servizio lavori è fermo" in page.lower() for page in stopped)
    assert not any("il servizio lavori è fermo" in page.lower() for page in alive)


def test_who_may_start_it_stops_it_and_tries_again(desk, client_of):
    head = client_of(Role.ORG_MANAGER)
    key = desk.start(kind("core.idle"))

    stopped = send(head, f"/jobs/{key}", "cancel")
    state = desk.job(key).state
    again = send(head, f"/jobs/{key}", "retry")

    assert (stopped.status_code, stopped.location, state) == (303, f"/jobs/{key}", JobState.CANCELLED)
    assert (again.status_code, desk.job(key).state) == (303, JobState.WAITING)


def test_who_may_only_look_is_offered_no_button_and_refused(desk, client_of):
    operator = client_of(Role.OPERATOR)
    key = desk.start(kind("core.idle"))
    page = operator.get(f"/jobs/{key}").text

    assert f"/jobs/{key}/cancel" not in page
    token = hidden(operator.get("/people/new").text)["csrf_token"]
    assert operator.post(f"/jobs/{key}/cancel", data={"csrf_token": token}).status_code == 403
    assert desk.job(key).state is JobState.WAITING


def test_who_has_no_right_to_jobs_does_not_open_them(desk, client_of):
    auditor = client_of(Role.AUDITOR)

    assert auditor.get("/jobs").status_code == 403
    assert auditor.get(f"/jobs/{desk.start(kind('core.idle'))}").status_code == 403


def test_another_partners_job_is_not_there(desk, client_of, neighbour):
    head = client_of(Role.ORG_MANAGER)
    theirs = desk.of(neighbour).start(kind("core.idle"), title="Somebody else's")

    assert head.get(f"/jobs/{theirs}").status_code == 404
    assert head.get(f"/api/v1/jobs/{theirs}").status_code == 404
    assert "Somebody else" not in head.get("/jobs").text


def test_the_list_is_narrowed_by_state_and_kind_and_goes_on_to_its_next_page(desk, client_of):
    head = client_of(Role.ORG_MANAGER)
    for number in range(3):
        desk.start(kind("core.idle"), title=f"Number {number}")
    desk.start(kind("core.refuse"))
    desk.work()

    dead = head.get("/jobs?state=dead").text
    first = head.get("/api/v1/jobs?kind=core.idle&size=2").json
    rest = head.get(f"/api/v1/jobs?kind=core.idle&size=2&after={first['next']}").json

    assert "Refuse" in dead
    assert "Number" not in dead
    assert [job["title"] for job in first["items"] + rest["items"]] == ["Number 2", "Number 1", "Number 0"]
    assert rest["next"] is None
    assert head.get("/jobs?state=nonsense&after=nonsense&size=nonsense").status_code == 200


def test_deliveries_are_seen_by_who_manages_jobs_alone(desk, client_of):
    key = desk.start(kind("core.idle"), title="Told after something")
    desk.do(lambda session: session.execute(update(Job).values(origin=Origin.EVENT)))

    assert client_of(Role.ORG_MANAGER).get(f"/jobs/{key}").status_code == 200
    operator = client_of(Role.OPERATOR)
    assert operator.get(f"/jobs/{key}").status_code == 404
    assert "Told after something" not in operator.get("/jobs").text


def test_jobs_of_a_module_that_is_off_leave_no_trace(desk, client_of):
    head = client_of(Role.ORG_MANAGER)
    desk.do(lambda session: switch_on(session, "care", known=["care"]))
    key = desk.start(kind("care.idle"), title="Care for it")
    on = head.get("/jobs").text

    desk.do(lambda session: switch_off(session, "care"))

    assert "Care for it" in on
    assert head.get(f"/jobs/{key}").status_code == 404
    assert "care" not in head.get("/jobs").text.lower().replace("care of", "")


def test_a_job_whose_code_is_gone_shows_its_own_text(desk, client_of, monkeypatch):
    head = client_of(Role.ORG_MANAGER)
    key = desk.start(kind("core.idle"), title="From another time")
    desk.work()
    monkeypatch.delitem(declaration._declared, "core.idle")

    page = head.get(f"/jobs/{key}")

    assert page.status_code == head.get(f"/api/v1/jobs/{key}").status_code == head.get("/jobs").status_code == 200
    assert "From another time" in page.text
    assert "non è installato" in page.text


def test_a_program_follows_a_job_and_stops_it(desk, app, client_of):
    client_of(Role.ORG_MANAGER)
    key = desk.start(kind("core.refuse"))
    user = desk.read(select(User))[0]
    told = {"partner_id": desk.partner, "label": "tests", "days": 1}
    token = desk.do(lambda session: issue_token(session, user, **told)[1])
    bearer = {"Authorization": f"Bearer {token}"}
    program = app.test_client()

    desk.work()
    dead = program.get(f"/api/v1/jobs/{key}", headers=bearer).json
    again = program.post(f"/api/v1/jobs/{key}/retry", headers=bearer)
    stopped = program.post(f"/api/v1/jobs/{key}/cancel", headers=bearer)
    over = program.post(f"/api/v1/jobs/{key}/cancel", headers=bearer)

    assert (dead["state"], dead["reason"]) == ("dead", "Questo lavoro non c’è.")
    assert dead["log"][0]["text"] == dead["reason"]
    assert (again.json["state"], stopped.json["state"]) == ("waiting", "cancelled")
    assert (over.status_code, over.content_type) == (422, "application/problem+json")


def test_names_in_a_log_are_escaped(desk, client_of):
    head = client_of(Role.ORG_MANAGER)
    key = desk.start(kind("core.idle"), title="<b>bold</b>")
    desk.do(lambda session: session.add(JobLine(job_id=key, text=_("%(name)s tries again.", name="<script>"))))

    page = head.get(f"/jobs/{key}").text

    assert "<b>bold" not in page
    assert "<script>" not in page.replace("<script src", "")


def test_strangers_are_asked_to_sign_in(app):
    assert app.test_client().get("/jobs").status_code == 303
    assert app.test_client().get("/api/v1/jobs").status_code == 401

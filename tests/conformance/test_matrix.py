"""Who may open what: every address, method, role and module as expectations/*.txt say, and nothing besides.

The views themselves are not run here: what is asked is who comes through the gate.
"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Response, g
from sqlalchemy import update

from core import requests
from core.access import asking, sessions, tokens
from core.access.members import add_member
from core.access.models import Role, SignIn, User
from core.access.secret import hash_of
from core.database.field import now
from core.database.scope import Scope
from core.testing.demo_network import IDLE
from core.web import errors
from tests.conformance import expectations

ROUTES, ROLES_OF = expectations.read()
PASSED, ELSEWHERE, REFUSED, MISSING = 204, 303, 403, 404
OWN = "MONTICHIARI"
STRANGER, PROGRAM = "stranger", "program"
LATE = (Role.ORG_MANAGER, Role.SYSADMIN)
WITHOUT_MODULES = (Role.ORG_MANAGER, Role.OPERATOR, Role.SYSADMIN)
SAMPLES = {"name": "x", "token": "x" * 43, "kind": "xlsx", "key": "housing", "state": "active"}


@pytest.fixture(scope="module")
def server(sqlite_folder: Any) -> Any:
    """One kind of database: the gate is the same on both."""
    return sqlite_folder


@pytest.fixture(scope="module")
def gates(app: Any, patch: pytest.MonkeyPatch) -> Any:
    """The app with its gate alone: who comes through is answered with nothing, refusals are not drawn."""
    answer = requests.Application._answer
    patch.setattr(
        requests.Application, "_answer", lambda self, view, run: answer(self, view, lambda: Response(status=PASSED))
    )
    patch.setattr(requests.Application, "_keep", lambda self, session, response: session.rollback())
    patch.setattr(requests.logs, "request_answered", lambda **_told: None)
    patch.setattr(errors, "_page", lambda status, happened: Response(status=status))
    patch.setitem(app.config, "WTF_CSRF_METHODS", set())
    return app


@pytest.fixture(scope="module")
def enter(gates: Any, partner_id: Callable[[str], Any]) -> Callable[..., str]:
    """The cookie of somebody who has one role at a partner, or whose visit is no longer fresh."""
    database = gates.extensions["database"]

    def visit(role: Role, code: str = OWN, *, minutes: int = 0) -> str:
        partner = partner_id(code)

        def begin(session: Any) -> str:
            email = f"{role}.{code}@matrix.example".lower()
            user = session.query(User).filter_by(email=email).one_or_none()
            if user is None and role is Role.SYSADMIN:
                user = User(email=email, name=role, network_admin=True)
                session.add(user)
            elif user is None:
                user = add_member(session, email=email, name=role, roles=[role])
            session.flush()
            opened, token = sessions.begin(session, user, partner_id=partner, at=now())
            opened.confirmed_at -= timedelta(minutes=minutes)
            return token

        return str(database.run(Scope(partner_id=partner, operator=True, reason="tests"), begin))

    return visit


@pytest.fixture(scope="module")
def bearer(gates: Any, partner_id: Callable[[str], Any]) -> str:
    """The token of a program of who heads an organisation."""
    partner = partner_id(OWN)

    def issue(session: Any) -> str:
        user = add_member(session, email="program@matrix.example", name="Program", roles=[Role.ORG_MANAGER])
        return tokens.issue_token(session, user, partner_id=partner, label="matrix")[1]

    return str(gates.extensions["database"].run(Scope(partner_id=partner), issue))


@pytest.fixture(scope="module")
def answers(gates: Any, enter: Callable[..., str], bearer: str) -> dict[Any, dict[tuple[str, str], int]]:
    """Visitor → (method, address) → what is answered: every route, asked by everybody in turn.

    Who somebody is and what they may is asked of the database at the door, once each; then each route is
    dispatched for each of them, from behind the door to the errors, in one context of the request for all.
    """
    told = {role: {"Cookie": f"sid={enter(role)}"} for role in Role}
    told |= {(role, "late"): {"Cookie": f"sid={enter(role, minutes=6)}"} for role in LATE}
    told |= {(role, "off"): {"Cookie": f"sid={enter(role, IDLE)}"} for role in WITHOUT_MODULES}
    told |= {STRANGER: {}, PROGRAM: {"Authorization": f"Bearer {bearer}"}}
    known = {name: known_at_the_door(gates, headers) for name, headers in told.items()}
    return asked_in_turn(gates, guarded(gates), known)


def known_at_the_door(app: Any, headers: dict[str, str]) -> tuple[Any, Scope]:
    """Who shows these headers, and their scope, as the database says."""
    with app.test_request_context("/", headers=headers):
        app.open_door()
        found = g.visitor, g.scope
        requests.close_door()
        return found


class Door:
    """The door of requests, held open for whoever asks now; one session is there for all, which only looks."""

    asks: tuple[Any, Scope]

    def __init__(self, session: Any) -> None:
        self.session = session

    def open(self) -> None:
        g.visitor, g.scope = self.asks
        g.session, g.viewing = self.session, None


def asked_in_turn(app: Any, routes: list[Any], known: dict[Any, Any]) -> dict[Any, dict[tuple[str, str], int]]:
    """What each route answers to each of those that are known."""
    rules, first = rules_of(app), app.before_request_funcs[None]
    found: dict[Any, dict[tuple[str, str], int]] = {name: {} for name in known}
    nobody = Scope(operator=True, actor="tests", reason="tests")
    with app.extensions["database"].session(nobody, writes=False) as session, pytest.MonkeyPatch.context() as patch:
        door = Door(session)
        patch.setitem(app.before_request_funcs, None, [door.open if one == app.open_door else one for one in first])
        patch.setattr(asking, "_page", lambda _form, status: Response(status=status))
        for one in routes:
            with app.test_request_context(path_of(rules[one.method, one.address]), method=one.method):
                for name, who in known.items():
                    door.asks = who
                    found[name][one.method, one.address] = answered(app)
    return found


def answered(app: Any) -> int:
    """The status of what the request at hand is answered; headers that every answer gets are not added."""
    try:
        response = app.preprocess_request()
        return int(app.make_response(app.dispatch_request() if response is None else response).status_code)
    except Exception as error:  # noqa: BLE001  as Flask does it
        return int(app.make_response(app.handle_user_exception(error)).status_code)


def rules_of(app: Any) -> dict[tuple[str, str], Any]:
    """(method, address) → the rule."""
    return {
        (method, rule.rule): rule
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - expectations.OF_HTTP
    }


def path_of(rule: Any) -> str:
    """An address of the rule, for something that does not exist."""
    values = {
        name: uuid.UUID(int=7) if type(converter).__name__ == "UUIDConverter" else sample(name, converter)
        for name, converter in rule._converters.items()
    }
    return str(rule.build(values, append_unknown=False)[1])


def sample(name: str, converter: Any) -> Any:
    """A part of an address that is no key."""
    kind = type(converter).__name__
    if kind == "AnyConverter":
        return next(iter(converter.items))
    return 1 if kind == "IntegerConverter" else SAMPLES.get(name, "x")


def differing(answers: dict[Any, int], expected: dict[Any, int]) -> dict[Any, tuple[int, int]]:
    """What was answered otherwise: (answered, expected)."""
    return {key: (answers[key], status) for key, status in expected.items() if answers[key] != status}


def asked(client: Any, app: Any, routes: list[Any]) -> dict[tuple[str, str], int]:
    """(method, address) → what each of these routes answers a browser."""
    rules = rules_of(app)
    return {
        (one.method, one.address): client.open(path_of(rules[one.method, one.address]), method=one.method).status_code
        for one in routes
    }


def guarded(app: Any) -> list[Any]:
    """The routes that pass by the gate; what is served without a session, it never sees."""
    rules = rules_of(app)
    return [
        one
        for one in ROUTES
        if not getattr(app.view_functions[rules[one.method, one.address].endpoint], "stands_alone", False)
    ]


def test_every_address_stands_in_the_table_and_nothing_else_does(app):
    there = expectations.lines_of(app)
    written = {
        ("core" if file.stem == "core" else file.stem): file.read_text().splitlines()
        for file in expectations.FOLDER.glob("*.txt")
    }

    assert there == written, "read what changed, then: python tests/conformance/expectations.py"


def test_only_a_few_addresses_are_open_to_everybody():
    public = {one.address for one in ROUTES if one.needs == "public"}

    assert public == {
        "/accessibility", "/agenda/<token>.ics", "/drafts", "/healthz", "/language", "/password/forgotten",
        "/password/reset/<token>", "/privacy", "/readyz", "/sign-in", "/sign-in/code", "/sign-in/openid",
        "/sign-in/openid/back", "/sign-in/set-up", "/sign-out",
        "/static/<path:name>", "/status",
    }  # fmt: skip


@pytest.mark.parametrize("role", list(Role))
def test_each_role_comes_through_where_the_table_says_and_nowhere_else(gates, answers, role):
    expected = {
        (one.method, one.address): PASSED
        if one.needs in {"public", "signed-in"} or role.value in ROLES_OF[one.needs]
        else REFUSED
        for one in guarded(gates)
    }

    assert differing(answers[role], expected) == {}


def test_strangers_come_through_the_public_addresses_alone(gates, answers):
    def expected(one: Any) -> int:
        if one.needs == "public":
            return PASSED
        return 401 if one.address.startswith("/api/") else ELSEWHERE

    wanted = {(one.method, one.address): expected(one) for one in guarded(gates)}
    assert differing(answers[STRANGER], wanted) == {}


@pytest.mark.parametrize("role", LATE)
def test_what_is_dangerous_asks_again_after_five_minutes(gates, answers, role):
    """Addresses that only show a form stay open; those that do something answer with the question."""
    routes = [one for one in guarded(gates) if one.fresh and role.value in ROLES_OF.get(one.needs, {role.value})]
    only_looking = {one.address for one in routes if one.method == "POST"}

    assert routes
    for one in routes:
        wanted = REFUSED if one.method != "GET" else PASSED if one.address in only_looking else ELSEWHERE
        assert answers[role, "late"][one.method, one.address] == wanted, (one.method, one.address)


def test_a_token_does_what_its_user_may_but_nothing_of_accounts_and_nothing_dangerous(gates, answers):
    rules = rules_of(gates)

    def expected(one: Any) -> int:
        if rules[one.method, one.address].endpoint.startswith("access."):
            return REFUSED
        if one.needs not in {"public", "signed-in"} and Role.ORG_MANAGER.value not in ROLES_OF[one.needs]:
            return REFUSED
        # A form may be looked at; what it does is refused.
        looks = one.method == "GET" and "POST" in (rules[one.method, one.address].methods or ())
        return REFUSED if one.fresh and not looks else PASSED

    assert differing(answers[PROGRAM], {(one.method, one.address): expected(one) for one in guarded(gates)}) == {}


@pytest.mark.parametrize("role", WITHOUT_MODULES)
def test_where_a_module_is_off_none_of_its_addresses_exists(gates, answers, role):
    routes = [one for one in guarded(gates) if one.module and one.needs != "public"]

    assert {answers[role, "off"][one.method, one.address] for one in routes} == {MISSING}


@pytest.fixture
def visitor(gates: Any, enter: Callable[..., str]) -> Callable[[Role], Any]:
    """A browser of somebody who has one role."""

    def signed_in(role: Role) -> Any:
        client = gates.test_client()
        client.set_cookie("sid", enter(role))
        return client

    return signed_in


def test_a_visit_that_is_over_or_owes_a_code_is_a_strangers(gates, visitor):
    routes = [one for one in guarded(gates) if one.needs == "signed-in" and not one.address.startswith("/api/")]
    over, owing = visitor(Role.AUDITOR), visitor(Role.AUDITOR)
    database = gates.extensions["database"]
    for client, change in ((over, {"ended_at": now()}), (owing, {"pending": True})):
        kept = hash_of(client.get_cookie("sid").value)
        statement = update(SignIn).where(SignIn.token_hash == kept).values(**change)
        database.run(Scope(operator=True, reason="tests"), lambda session, s=statement: session.execute(s))

    assert set(asked(over, gates, routes).values()) == {ELSEWHERE}
    assert set(asked(owing, gates, routes).values()) == {ELSEWHERE}


def test_no_form_is_taken_without_its_token_against_forgery(gates, enter):
    gates.config["WTF_CSRF_METHODS"] = {"POST", "PATCH", "DELETE"}
    try:
        routes = [one for one in guarded(gates) if one.method != "GET"]
        known = known_at_the_door(gates, {"Cookie": f"sid={enter(Role.SYSADMIN)}"})
        answered = asked_in_turn(gates, routes, {Role.SYSADMIN: known})[Role.SYSADMIN]
    finally:
        gates.config["WTF_CSRF_METHODS"] = set()

    assert {route for route, status in answered.items() if status != 400} == set()


def test_a_browser_is_answered_as_the_table_says(gates, visitor, answers):
    """The whole way, from the cookie on: a sample of the routes, so that the rest may be asked at the gate."""
    routes = guarded(gates)[::20]

    assert differing(asked(visitor(Role.OPERATOR), gates, routes), {
        pair: answers[Role.OPERATOR][pair] for pair in ((one.method, one.address) for one in routes)
    }) == {}  # fmt: skip

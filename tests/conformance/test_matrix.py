"""Who may open what: every address, method, role and module as expectations/*.txt say, and nothing besides.

The views themselves are not run here: what is asked is who comes through the gate.
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Response
from sqlalchemy import update

from core import requests
from core.access import gate, sessions, tokens
from core.access.members import add_member
from core.access.models import Role, SignIn, User
from core.access.secret import hash_of
from core.database.field import now
from core.database.scope import Scope
from core.testing.demo_network import IDLE
from core.web import errors, logs
from tests.conformance import expectations

ROUTES, ROLES_OF = expectations.read()
PASSED, ELSEWHERE, REFUSED, MISSING = 204, 303, 403, 404
OWN = "MONTICHIARI"
SAMPLES = {"name": "x", "token": "x" * 43, "kind": "xlsx", "key": "housing", "state": "active"}


@pytest.fixture(scope="module")
def server(sqlite_folder: Any) -> Any:
    """One kind of database: the gate is the same on both."""
    return sqlite_folder


@pytest.fixture(scope="module")
def gates(app: Any) -> Iterator[Any]:
    """The app with its gate alone: who comes through is answered with nothing, refusals are not drawn.

    Who somebody is and what they may is asked of the database at their first request, and not again for
    each of the thousand others.
    """
    patch = pytest.MonkeyPatch()
    answer = requests.Application._answer
    patch.setattr(
        requests.Application, "_answer", lambda self, view, run: answer(self, view, lambda: Response(status=PASSED))
    )
    patch.setattr(requests.Application, "_keep", lambda self, session, response: session.rollback())
    patch.setattr(
        gate, "identify", once_for_each(gate.identify, lambda *_given: gate.credentials(app.config["SETTINGS"]))
    )
    patch.setattr(gate, "fill", once_for_each(gate.fill, lambda _session, visitor, *_given: visitor))
    patch.setattr(logs.log, "info", lambda *_told, **_more: None)
    patch.setattr(errors, "_page", lambda status, happened: Response(status=status))
    patch.setitem(app.config, "WTF_CSRF_METHODS", set())
    yield app
    patch.undo()


def once_for_each(ask: Callable[..., Any], key: Callable[..., Any]) -> Callable[..., Any]:
    """The question, put once for each key."""
    known: dict[Any, Any] = {}

    def answer(*given: Any) -> Any:
        found = key(*given)
        if found not in known:
            known[found] = ask(*given)
        return known[found]

    return answer


@pytest.fixture(scope="module")
def enter(gates: Any, partner_id: Callable[[str], Any]) -> Callable[..., Any]:
    """A browser of somebody who has one role at a partner, or whose visit is no longer fresh."""
    database = gates.extensions["database"]

    def visit(role: Role, code: str = OWN, *, minutes: int = 0) -> Any:
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

        client = gates.test_client()
        client.set_cookie("sid", database.run(Scope(partner_id=partner, operator=True, reason="tests"), begin))
        return client

    return visit


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
        name: uuid.UUID(int=7) if type(converter).__name__ == "UUIDConverter" else _sample(name, converter)
        for name, converter in rule._converters.items()
    }
    return str(rule.build(values, append_unknown=False)[1])


def _sample(name: str, converter: Any) -> Any:
    kind = type(converter).__name__
    if kind == "AnyConverter":
        return next(iter(converter.items))
    return 1 if kind == "IntegerConverter" else SAMPLES.get(name, "x")


def differing(answers: dict[Any, int], expected: dict[Any, int]) -> dict[Any, tuple[int, int]]:
    """What was answered otherwise: (answered, expected)."""
    return {key: (answers[key], status) for key, status in expected.items() if answers[key] != status}


def asked(client: Any, app: Any, routes: list[Any], **headers: str) -> dict[tuple[str, str], int]:
    """(method, address) → what each of these routes answers."""
    rules = rules_of(app)
    return {
        (one.method, one.address): client.open(
            path_of(rules[one.method, one.address]), method=one.method, headers=headers
        ).status_code
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
        "/password/reset/<token>", "/privacy", "/readyz", "/sign-in", "/sign-in/code", "/sign-in/set-up", "/sign-out",
        "/static/<path:name>", "/status",
    }  # fmt: skip


@pytest.mark.parametrize("role", list(Role))
def test_each_role_comes_through_where_the_table_says_and_nowhere_else(gates, enter, role):
    routes = guarded(gates)
    expected = {
        (one.method, one.address): PASSED
        if one.needs in {"public", "signed-in"} or role.value in ROLES_OF[one.needs]
        else REFUSED
        for one in routes
    }

    assert differing(asked(enter(role), gates, routes), expected) == {}


def test_strangers_come_through_the_public_addresses_alone(gates):
    def expected(one: Any) -> int:
        if one.needs == "public":
            return PASSED
        return 401 if one.address.startswith("/api/") else ELSEWHERE

    routes = guarded(gates)
    wanted = {(one.method, one.address): expected(one) for one in routes}
    assert differing(asked(gates.test_client(), gates, routes), wanted) == {}


@pytest.mark.parametrize("role", [Role.ORG_MANAGER, Role.SYSADMIN])
def test_what_is_dangerous_asks_again_after_five_minutes(gates, enter, role):
    """Addresses that only show a form stay open; those that do something answer with the question."""
    routes = [one for one in guarded(gates) if one.fresh and role.value in ROLES_OF.get(one.needs, {role.value})]
    only_looking = {one.address for one in routes if one.method == "POST"}
    answers = asked(enter(role, minutes=6), gates, routes)

    assert routes
    for (method, address), status in answers.items():
        wanted = REFUSED if method != "GET" else PASSED if address in only_looking else ELSEWHERE
        assert status == wanted, (method, address)


def test_a_token_does_what_its_user_may_but_nothing_of_accounts_and_nothing_dangerous(gates, partner_id):
    database, partner = gates.extensions["database"], partner_id(OWN)

    def issue(session: Any) -> str:
        user = add_member(session, email="program@matrix.example", name="Program", roles=[Role.ORG_MANAGER])
        return tokens.issue_token(session, user, partner_id=partner, label="matrix")[1]

    token = database.run(Scope(partner_id=partner), issue)
    rules, routes = rules_of(gates), guarded(gates)

    def expected(one: Any) -> int:
        if rules[one.method, one.address].endpoint.startswith("access."):
            return REFUSED
        if one.needs not in {"public", "signed-in"} and Role.ORG_MANAGER.value not in ROLES_OF[one.needs]:
            return REFUSED
        return REFUSED if one.fresh else PASSED

    answers = asked(gates.test_client(), gates, routes, Authorization=f"Bearer {token}")
    assert differing(answers, {(one.method, one.address): expected(one) for one in routes}) == {}


@pytest.mark.parametrize("role", [Role.ORG_MANAGER, Role.OPERATOR, Role.SYSADMIN])
def test_where_a_module_is_off_none_of_its_addresses_exists(gates, enter, role):
    routes = [one for one in guarded(gates) if one.module and one.needs != "public"]

    assert set(asked(enter(role, IDLE), gates, routes).values()) == {MISSING}


def test_a_visit_that_is_over_or_owes_a_code_is_a_strangers(gates, enter):
    routes = [one for one in guarded(gates) if one.needs == "signed-in" and not one.address.startswith("/api/")]
    over, owing = enter(Role.AUDITOR), enter(Role.AUDITOR)
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
        answers = asked(enter(Role.SYSADMIN), gates, routes)
    finally:
        gates.config["WTF_CSRF_METHODS"] = set()

    assert {address for address, status in answers.items() if status != 400} == set()

"""The gate: who makes the request, what they may open, and where strangers are sent."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event, select, update
from werkzeug.exceptions import Unauthorized

from core.access import gate, members, sessions, tokens
from core.access.models import ApiToken, Membership, Role, RolePermission, SignIn, User
from core.access.permissions import public, requires, signed_in
from core.access.returning import safe_next
from core.access.roles import Rights
from core.access.sign_in import sign_in
from core.config import Settings
from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.partners.models import Partner
from core.partners.services import switch_off, switch_on
from core.refusals import Forbidden

from .conftest import NOON, PASSWORD, Join

MINUTE = timedelta(minutes=1)
DECLARED = {"people.see": "", "housing.dwellings.see": "housing", "core.members": ""}
PRESETS = {"operator": ["people.*", "housing.*"], "org_manager": ["core.members"], "sysadmin": ["core.*"]}
RIGHTS = Rights(PRESETS, (), DECLARED, {})


@pytest.fixture
def app() -> Flask:
    return Flask(__name__)


@pytest.fixture
def cookie(database: Database, maria: UUID) -> str:
    def work(session: ScopedSession) -> str:
        return sign_in(session, email="maria@ponte.example", password=PASSWORD, address="192.0.2.7", at=NOON)[1]

    return database.run(Scope(), work)


@pytest.fixture
def bearer(database: Database, maria: UUID, partner: UUID) -> str:
    def work(session: ScopedSession) -> str:
        user = session.get_one(User, maria)
        return tokens.issue_token(session, user, partner_id=partner, label="accounts", days=30, at=NOON)[1]

    return database.run(Scope(partner_id=partner), work)


class Door:
    """Asks the gate who shows a cookie or a token."""

    def __init__(self, app: Flask, database: Database, settings: Settings) -> None:
        self.app, self.database, self.settings = app, database, settings

    def __call__(self, cookie: str = "", bearer: str = "", *, at: datetime = NOON) -> gate.Visitor | None:
        headers = {"Cookie": f"{gate.cookie_name(self.settings)}={cookie}"} if cookie else {}
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        with self.app.test_request_context("/", headers=headers):
            return gate.identify(self.database, self.settings, at=at)


@pytest.fixture
def door(app: Flask, database: Database, settings: Settings) -> Door:
    return Door(app, database, settings)


@pytest.fixture
def queries(database: Database) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        if statement.startswith("SELECT") and "set_config" not in statement:
            asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(database.engine, "before_cursor_execute", note)


def change(database: Database, statement: Any) -> None:
    database.run(Scope(operator=True), lambda session: session.execute(statement))


def test_a_cookie_tells_who_it_is(door: Door, cookie: str, maria: UUID, partner: UUID, queries: list[str]) -> None:
    visitor = door(cookie)

    assert visitor is not None
    assert (visitor.user_id, visitor.partner_id, visitor.partner_name) == (maria, partner, "Ponte")
    assert visitor.roles == {"operator"}
    assert visitor.partners == ((partner, "Ponte"),)
    assert not visitor.token
    assert len(queries) <= 2


def test_a_stranger_costs_no_query(door: Door, queries: list[str]) -> None:
    assert door() is None
    assert queries == []


@pytest.mark.parametrize("text", ["x", "' or 1=1 --", "a" * 5000])
def test_an_invented_cookie_is_a_strangers(door: Door, cookie: str, text: str) -> None:
    assert door(text) is None
    assert door(bearer=text) is None


def test_half_an_hour_without_a_page_ends_the_visit(door: Door, cookie: str) -> None:
    assert door(cookie, at=NOON + 29 * MINUTE) is not None
    assert door(cookie, at=NOON + 58 * MINUTE) is not None
    assert door(cookie, at=NOON + 88 * MINUTE) is None


def test_twelve_hours_end_the_visit_however_busy(door: Door, cookie: str) -> None:
    at = NOON
    while at < NOON + 12 * 60 * MINUTE:
        assert door(cookie, at=at) is not None
        at += 20 * MINUTE

    assert door(cookie, at=NOON + 12 * 60 * MINUTE) is None


def test_the_last_seen_is_written_once_a_minute(door: Door, cookie: str, database: Database) -> None:
    door(cookie, at=NOON + timedelta(seconds=59))
    before = database.run(Scope(), lambda session: session.scalars(select(SignIn.seen_at)).one())
    door(cookie, at=NOON + MINUTE)
    after = database.run(Scope(), lambda session: session.scalars(select(SignIn.seen_at)).one())

    assert (before, after) == (NOON, NOON + MINUTE)


def test_after_signing_out_the_cookie_is_worthless(door: Door, cookie: str, database: Database) -> None:
    database.run(Scope(), lambda session: sessions.sign_out(session, cookie, at=NOON))

    assert door(cookie) is None


def test_after_changing_partner_the_old_cookie_is_worthless(
    door: Door, cookie: str, database: Database, join: Join, neighbour: UUID
) -> None:
    join(neighbour, "maria@ponte.example", Role.AUDITOR)
    visit = door(cookie).sign_in_id  # type: ignore[union-attr]

    new = database.run(Scope(), lambda session: sessions.change_partner(session, visit, neighbour))  # type: ignore[arg-type]

    assert door(cookie) is None
    assert door(new).roles == {"auditor"}  # type: ignore[union-attr]


def test_a_closed_account_is_out_at_once(door: Door, cookie: str, bearer: str, database: Database) -> None:
    change(database, update(User).values(active=False))

    assert door(cookie) is None
    assert door(bearer=bearer) is None


def test_a_partner_that_no_longer_works_here_lets_nobody_in(door: Door, cookie: str, database: Database) -> None:
    change(database, update(Partner).values(active=False))

    assert door(cookie) is None


def test_who_lost_the_last_role_is_out_at_once(
    door: Door, cookie: str, bearer: str, database: Database, maria: UUID
) -> None:
    change(database, Membership.__table__.delete())  # type: ignore[attr-defined]

    assert door(cookie) is None
    assert door(bearer=bearer) is None


def test_removing_a_member_ends_visit_and_tokens(
    door: Door, cookie: str, bearer: str, database: Database, maria: UUID, partner: UUID
) -> None:
    database.run(Scope(partner_id=partner), lambda session: members.remove_member(session, maria))

    assert door(cookie) is None
    assert door(bearer=bearer) is None


def test_a_bearer_acts_as_its_user_in_its_partner(door: Door, bearer: str, maria: UUID, partner: UUID) -> None:
    visitor = door(bearer=bearer)

    assert visitor is not None
    assert (visitor.user_id, visitor.partner_id, visitor.token, visitor.sign_in_id) == (maria, partner, True, None)


def test_a_wrong_bearer_is_not_saved_by_a_good_cookie(door: Door, cookie: str) -> None:
    assert door(cookie, bearer="wrong") is None


def test_a_token_ends_on_its_day(door: Door, bearer: str) -> None:
    assert door(bearer=bearer, at=NOON + timedelta(days=30) - MINUTE) is not None
    assert door(bearer=bearer, at=NOON + timedelta(days=30)) is None


def test_a_revoked_token_is_worthless(door: Door, bearer: str, database: Database, maria: UUID, partner: UUID) -> None:
    key = database.run(Scope(), lambda session: session.scalars(select(ApiToken.id)).one())

    database.run(Scope(partner_id=partner), lambda session: tokens.revoke_token(session, maria, key))

    assert door(bearer=bearer) is None


def test_the_use_of_a_token_is_noted(door: Door, bearer: str, database: Database) -> None:
    door(bearer=bearer, at=NOON + MINUTE)

    assert database.run(Scope(), lambda session: session.scalars(select(ApiToken.used_at)).one()) == NOON + MINUTE


def test_the_cookie_is_bound_to_host_and_https_when_there_is_https(settings: Settings) -> None:
    assert gate.cookie_name(settings) == "sid"
    assert gate.cookie_name(replace(settings, public_url="https://rete.example")) == "__Host-sid"


def test_permissions_are_those_of_the_core_and_of_modules_that_are_on(
    door: Door, cookie: str, database: Database, partner: UUID, queries: list[str]
) -> None:
    visitor = door(cookie)
    with database.session(gate.scope_for(visitor)) as session:
        before = gate.fill(session, visitor, RIGHTS)
        switch_on(session, "housing", known={"housing"})
        queries.clear()
        after = gate.fill(session, visitor, RIGHTS)
        asked = len(queries)
        switch_off(session, "housing")
        off = gate.fill(session, visitor, RIGHTS)

    assert before.permissions == off.permissions == {"people.see"}
    assert after.permissions == {"people.see", "housing.dwellings.see"}
    assert (before.modules, after.modules) == (frozenset(), {"housing"})
    assert asked == 1


def test_strangers_may_nothing(database: Database) -> None:
    with database.session(gate.scope_for(None)) as session:
        assert gate.fill(session, None, RIGHTS).permissions == frozenset()


def test_a_partners_deviations_hold_for_it_alone(
    door: Door, cookie: str, database: Database, join: Join, neighbour: UUID
) -> None:
    join(neighbour, "maria@ponte.example")
    denied = RolePermission(role=Role.OPERATOR, permission="people.see", allowed=False)
    database.run(Scope(partner_id=neighbour), lambda session: session.add(denied))
    here = door(cookie)
    there = replace(here, partner_id=neighbour)  # type: ignore[type-var]

    def filled(visitor: Any) -> frozenset[str]:
        with database.session(gate.scope_for(visitor)) as session:
            return gate.fill(session, visitor, RIGHTS).permissions

    assert filled(here) == {"people.see"}
    assert filled(there) == frozenset()


def seen(roles: set[str]) -> gate.Visitor:
    return gate.Visitor(
        UUID(int=1), "Maria", "m@ponte.example", "it", UUID(int=2), "Ponte", frozenset(roles), (), UUID(int=3),
        token=False, network_admin=False,
    )  # fmt: skip


@requires("people.see")
def people() -> str:
    return "people"


@signed_in
def home() -> str:
    return "home"


@public
def about() -> str:
    return "about"


def unmarked() -> str:
    return "unmarked"


def test_a_public_view_is_open_to_strangers(app: Flask) -> None:
    assert gate.check(about, Scope(), None) is None


def test_a_stranger_is_sent_to_sign_in_and_back(app: Flask) -> None:
    with app.test_request_context("/people?q=rossi&sort=name"):
        answer = gate.check(people, Scope(), None)

    assert answer is not None
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/people%3Fq%3Drossi%26sort%3Dname")


def test_who_sent_a_form_too_late_comes_back_to_the_forms_page(app: Flask) -> None:
    with app.test_request_context("/people/1/remove", method="POST", headers={"Referer": "http://localhost/people/1"}):
        answer = gate.check(people, Scope(), None)

    assert answer is not None
    assert answer.location == "/sign-in?next=/people/1"


def test_another_sites_form_leads_home(app: Flask) -> None:
    with app.test_request_context("/people", method="POST", headers={"Referer": "http://evil.example/people/1"}):
        answer = gate.check(people, Scope(), None)

    assert answer is not None
    assert answer.location == "/sign-in?next=/"


def test_a_part_of_a_page_moves_the_whole_page_to_sign_in(app: Flask) -> None:
    headers = {"HX-Request": "true", "Referer": "http://localhost/people"}
    with app.test_request_context("/people/rows", headers=headers):
        answer = gate.check(people, Scope(), None)

    assert answer is not None
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in?next=/people")


def test_a_program_without_a_token_is_told_to_send_one(app: Flask) -> None:
    with app.test_request_context("/api/v1/people"), pytest.raises(Unauthorized) as refused:
        gate.check(people, Scope(), None)

    assert ("WWW-Authenticate", "Bearer") in refused.value.get_headers()


def test_a_permission_opens_its_views_alone() -> None:
    visitor = seen({"operator"})

    assert gate.check(people, Scope(permissions=frozenset({"people.see"})), visitor) is None
    assert gate.check(home, Scope(), visitor) is None
    with pytest.raises(Forbidden):
        gate.check(people, Scope(permissions=frozenset({"people.add"})), visitor)


def test_a_view_without_a_mark_is_found_at_start_and_never_served(app: Flask) -> None:
    app.add_url_rule("/about", "about", about)
    app.add_url_rule("/unmarked", "unmarked", unmarked)

    assert gate.unmarked(app) == ["unmarked"]
    with pytest.raises(RuntimeError, match="unmarked"):
        gate.check(unmarked, Scope(operator=True), seen({"operator"}))


@pytest.mark.parametrize("text", [
    "/", "/people", "/people?q=rossi&sort=-name", "/m/housing/dwellings/0198", "/a/b#c", "/people?q=rossi%20mario",
    "/people?at=10:30", "/people?q=maria@ponte.example", "/people?filter[state]=a%2Fb",
])  # fmt: skip
def test_addresses_within_the_site_are_kept(text: str) -> None:
    assert safe_next(text) == text


@pytest.mark.parametrize("text", [
    None, "", " ", "people", "//evil.example", "///evil.example", "////evil.example", "/\\evil.example",
    "\\\\evil.example", "/\\/evil.example", "\\/evil.example", "https://evil.example", "http:evil.example",
    "https:/evil.example", "HTTPS://evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x",
    "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "\t//evil.example", " //evil.example",
    "\x00//evil.example", "/\x00/evil.example", "/%2f/evil.example", "/%2F%2Fevil.example", "/%5cevil.example",
    "/%09/evil.example", "/%0d%0aLocation:%20https://evil.example", "/..//evil.example", "/../evil", "/a//evil.example",
    "/\u2215evil.example", "/\uff0f/evil.example", "/\u2028/evil.example", "/@evil.example", "//evil.example@localhost",
    "/people\r\nSet-Cookie: sid=1", "?next=//evil.example", "#//evil.example", ".evil.example", "@evil.example",
    "/%252f/evil.example", "//[::1]", "/\u200b/evil.example", "mailto:x@evil.example", "/ /evil.example",
])  # fmt: skip
def test_addresses_that_could_lead_elsewhere_lead_home(text: str | None) -> None:
    assert safe_next(text) == "/"

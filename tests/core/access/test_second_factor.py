"""A second factor: codes of an app, each once, and recovery codes; nobody comes in by the password alone."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from threading import Barrier, Thread
from uuid import UUID

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from core.access import gate, resets, second_factor, sessions
from core.access.models import RecoveryCode, Role, SecondFactor, SignIn, User
from core.access.sign_in import sign_in as come_in
from core.config import Settings
from core.database.field import now
from core.database.scope import Scope, ScopedSession
from core.database.sealing import unseal
from core.database.session import Database
from core.refusals import Refusal, TooOften

from .conftest import NOON, PASSWORD, Join, sign_in


def code_at(secret: str, at: datetime) -> str:
    return pyotp.TOTP(secret).at(at)


@pytest.fixture
def secret(session: ScopedSession, user: User) -> str:
    """Maria's app knows the secret and showed a first code a day ago."""
    factor = second_factor.prepare(session, user)
    known = unseal(session, factor, "secret")
    yesterday = NOON - timedelta(days=1)
    second_factor.put_in_force(session, user, code_at(known, yesterday), at=yesterday)
    return known


@pytest.mark.parametrize("seconds", [-30, 0, 30])
def test_a_code_of_about_now_is_taken(session: ScopedSession, user: User, secret: str, seconds: int) -> None:
    second_factor.check(session, user, code_at(secret, NOON + timedelta(seconds=seconds)), at=NOON)


@pytest.mark.parametrize("seconds", [-90, -60, 60, 90])
def test_a_code_of_another_minute_is_refused(session: ScopedSession, user: User, secret: str, seconds: int) -> None:
    with pytest.raises(Refusal, match="not right"):
        second_factor.check(session, user, code_at(secret, NOON + timedelta(seconds=seconds)), at=NOON)


def test_a_code_is_taken_once_and_none_before_it_any_more(session: ScopedSession, user: User, secret: str) -> None:
    second_factor.check(session, user, code_at(secret, NOON), at=NOON)

    for seconds in (0, -30):
        with pytest.raises(Refusal):
            second_factor.check(session, user, code_at(secret, NOON + timedelta(seconds=seconds)), at=NOON)
    second_factor.check(session, user, code_at(secret, NOON + timedelta(seconds=30)), at=NOON)


@pytest.mark.parametrize(
    "code", ["", "000000", "1", "abcdef", "\uff11\uff12\uff13\uff14\uff15\uff16", "0" * 500, "' or 1=1"]
)
def test_what_is_no_code_is_refused(session: ScopedSession, user: User, secret: str, code: str) -> None:
    with pytest.raises(Refusal):
        second_factor.check(session, user, code, at=NOON)


def test_five_wrong_codes_close_it_also_to_the_right_one(session: ScopedSession, user: User, secret: str) -> None:
    for _try in range(5):
        with pytest.raises(Refusal, match="not right"):
            second_factor.check(session, user, "000000", at=NOON)

    with pytest.raises(TooOften):
        second_factor.check(session, user, code_at(secret, NOON), at=NOON)


def test_each_recovery_code_works_once_however_it_is_typed(session: ScopedSession, user: User, secret: str) -> None:
    codes = second_factor.new_recovery_codes(session, user)

    second_factor.check(session, user, codes[0], at=NOON)
    second_factor.check(session, user, codes[1].lower().replace("-", " "), at=NOON)

    assert len(set(codes)) == 10
    assert second_factor.recovery_codes_left(session, user) == 8
    with pytest.raises(Refusal):
        second_factor.check(session, user, codes[0], at=NOON)


def test_new_recovery_codes_end_the_old_ones(session: ScopedSession, user: User, secret: str) -> None:
    before = second_factor.new_recovery_codes(session, user)
    second_factor.new_recovery_codes(session, user)

    with pytest.raises(Refusal):
        second_factor.check(session, user, before[0], at=NOON)


def test_somebody_elses_recovery_code_is_worth_nothing(
    session: ScopedSession, user: User, secret: str, database: Database, partner: UUID
) -> None:
    session.add(other := User(email="anna@ponte.example", name="Anna"))
    session.flush()
    codes = second_factor.new_recovery_codes(session, other)

    with pytest.raises(Refusal):
        second_factor.check(session, user, codes[0], at=NOON)


def test_the_database_holds_neither_secret_nor_codes(session: ScopedSession, user: User, secret: str) -> None:
    codes = [code.replace("-", "") for code in second_factor.new_recovery_codes(session, user)]
    held = str(session.execute(text("select secret from access_second_factor")).all()) + str(
        session.execute(text("select code_hash from access_recovery_code")).all()
    )

    assert secret not in held
    assert not [code for code in codes if code in held]


def test_a_prepared_secret_asks_for_nothing_until_its_first_code(session: ScopedSession, user: User) -> None:
    factor = second_factor.prepare(session, user)

    assert second_factor.factor_of(session, user) is None
    with pytest.raises(Refusal):
        second_factor.put_in_force(session, user, "000000", at=NOON)
    assert second_factor.factor_of(session, user) is None
    with pytest.raises(Refusal):  # and lets nobody in
        second_factor.check(session, user, code_at(unseal(session, factor, "secret"), NOON), at=NOON)


def test_who_has_one_is_not_given_another(session: ScopedSession, user: User, secret: str) -> None:
    with pytest.raises(Refusal, match="turn it off first"):
        second_factor.prepare(session, user)


def test_forgetting_it_leaves_nothing_and_ends_every_visit(session: ScopedSession, user: User, secret: str) -> None:
    visit, _token = sessions.begin(session, user, partner_id=None, at=now())

    second_factor.forget(session, user)
    session.refresh(visit)

    assert visit.ended_at is not None
    assert session.scalars(select(SecondFactor)).all() == []
    assert session.scalars(select(RecoveryCode)).all() == []


@pytest.mark.parametrize(("role", "needed"), [
    (Role.ORG_MANAGER, True), (Role.MUNICIPAL, True), (Role.COMMITTEE, True), (Role.CASE_MANAGER, True),
    (Role.OPERATOR, False), (Role.ACCOUNTANT, False), (Role.FACILITATOR, False), (Role.AUDITOR, False),
])  # fmt: skip
def test_who_administers_approves_or_reads_special_data_needs_one(
    database: Database, join: Join, neighbour: UUID, role: Role, needed: bool
) -> None:
    found = join(neighbour, "piero@quercia.example", role, name="Piero")

    with database.session(Scope(partner_id=neighbour)) as session:
        assert second_factor.is_needed(session, session.get_one(User, found)) is needed


def test_the_administrator_of_the_network_needs_one(session: ScopedSession, user: User) -> None:
    user.network_admin = True

    assert second_factor.is_needed(session, user)


def test_two_posts_with_the_same_code_at_once_let_one_in(database: Database, partner: UUID, maria: UUID) -> None:
    moment, start, won = now(), Barrier(2), []

    def set_up(session: ScopedSession) -> str:
        user = session.get_one(User, maria)
        known = unseal(session, second_factor.prepare(session, user), "secret")
        yesterday = moment - timedelta(days=1)
        second_factor.put_in_force(session, user, code_at(known, yesterday), at=yesterday)
        return known

    known = database.run(Scope(partner_id=partner), set_up)

    def post() -> None:
        start.wait()
        try:
            database.run(
                Scope(partner_id=partner),
                lambda s: second_factor.check(s, s.get_one(User, maria), code_at(known, moment), at=moment),
            )
            won.append(True)
        except Refusal:
            pass

    posts = [Thread(target=post) for _post in range(2)]
    for one in posts:
        one.start()
    for one in posts:
        one.join()

    assert won == [True]


# Through the pages


@pytest.fixture
def strict(app: Flask, settings: Settings) -> Iterator[Flask]:
    """An installation that asks those who need a second factor for one."""
    app.config["SETTINGS"] = replace(settings, second_factor=True)
    yield app
    app.config["SETTINGS"] = settings


@pytest.fixture
def ada(join: Join, partner: UUID, maria: UUID) -> UUID:
    return join(partner, "ada@ponte.example", Role.ORG_MANAGER, name="Ada Blu")


def secret_on(page: str) -> str:
    return re.search(r'<code id="secret">([A-Z2-7-]+)</code>', page)[1].replace("-", "")  # type: ignore[index]


def codes_on(page: str) -> list[str]:
    return re.findall(r"<li><code>([A-Z2-7-]+)</code>", unescape(page))


def cookie_of(client: FlaskClient) -> str:
    found = client.get_cookie("sid")
    return found.value if found else ""


def set_up(client: FlaskClient) -> tuple[str, list[str]]:
    """Sign in as Ada, who is led to set her app up; her secret and recovery codes."""
    led = sign_in(client, "ada@ponte.example", next="/members").location
    known = secret_on(client.get(led).text)
    page = client.post(led, data={"one_time_code": pyotp.TOTP(known).now()})
    return known, codes_on(page.text)


def test_who_needs_one_and_has_none_is_led_to_set_it_up_and_to_nothing_else(strict: Flask, ada: UUID) -> None:
    client = strict.test_client()
    answer = sign_in(client, "ada@ponte.example", next="/members")

    assert answer.location == "/sign-in/set-up?next=/members"
    assert client.get("/members").location == "/sign-in?next=/members"
    assert client.get("/me").location == "/sign-in?next=/me"
    assert "data:image/svg+xml" in client.get(answer.location).text


def test_the_first_code_shows_ten_recovery_codes_and_lets_in_under_a_new_token(strict: Flask, ada: UUID) -> None:
    client = strict.test_client()
    led = sign_in(client, "ada@ponte.example", next="/members").location
    before = cookie_of(client)
    wrong = client.post(led, data={"one_time_code": "000000"})
    done = client.post(led, data={"one_time_code": pyotp.TOTP(secret_on(client.get(led).text)).now()})

    assert wrong.status_code == 422
    assert len(codes_on(done.text)) == 10
    assert 'href="/members"' in done.text
    assert cookie_of(client) != before
    assert client.get("/members").status_code == 200


def test_from_then_on_the_password_alone_opens_nothing(strict: Flask, ada: UUID) -> None:
    _known, codes = set_up(strict.test_client())
    client = strict.test_client()
    answer = sign_in(client, "ada@ponte.example", next="/members")
    before = cookie_of(client)

    assert answer.location == "/sign-in/code?next=/members"
    assert client.get("/members").status_code == 303
    assert client.post(answer.location, data={"one_time_code": "000000"}).status_code == 422
    let_in = client.post(answer.location, data={"one_time_code": codes[0]})
    assert (let_in.status_code, let_in.location) == (303, "/members")
    assert client.get("/members").status_code == 200

    old = strict.test_client()
    old.set_cookie("sid", before)
    assert old.get("/members").status_code == 303


def test_the_code_page_leads_nowhere_else_and_is_nothing_for_strangers(strict: Flask, ada: UUID) -> None:
    _known, codes = set_up(strict.test_client())
    client = strict.test_client()
    sign_in(client, "ada@ponte.example")

    away = client.post("/sign-in/code?next=//evil.example", data={"one_time_code": codes[0]})

    assert away.location == "/"
    for address in ("/sign-in/code", "/sign-in/set-up"):
        stranger = strict.test_client()
        assert stranger.get(address).location == "/sign-in"
        assert stranger.post(address, data={"one_time_code": codes[1]}).location == "/sign-in"


def test_five_wrong_first_codes_close_the_page_that_sets_the_app_up(strict: Flask, ada: UUID) -> None:
    client = strict.test_client()
    led = sign_in(client, "ada@ponte.example").location
    tries = [client.post(led, data={"one_time_code": "000000"}) for _try in range(6)]

    assert [answer.status_code for answer in tries] == [422] * 5 + [429]
    assert int(tries[-1].headers["Retry-After"]) > 0
    assert "data:image/svg+xml" in tries[-1].text


def test_five_wrong_codes_close_the_page_for_every_visit(strict: Flask, ada: UUID) -> None:
    _known, codes = set_up(strict.test_client())
    for _visit in range(5):
        client = strict.test_client()
        sign_in(client, "ada@ponte.example")
        assert client.post("/sign-in/code", data={"one_time_code": "000000"}).status_code == 422
    sign_in(client, "ada@ponte.example")

    answer = client.post("/sign-in/code", data={"one_time_code": codes[0]})

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_after_a_quarter_of_an_hour_the_password_is_asked_again(strict: Flask, ada: UUID, database: Database) -> None:
    _known, codes = set_up(strict.test_client())
    client = strict.test_client()
    sign_in(client, "ada@ponte.example")

    def later(session: ScopedSession) -> None:
        visit = session.scalars(select(SignIn).where(SignIn.pending)).one()
        visit.began_at -= timedelta(minutes=15)

    database.run(Scope(operator=True, reason="tests"), later)

    assert client.post("/sign-in/code", data={"one_time_code": codes[0]}).location == "/sign-in"


def test_a_new_password_by_a_link_does_not_lead_past_the_code(strict: Flask, ada: UUID, database: Database) -> None:
    set_up(strict.test_client())
    token = database.run(Scope(), lambda s: resets.new_link(s, s.get_one(User, ada), lasting=timedelta(hours=1)))
    client = strict.test_client()
    new = "lanterna ombrello 42"

    client.post(f"/password/reset/{token}", data={"password": new, "again": new})
    signed = sign_in(client, "ada@ponte.example", new)

    assert signed.location == "/sign-in/code?next=/"
    assert client.get("/members").status_code == 303


def test_a_pending_visit_is_nobody_and_stands_in_no_list(session: ScopedSession, user: User, secret: str) -> None:
    visit, _token = come_in(session, email=user.email, password=PASSWORD, address="10.0.0.1", at=NOON)

    assert visit.pending
    assert visit not in sessions.open_visits(session, user.id, at=NOON)


def test_where_nobody_must_have_one_who_has_one_is_asked_all_the_same(
    app: Flask, client: FlaskClient, turned_on: Callable[[FlaskClient], str]
) -> None:
    turned_on(client)

    assert sign_in(app.test_client()).location == "/sign-in/code?next=/"


@pytest.fixture
def turned_on() -> Callable[[FlaskClient], str]:
    """Turn Maria's second factor on in her browser, as she may although she need not; the secret."""

    def turn_on(client: FlaskClient) -> str:
        sign_in(client)
        client.post("/me/security/second-factor/begin")
        known = secret_on(client.get("/me/security/second-factor").text)
        answer = client.post("/me/security/second-factor", data={"one_time_code": pyotp.TOTP(known).now()})
        assert len(codes_on(answer.text)) == 10
        return known

    return turn_on


def test_ones_own_page_turns_it_on_renews_the_codes_and_turns_it_off(
    client: FlaskClient, turned_on: Callable[[FlaskClient], str]
) -> None:
    turned_on(client)

    assert "10 recovery codes left" in client.get("/me/security").text
    assert len(codes_on(client.post("/me/security/second-factor/codes").text)) == 10
    assert client.post("/me/security/second-factor/off").status_code == 303
    assert "recovery codes left" not in client.get("/me/security").text


def test_the_secret_is_not_shown_again(client: FlaskClient, turned_on: Callable[[FlaskClient], str]) -> None:
    known = turned_on(client)

    assert client.get("/me/security/second-factor").location == "/me/security"
    assert known not in client.get("/me/security").text.replace("-", "")


def test_who_needs_one_cannot_turn_it_off(strict: Flask, ada: UUID) -> None:
    client = strict.test_client()
    set_up(client)

    refused = client.post("/me/security/second-factor/off")

    assert refused.status_code == 422
    assert "cannot be turned off" in refused.text
    assert "Turn it off" not in client.get("/me/security").text


def test_a_code_confirms_a_dangerous_act_instead_of_the_password(
    strict: Flask, ada: UUID, maria: UUID, database: Database
) -> None:
    client = strict.test_client()
    _known, codes = set_up(client)

    def earlier(session: ScopedSession) -> None:
        for visit in session.scalars(select(SignIn)):
            visit.confirmed_at -= timedelta(minutes=6)

    database.run(Scope(operator=True, reason="tests"), earlier)
    asked = client.post(f"/members/{maria}", data={"roles": ["accountant"]})
    wrong = client.post(f"/members/{maria}", data={"roles": ["accountant"], "confirm-one_time_code": "000000"})
    done = client.post(f"/members/{maria}", data={"roles": ["accountant"], "confirm-one_time_code": codes[0]})

    assert 'name="confirm-one_time_code"' in asked.text
    assert (asked.status_code, wrong.status_code, done.status_code) == (403, 422, 303)


def test_changing_ones_own_roles_goes_on_under_a_new_token(head: FlaskClient, app: Flask, database: Database) -> None:
    before = cookie_of(head)
    with database.session(Scope(), writes=False) as session:
        ada = session.scalars(select(User.id).where(User.email == "ada@ponte.example")).one()

    head.post(f"/members/{ada}", data={"roles": ["org_manager", "operator"]})
    old = app.test_client()
    old.set_cookie("sid", before)

    assert cookie_of(head) != before
    assert head.get("/members").status_code == 200
    assert old.get("/members").status_code == 303
    assert gate.cookie_name(app.config["SETTINGS"]) == "sid"

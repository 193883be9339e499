"""The pages of access as a browser meets them, on an app that does no more than a request needs."""

import re
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.access import gate
from core.access.models import Role, SignIn, User
from core.access.sign_in import user_by_email
from core.config import Settings
from core.database.scope import Scope
from core.database.session import Database

from .conftest import PASSWORD, Join, sign_in

NEW = "lanterna ombrello 42"


def mails(settings: Settings) -> list[Any]:
    folder = Path(settings.mail_url.removeprefix("file://"))
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in sorted(folder.glob("*.eml"))]


def link_in(settings: Settings) -> str:
    return str(re.search(r"http://\S+(/password/reset/\S+)", mails(settings)[-1].get_content()).group(1))  # type: ignore[union-attr]


def test_the_right_password_opens_the_page_that_was_wanted(client: FlaskClient) -> None:
    asked = client.get("/me")
    form = client.get(asked.location)
    answer = sign_in(client, next="/me")

    assert asked.location == "/sign-in?next=/me"
    assert 'value="/me"' in form.text
    assert (answer.status_code, answer.location) == (303, "/me")
    assert "Maria Bertoli" in client.get("/me").text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient) -> None:
    cookie = sign_in(client).headers["Set-Cookie"]

    assert all(part in cookie for part in ("sid=", "HttpOnly", "SameSite=Lax", "Path=/"))


def test_nobody_is_led_to_another_site(client: FlaskClient) -> None:
    assert sign_in(client, next="//evil.example").location == "/"
    assert client.get("/sign-in?next=//evil.example").location == "/"


def test_a_cookie_planted_before_sign_in_is_worth_nothing_after_it(client: FlaskClient, app: Flask) -> None:
    client.set_cookie("sid", "planted")
    sign_in(client)

    own = client.get_cookie("sid")
    thief = app.test_client()
    thief.set_cookie("sid", "planted")

    assert own is not None
    assert own.value != "planted"
    assert thief.get("/me").status_code == 303


def test_signing_in_again_ends_the_visit_before(client: FlaskClient, app: Flask) -> None:
    sign_in(client)
    old = client.get_cookie("sid")
    sign_in(client)

    thief = app.test_client()
    thief.set_cookie("sid", old.value)  # type: ignore[union-attr]

    assert thief.get("/me").status_code == 303
    assert client.get("/me").status_code == 200


def test_a_refused_sign_in_says_one_sentence_and_keeps_the_address(client: FlaskClient) -> None:
    wrong, unknown = sign_in(client, password="wrong"), sign_in(client, "nobody@ponte.example")

    assert wrong.status_code == unknown.status_code == 422
    assert "maria@ponte.example" in wrong.text
    assert wrong.text.replace("maria@", "nobody@") == unknown.text
    assert "wrong" not in re.sub("password is wrong", "", wrong.text)


def test_failures_are_counted_although_the_request_is_refused(client: FlaskClient) -> None:
    statuses = [sign_in(client, password="wrong").status_code for _ in range(6)]
    last = sign_in(client)

    assert statuses == [422] * 5 + [429]
    assert last.status_code == 429
    assert 0 < int(last.headers["Retry-After"]) <= 31


def test_signing_out_ends_the_visit_for_every_copy_of_the_cookie(client: FlaskClient, app: Flask) -> None:
    sign_in(client)
    copy = app.test_client()
    copy.set_cookie("sid", client.get_cookie("sid").value)  # type: ignore[union-attr]

    answer = client.post("/sign-out")

    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert client.get_cookie("sid") is None
    assert copy.get("/me").status_code == 303


def test_signing_out_is_no_link(client: FlaskClient) -> None:
    assert client.get("/sign-out").status_code == 405


def test_changing_partner_renews_the_cookie(client: FlaskClient, join: Join, neighbour: UUID) -> None:
    join(neighbour, "maria@ponte.example", Role.AUDITOR)
    sign_in(client)
    old = client.get_cookie("sid").value  # type: ignore[union-attr]

    assert client.post(f"/partner?partner={neighbour}").status_code == 303

    assert client.get_cookie("sid").value != old  # type: ignore[union-attr]
    assert client.get("/me").status_code == 200


@pytest.mark.parametrize("wanted", ["", "x", str(UUID(int=7))])
def test_a_partner_that_is_not_mine_does_not_exist(client: FlaskClient, wanted: str) -> None:
    sign_in(client)

    assert client.post("/partner", data={"partner": wanted}).status_code == 404


def test_a_language_is_kept_with_the_user(client: FlaskClient, database: Database) -> None:
    sign_in(client)

    answer = client.post("/language?language=en", headers={"Referer": "http://localhost/me"})

    assert (answer.status_code, answer.location) == (303, "/me")
    with database.session(Scope()) as session:
        assert user_by_email(session, "maria@ponte.example").language == "en"  # type: ignore[union-attr]
    assert client.post("/language?language=xx").status_code == 404


def test_a_forgotten_password_is_set_by_the_mailed_link(client: FlaskClient, settings: Settings) -> None:
    sent = client.post("/password/forgotten", data={"email": "Maria@ponte.example"}, buffered=True)
    link = link_in(settings)
    form = client.get(link)
    answer = client.post(link, data={"password": NEW, "again": NEW})

    assert sent.status_code == 200
    assert form.headers["Referrer-Policy"] == "no-referrer"
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert client.get("/me").status_code == 303  # the link itself signs nobody in
    assert sign_in(client).status_code == 422
    assert sign_in(client, password=NEW).status_code == 303
    assert client.get(link).status_code == client.post(link, data={"password": NEW, "again": NEW}).status_code == 404


def test_an_unknown_address_gets_the_same_page_and_no_mail(client: FlaskClient, settings: Settings) -> None:
    known = client.post("/password/forgotten", data={"email": "maria@ponte.example"}, buffered=True)
    unknown = client.post("/password/forgotten", data={"email": "nobody@ponte.example"}, buffered=True)

    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    assert len(mails(settings)) == 1


def test_the_mailed_link_does_not_follow_the_host_header(client: FlaskClient, settings: Settings) -> None:
    client.post(
        "/password/forgotten", data={"email": "maria@ponte.example"}, headers={"Host": "evil.example"}, buffered=True
    )

    assert "evil.example" not in mails(settings)[-1].get_content()


def test_mails_name_nobody(client: FlaskClient, settings: Settings) -> None:
    client.post("/password/forgotten", data={"email": "maria@ponte.example"}, buffered=True)

    text = mails(settings)[-1].get_content()

    assert "Maria" not in text
    assert "ponte.example" not in text


def test_two_different_passwords_are_refused_and_the_link_stays(client: FlaskClient, settings: Settings) -> None:
    client.post("/password/forgotten", data={"email": "maria@ponte.example"}, buffered=True)
    link = link_in(settings)

    assert client.post(link, data={"password": NEW, "again": PASSWORD}).status_code == 422
    assert client.post(link, data={"password": "short", "again": "short"}).status_code == 422
    assert client.post(link, data={"password": NEW, "again": NEW}).status_code == 303


def test_a_changed_password_ends_the_other_visits(client: FlaskClient, app: Flask) -> None:
    other = app.test_client()
    sign_in(other)
    sign_in(client)

    answer = client.post("/me/security/password", data={"current": PASSWORD, "password": NEW, "again": NEW})

    assert answer.status_code == 303
    assert client.get("/me").status_code == 200
    assert other.get("/me").status_code == 303


def test_guesses_of_the_current_password_are_counted(client: FlaskClient, database: Database) -> None:
    sign_in(client)
    guess = {"current": "guess", "password": NEW, "again": NEW}

    statuses = {client.post("/me/security/password", data=guess).status_code for _ in range(6)}

    assert statuses == {422}
    assert "Too many tries" in client.post("/me/security/password", data=guess).text


def test_signing_out_everywhere_leaves_only_this_visit(client: FlaskClient, app: Flask, database: Database) -> None:
    other = app.test_client()
    sign_in(other)
    sign_in(client)

    client.post("/me/security/sign-out-everywhere")

    assert other.get("/me").status_code == 303
    with database.session(Scope()) as session:
        assert len(session.scalars(select(SignIn).where(SignIn.ended_at.is_(None))).all()) == 1


def test_name_and_language_are_changed(client: FlaskClient) -> None:
    sign_in(client)

    assert client.post("/me", data={"name": "Maria B.", "language": "en"}).status_code == 303
    assert 'value="Maria B."' in client.get("/me").text
    assert client.post("/me", data={"name": " ", "language": "en"}).status_code == 422
    assert client.post("/me", data={"name": "Maria", "language": "xx"}).status_code == 422


def test_no_field_that_was_not_asked_for_is_taken(client: FlaskClient, database: Database, maria: UUID) -> None:
    sign_in(client)
    client.post(
        "/me", data={"name": "Maria", "language": "it", "network_admin": "1", "email": "x@y.example", "id": "1"}
    )

    with database.session(Scope()) as session:
        user = session.get_one(User, maria)
        assert (user.network_admin, user.email) == (False, "maria@ponte.example")


def test_a_token_is_shown_once_and_opens_no_page_of_the_account(client: FlaskClient, app: Flask) -> None:
    sign_in(client)
    made = client.post("/me/security/tokens", data={"label": "Accounts", "days": "30"})
    text = str(re.search(r'id="shown-token">([^<]+)<', made.text).group(1))  # type: ignore[union-attr]
    program = app.test_client()

    assert made.headers["Cache-Control"] == "no-store"
    assert text not in client.get("/me/security").text
    assert program.get("/me", headers={"Authorization": f"Bearer {text}"}).status_code == 403
    assert program.post("/me/security/tokens", headers={"Authorization": f"Bearer {text}"}).status_code == 403


def test_a_token_is_revoked_on_the_page(client: FlaskClient, app: Flask) -> None:
    sign_in(client)
    client.post("/me/security/tokens", data={"label": "Accounts", "days": "30"})
    address = str(re.search(r"/me/security/tokens/[^/]+/revoke", client.get("/me/security").text).group(0))  # type: ignore[union-attr]

    assert client.post(address).status_code == 303
    assert address not in client.get("/me/security").text
    assert client.post(address).status_code == 404


@pytest.mark.parametrize("days", ["0", "366", "x", ""])
def test_a_token_lasts_from_a_day_to_a_year(client: FlaskClient, days: str) -> None:
    sign_in(client)

    assert client.post("/me/security/tokens", data={"label": "Accounts", "days": days}).status_code == 422


@pytest.mark.parametrize("address", ["/members", "/members/new", "/roles"])
def test_who_is_no_head_administers_nothing(client: FlaskClient, address: str) -> None:
    sign_in(client)

    assert client.get(address).status_code == 403


def test_an_invited_member_comes_in_by_the_mailed_link(
    head: FlaskClient, client: FlaskClient, settings: Settings
) -> None:
    added = head.post(
        "/members/new",
        data={"email": "Bo@ponte.example", "name": "Bo Rosa", "roles": ["operator", "auditor"]},
        buffered=True,
    )
    invited = head.get("/members").text
    client.post(link_in(settings), data={"password": NEW, "again": NEW})

    assert (added.status_code, added.location) == (303, "/members")
    assert "Bo Rosa" in invited
    assert "Invited" in invited
    assert sign_in(client, "bo@ponte.example", NEW).status_code == 303


def test_the_link_is_sent_again_until_there_is_a_password(
    head: FlaskClient, settings: Settings, maria: UUID, database: Database
) -> None:
    head.post("/members/new", data={"email": "bo@ponte.example", "name": "Bo", "roles": ["auditor"]}, buffered=True)
    with database.session(Scope()) as session:
        bo = user_by_email(session, "bo@ponte.example").id  # type: ignore[union-attr]

    assert head.post(f"/members/{bo}/invite", buffered=True).status_code == 303
    assert len(mails(settings)) == 2
    assert head.post(f"/members/{maria}/invite").status_code == 422


def test_a_refused_member_leaves_what_was_typed_and_no_mail(head: FlaskClient, settings: Settings) -> None:
    answer = head.post("/members/new", data={"email": "bo@", "name": "Bo Rosa", "roles": ["auditor"]}, buffered=True)
    no_role = head.post("/members/new", data={"email": "bo@ponte.example", "name": "Bo"}, buffered=True)
    sysadmin = head.post("/members/new", data={"email": "bo@ponte.example", "name": "Bo", "roles": ["sysadmin"]})

    assert answer.status_code == no_role.status_code == sysadmin.status_code == 422
    assert "Bo Rosa" in answer.text
    assert mails(settings) == []


def test_a_members_roles_are_changed_and_the_membership_ended(
    head: FlaskClient, client: FlaskClient, maria: UUID
) -> None:
    sign_in(client)

    assert "checked" in head.get(f"/members/{maria}").text
    assert head.post(f"/members/{maria}", data={"roles": ["org_manager"]}).status_code == 303
    assert client.get("/me").status_code == 303  # signed in with the old roles
    sign_in(client)
    assert client.get("/members").status_code == 200
    assert head.post(f"/members/{maria}/remove").status_code == 303
    assert head.get(f"/members/{maria}").status_code == 404
    assert sign_in(client).status_code == 422


def test_the_last_head_is_told_why_not(head: FlaskClient, database: Database) -> None:
    with database.session(Scope()) as session:
        ada = user_by_email(session, "ada@ponte.example").id  # type: ignore[union-attr]

    assert head.post(f"/members/{ada}/remove").status_code == 422
    assert "appoint another one first" in head.post(f"/members/{ada}", data={"roles": ["auditor"]}).text


def test_another_partners_members_do_not_exist(head: FlaskClient, join: Join, neighbour: UUID) -> None:
    stranger = join(neighbour, "eve@quercia.example", name="Eve Verdi")

    assert "Eve Verdi" not in head.get("/members").text
    for answer in (
        head.get(f"/members/{stranger}"),
        head.post(f"/members/{stranger}", data={"roles": ["auditor"]}),
        head.post(f"/members/{stranger}/remove"),
        head.post(f"/members/{stranger}/invite"),
        head.get(f"/members/{UUID(int=7)}"),
    ):
        assert answer.status_code == 404
        assert "Eve" not in answer.text


def test_the_matrix_shows_what_a_partner_can_change_and_keeps_it(head: FlaskClient) -> None:
    before = head.get("/roles").text
    head.post("/roles", data={"shown": ["people.see", "core.partners", "housing.dwellings.see"], "allowed": [
        "auditor:people.see", "org_manager:core.partners", "operator:housing.dwellings.see", "nonsense",
    ]})  # fmt: skip
    after = head.get("/roles").text

    def ticked(page: str, box: str) -> bool:
        return bool(re.search(rf'value="{re.escape(box)}"[^>]* checked', page))

    assert "core.partners" not in before
    assert "housing.dwellings.see" not in before
    assert ticked(before, "operator:people.see")
    assert not ticked(after, "operator:people.see")
    assert ticked(after, "auditor:people.see")
    assert ticked(after, "org_manager:core.members")
    assert "differs from the start" in after


def test_a_form_without_the_forgery_token_is_refused(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get("/sign-in").text).group(1)  # type: ignore[union-attr]

    assert sign_in(client).status_code == 400
    assert sign_in(client, csrf_token=token).status_code == 303
    assert client.post("/sign-out").status_code == 400


def test_every_route_names_its_permission(app: Flask) -> None:
    assert gate.unmarked(app) == []

"""Dangerous acts ask for the password again once five minutes went by since it was given."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.access import confirming, gate, members, sessions
from core.access.models import Role, SignIn, User
from core.access.permissions import fresh_sign_in, requires
from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.refusals import Forbidden, Refusal, TooOften

from .conftest import NOON, PASSWORD, Join, sign_in
from .test_gate import seen


@pytest.fixture
def minutes_later(database: Database) -> Callable[[int], None]:
    """Let so many minutes pass since every visitor last showed that it is them."""

    def pass_by(minutes: int) -> None:
        def work(session: ScopedSession) -> None:
            for visit in session.scalars(select(SignIn)):
                visit.confirmed_at -= timedelta(minutes=minutes)

        database.run(Scope(operator=True, reason="tests"), work)

    return pass_by


def roles_of(database: Database, partner: UUID, user: UUID) -> set[Role]:
    with database.session(Scope(partner_id=partner), writes=False) as session:
        return set(members.member(session, user)[1])


def test_within_five_minutes_of_signing_in_nothing_is_asked(
    head: FlaskClient, database: Database, partner: UUID, maria: UUID, minutes_later: Any
) -> None:
    minutes_later(4)
    answer = head.post(f"/members/{maria}", data={"roles": ["accountant"]})

    assert answer.status_code == 303
    assert roles_of(database, partner, maria) == {Role.ACCOUNTANT}


def test_after_five_minutes_the_password_is_asked_and_nothing_happens_yet(
    head: FlaskClient, database: Database, partner: UUID, maria: UUID, minutes_later: Any
) -> None:
    minutes_later(5)
    form = head.get(f"/members/{maria}")
    answer = head.post(f"/members/{maria}", data={"roles": ["accountant", "committee"]})

    assert form.status_code == 200
    assert answer.status_code == 403
    assert "Is it still you?" in answer.text
    assert answer.text.count('name="roles"') == 2
    assert roles_of(database, partner, maria) == {Role.OPERATOR}


def test_the_password_sent_with_what_was_typed_does_the_act_and_lasts_five_minutes(
    head: FlaskClient, database: Database, partner: UUID, maria: UUID, minutes_later: Any
) -> None:
    minutes_later(5)
    done = head.post(f"/members/{maria}", data={"roles": ["accountant"], "confirm-password": PASSWORD})
    minutes_later(4)
    again = head.post(f"/members/{maria}", data={"roles": ["committee"]})

    assert (done.status_code, again.status_code) == (303, 303)
    assert roles_of(database, partner, maria) == {Role.COMMITTEE}


def test_a_wrong_password_does_nothing_and_is_counted_with_those_of_signing_in(
    head: FlaskClient, app: Flask, database: Database, partner: UUID, maria: UUID, minutes_later: Any
) -> None:
    minutes_later(5)
    sent = {"roles": ["accountant"], "confirm-password": "not this one"}
    answers = [head.post(f"/members/{maria}", data=sent).status_code for _try in range(5)]

    assert answers == [422] * 5
    assert head.post(f"/members/{maria}", data={**sent, "confirm-password": PASSWORD}).status_code == 429
    assert sign_in(app.test_client(), "ada@ponte.example").status_code == 429
    assert roles_of(database, partner, maria) == {Role.OPERATOR}


def test_a_refused_act_leaves_the_password_given(head: FlaskClient, minutes_later: Any) -> None:
    minutes_later(5)
    nobody = {"email": "not an address", "name": "Anna", "roles": ["operator"]}

    refused = head.post("/members/new", data={**nobody, "confirm-password": PASSWORD})
    mended = head.post("/members/new", data={**nobody, "email": "anna@ponte.example"})

    assert (refused.status_code, mended.status_code) == (422, 303)


def test_the_confirmation_page_leads_on_within_the_site_only(head: FlaskClient, minutes_later: Any) -> None:
    minutes_later(5)
    asked = head.get("/me/confirm?next=/members")
    on = head.post("/me/confirm?next=/members", data={"confirm-password": PASSWORD})
    away = head.post("/me/confirm?next=//evil.example", data={"confirm-password": PASSWORD})
    wrong = head.post("/me/confirm?next=/members", data={"confirm-password": "not this one"})

    assert 'action="/me/confirm?next=/members"' in asked.text
    assert (on.status_code, on.location) == (303, "/members")
    assert away.location == "/"
    assert wrong.status_code == 422


@fresh_sign_in
@requires("people.see")
def everybody() -> str:
    return "a file of everybody"


def test_a_page_that_gives_everything_away_sends_to_the_confirmation_and_back(app: Flask) -> None:
    with app.test_request_context("/everybody?q=rossi"):
        answer = gate.check(everybody, Scope(permissions=frozenset({"people.see"})), seen({"operator"}))

    assert answer is not None
    assert (answer.status_code, answer.location) == (303, "/me/confirm?next=/everybody%3Fq%3Drossi")


def test_a_fragment_is_sent_to_the_confirmation_whole(app: Flask) -> None:
    headers = {"HX-Request": "true", "Referer": "http://localhost/members"}
    with app.test_request_context("/everybody", method="POST", headers=headers):
        answer = gate.check(everybody, Scope(operator=True), seen({"operator"}))

    assert answer is not None
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/me/confirm?next=/members")


def test_a_program_cannot_do_it_whatever_its_user_may(app: Flask) -> None:
    program = replace(seen({"operator"}), token=True, sign_in_id=None)

    with app.test_request_context("/everybody", method="POST"), pytest.raises(Forbidden, match="browser"):
        gate.check(everybody, Scope(operator=True), program)


def test_a_new_visit_is_fresh_for_three_hundred_seconds(session: ScopedSession, user: User) -> None:
    visit, _token = sessions.begin(session, user, partner_id=None, at=NOON)

    assert confirming.is_fresh(visit, at=NOON + timedelta(seconds=299))
    assert not confirming.is_fresh(visit, at=NOON + timedelta(seconds=300))


def test_guessing_at_an_open_screen_is_slowed_down(session: ScopedSession, user: User) -> None:
    visit, _token = sessions.begin(session, user, partner_id=None, at=NOON)
    later = NOON + timedelta(hours=1)
    for _try in range(5):
        with pytest.raises(Refusal, match="current password"):
            confirming.confirm(session, visit.id, password="wrong", at=later)

    with pytest.raises(TooOften):
        confirming.confirm(session, visit.id, password=PASSWORD, at=later)
    assert not confirming.is_fresh(visit, at=later)


def test_changing_partner_does_not_make_a_visit_fresh(
    session: ScopedSession, user: User, join: Join, neighbour: UUID
) -> None:
    session.rollback()
    join(neighbour, "maria@ponte.example")
    visit, _token = sessions.begin(session, user, partner_id=None, at=NOON)

    sessions.change_partner(session, visit.id, neighbour)

    assert visit.confirmed_at == NOON

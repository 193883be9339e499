"""Error pages and problem documents."""

import io
import re

import pytest
from flask import abort
from sqlalchemy.exc import DBAPIError, IntegrityError
from wtforms import Form, PasswordField

from core.access import forms as access_forms
from core.refusals import Forbidden, NotFound, Refusal, Refusals, Stale
from core.web.error_words import WORDS
from core.web.problems import code_of
from core.web.resending import SECRET
from tests.browser.gallery.app import make_gallery

CODE = re.compile(r"<strong>[2-9A-Z]{4}-[2-9A-Z]{3}</strong>")


@pytest.mark.parametrize("status", sorted(WORDS))
def test_each_error_has_a_page_that_says_what_happened_and_what_to_do(client, status):
    client.application.add_url_rule("/fails", view_func=lambda: abort(status))

    answer = client.get("/fails")

    assert answer.status_code == status
    assert str(WORDS[status].title) in answer.text
    assert str(WORDS[status].advice) in answer.text
    assert CODE.search(answer.text)
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize(("status", "like"), [(410, 400), (501, 500)])
def test_an_error_without_words_of_its_own_speaks_like_its_family(client, status, like):
    client.application.add_url_rule("/fails", view_func=lambda: abort(status))

    assert str(WORDS[like].title) in client.get("/fails").text


@pytest.mark.parametrize(("path", "seconds"), [("/too-often", "90"), ("/away", "10"), ("/api/v1/away", "10")])
def test_who_has_to_wait_is_told_how_long(client, path, seconds):
    assert client.get(path).headers["Retry-After"] == seconds


def test_the_page_of_a_missing_database_asks_for_no_shell(tmp_path):
    def no_shell():
        raise AssertionError

    answer = make_gallery(tmp_path, around=no_shell).test_client().get("/away")

    assert answer.status_code == 503
    assert str(WORDS[503].title) in answer.text


def test_the_page_of_a_missing_database_carries_what_was_typed(client):
    client.application.config["WTF_CSRF_ENABLED"] = False  # the real program asks the database first
    sent = {"csrf_token": "t", "once": "k", "notes": 'Two\nlines, "quoted" <b>', "roles": ["a", "b"]}

    page = client.post("/away?from=list", data={**sent, "file": (io.BytesIO(b"x"), "ids.pdf")}).text

    assert 'action="/away?from=list"' in page
    assert re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page) == [
        ("csrf_token", "t"), ("once", "k"), ("notes", "Two\nlines, &#34;quoted&#34; &lt;b&gt;"), ("roles", "a"),
        ("roles", "b"),
    ]  # fmt: skip
    assert "must be chosen again" in page


@pytest.mark.parametrize("name", sorted(SECRET))
def test_a_password_is_in_no_page(client, name):
    client.application.config["WTF_CSRF_ENABLED"] = False
    page = client.post("/away", data={"email": "ada@example.org", name: "zattera melograno"}).text

    assert "zattera" not in page
    assert "ada@example.org" not in page


def test_every_password_field_is_known_as_a_secret(client):
    kinds = [kind for kind in vars(access_forms).values() if isinstance(kind, type) and issubclass(kind, Form)]
    with client.application.test_request_context():
        forms = [kind() for kind in kinds]

    fields = [field for form in forms for field in form]
    secrets = {one.name for one in fields if isinstance(one, PasswordField) or one.short_name == "one_time_code"}
    assert secrets == SECRET


def test_an_error_page_comes_even_when_its_shell_fails(tmp_path):
    answer = make_gallery(tmp_path, around=lambda: 1 / 0).test_client().get("/nope")

    assert answer.status_code == 404
    assert str(WORDS[404].title) in answer.text


def test_a_lost_connection_is_a_pause_and_a_broken_constraint_a_fault(client):
    lost = DBAPIError("SELECT 1", {}, Exception("gone"), connection_invalidated=True)
    client.application.add_url_rule("/lost", "lost", lambda: raising(lost))
    client.application.add_url_rule("/twice", "twice", lambda: raising(IntegrityError("x", {}, Exception("unique"))))

    assert client.get("/lost").status_code == 503
    assert client.get("/twice").status_code == 500


def test_nothing_technical_is_shown(client):
    text = client.get("/broken").text + client.get("/away").text

    assert "secret detail" not in text
    assert "ZeroDivisionError" not in text
    assert "SELECT" not in text
    assert "refused" not in text


def test_a_refusal_nobody_caught_is_a_page_with_its_sentence_escaped(client):
    answer = client.get("/refused")

    assert answer.status_code == 422
    assert "&lt;script&gt;" in answer.text
    assert "<script>document" not in answer.text


@pytest.mark.parametrize(
    ("refusal", "status"),
    [(NotFound("Gone."), 404), (Forbidden("No."), 403), (Stale("Late.", record=None), 409), (Refusal("No."), 422)],
)
def test_refusals_have_their_status(client, refusal, status):
    client.application.add_url_rule("/says-no", view_func=lambda: raising(refusal))

    answer = client.get("/says-no")

    assert answer.status_code == status
    assert str(refusal) in answer.text


def test_a_stranger_gets_the_page_without_the_shell(stranger):
    answer = stranger.get("/nope")

    assert answer.status_code == 404
    assert 'role="search"' not in answer.text


def test_the_api_answers_with_a_problem(client):
    answer = client.get("/api/v1/refused")

    assert answer.content_type == "application/problem+json"
    problem = answer.get_json(force=True)
    assert problem["status"] == answer.status_code == 422
    assert problem["errors"][0]["field"] == "home"
    assert problem["errors"][0]["code"] == "refusal"
    assert problem["detail"] == problem["errors"][0]["message"]


def test_the_api_names_every_rule_that_said_no(client):
    class HomeTaken(Refusal):
        pass

    both = Refusals([HomeTaken("Taken.", field="home"), Refusal("Too late.", field="end")])
    client.application.add_url_rule("/api/v1/leases", view_func=lambda: raising(both))

    errors = client.get("/api/v1/leases").get_json(force=True)["errors"]

    assert [(error["field"], error["code"]) for error in errors] == [("home", "home-taken"), ("end", "refusal")]
    assert code_of(both) == "refusals"


def test_the_api_has_problems_for_wrong_addresses_and_methods(client):
    assert client.get("/api/v1/nope").get_json(force=True)["status"] == 404
    wrong = client.delete("/api/v1/refused")
    assert wrong.get_json(force=True)["status"] == 405
    assert "GET" in wrong.headers["Allow"]


def test_a_fragment_that_failed_becomes_a_whole_page(client):
    assert client.get("/nope", headers={"HX-Request": "true"}).headers["HX-Retarget"] == "body"


def raising(error):
    raise error

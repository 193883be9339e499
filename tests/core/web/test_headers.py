"""The headers of every answer."""

import pytest

PATHS = ["/", "/sign-in", "/refused", "/nope", "/away", "/broken", "/static/nope.css", "/api/v1/refused"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_forbids_what_pages_do_not_need(client, path):
    headers = client.get(path).headers

    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_browsers_are_bound_to_https_only_over_https(client):
    assert "Strict-Transport-Security" not in client.get("/").headers
    assert "max-age=31536000" in client.get("/", base_url="https://example.org").headers["Strict-Transport-Security"]


def test_a_view_may_be_stricter_than_the_rest(client):
    @client.application.get("/stricter")
    def stricter():
        return "", {"Content-Security-Policy": "default-src 'none'; sandbox"}

    assert client.get("/stricter").headers["Content-Security-Policy"] == "default-src 'none'; sandbox"

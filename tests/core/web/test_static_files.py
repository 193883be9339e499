"""Serving the built files."""

import gzip
import json

import pytest

from tests.browser.gallery.app import make_gallery


@pytest.fixture
def client(tmp_path):
    assets = tmp_path / "assets"
    assets.mkdir()
    (assets / "generazioni.abc.css").write_text("body{}")
    (assets / "generazioni.abc.css.gz").write_bytes(gzip.compress(b"body{}"))
    (assets / "letters.def.woff2").write_bytes(b"wOF2")
    (assets / "manifest.json").write_text(json.dumps({"generazioni.css": "generazioni.abc.css"}))
    (tmp_path / "secret-key").write_text("k" * 64)
    return make_gallery(tmp_path).test_client()


def test_files_are_kept_for_a_year_because_their_names_change(client):
    answer = client.get("/static/generazioni.abc.css")

    assert answer.text == "body{}"
    assert answer.content_type == "text/css; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_who_takes_gzip_gets_the_file_compressed_ahead(client):
    answer = client.get("/static/generazioni.abc.css", headers={"Accept-Encoding": "br, gzip"})

    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.content_type == "text/css; charset=utf-8"
    assert gzip.decompress(answer.data) == b"body{}"
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("encodings", ["", "gzip;q=0", "br"])
def test_who_does_not_take_gzip_gets_the_file_plain(client, encodings):
    answer = client.get("/static/generazioni.abc.css", headers={"Accept-Encoding": encodings})

    assert "Content-Encoding" not in answer.headers
    assert answer.data == b"body{}"


def test_fonts_have_their_type(client):
    assert client.get("/static/letters.def.woff2").content_type == "font/woff2"


@pytest.mark.parametrize("path", ["../secret-key", "%2e%2e/secret-key", "..%2fsecret-key", "nope.css"])
def test_nothing_else_is_served(client, path):
    assert client.get(f"/static/{path}").status_code == 404


def test_pages_name_files_by_their_content(client):
    assert 'href="/static/generazioni.abc.css"' in client.get("/").text


def test_pages_come_without_files_too(tmp_path):
    answer = make_gallery(tmp_path / "nothing").test_client().get("/")

    assert answer.status_code == 200
    assert 'href="/static/generazioni.css"' in answer.text

"""What somebody malicious writes is text and nothing else: on every page, in every list's address, in every form."""

import html
import re
from collections.abc import Iterator
from functools import cache
from itertools import cycle
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import pytest
from lxml import html as lxml_html
from sqlalchemy import String, Text, inspect, text
from sqlalchemy.exc import DBAPIError
from werkzeug.serving import make_server

from core.config import read_settings
from core.database.scope import Scope
from core.plugins.loading import load
from core.resource import lookup
from core.testing.demo_network import HEAD_OF_TOWN, PASSWORD, hidden

MARK = "xq7"
SCRIPTS = [one.replace("\\t", "\t") for one in Path(__file__).with_name("scripts.txt").read_text().splitlines()]
STATEMENTS = [
    "'", '"', "\\", "';--", "' or '1'='1", '" or 1=1 --', "1); drop table people_person; --", "' union select null--",
    "' union select password_hash from access_user--",
    "%", "_", "%%' --", "a' and sleep(5)--", "'; select pg_sleep(5)--",
    "1 or 1=1",
    "id desc; drop table access_user",
    "(select 1)", "name'||'x", "\x00", "\ud7ff", "\U0001d4b3", "-1", "9" * 40, "1e309",
    "../../etc/passwd", "[]", "{}", "null", "true", "a" * 5000,
]  # fmt: skip
ATTRIBUTES = ("on", "hx-on", "data-hx-on")
COLLECTIONS = list(load(read_settings()).collections)
by_key = pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda c: c.key)


def test_there_are_sixty_scripts():
    assert len(set(SCRIPTS)) == 60


@pytest.fixture(scope="module")
def server(sqlite_folder: Any) -> Any:
    """The embedded database, whose texts are no narrower than their columns say: every payload fits."""
    return sqlite_folder


@pytest.fixture(scope="module")
def poisoned(app: Any) -> Any:
    """The demo network with a script in every text that somebody may write, a different one in each."""
    payloads = cycle(SCRIPTS)
    database = app.extensions["database"]
    operator = Scope(operator=True, actor="tests", reason="tests")

    def poison(session: Any) -> int:
        columns = {c for one in COLLECTIONS for c in inspect(one.resource.model).columns if _is_free(c)}
        return sum(_poison(session, column, payloads) for column in sorted(columns, key=str))

    assert database.run(operator, poison) > 60
    return app


def _is_free(column: Any) -> bool:
    """Whether people write the text themselves: no choice, no key, nothing that a code checks or that is looked up."""
    free = type(column.type) in {String, Text} and not column.foreign_keys and not column.primary_key
    wide = getattr(column.type, "length", None) is None or column.type.length >= 60
    return free and wide and column.name not in {"search", "sort_name", "email", "module", "kind"} and not column.unique


def _poison(session: Any, column: Any, payloads: Iterator[str]) -> bool:
    """Write a payload of its own into each of some rows; False where the database itself lets nobody change it."""
    table = column.table.name
    try:
        with session.begin_nested():
            for (key,) in session.execute(text(f'select id from "{table}" order by id limit 12')).all():
                session.execute(
                    text(f'update "{table}" set "{column.name}" = :payload where id = :key'),
                    {"payload": next(payloads), "key": key},
                )
    except DBAPIError:
        return False
    return True


def dangers_in(page: str) -> list[str]:
    """What a browser would run or fetch because of what somebody wrote."""
    # Whatever breaks out of a text or of an attribute holds one of these signs, and every template escapes them.
    found = [one for one in SCRIPTS if set("<>\"'") & set(one) and one in page]
    for element in lxml_html.fromstring(page).iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag in {"script", "iframe", "object", "embed", "base", "style", "svg", "math", "template"}:
            inside = f"{element.text_content()}{' '.join(element.attrib.values())}"
            found += [lxml_html.tostring(element, encoding="unicode")[:200]] if MARK in inside else []
        for name, value in element.attrib.items():
            runs = name.startswith(ATTRIBUTES) or (
                name in {"href", "src", "action", "formaction"} and _scheme(value) in {"javascript", "data", "vbscript"}
            )
            # The part that is asked for again, and pictures of ours, are written by templates alone.
            fetches = name.startswith(("hx-", "data-hx-")) and MARK in value and "?" not in value.split(MARK)[0]
            found += [f"{element.tag} {name}={value}"] if MARK in value and (runs or fetches) else []
    return found


def _scheme(address: str) -> str:
    return re.sub(r"[\x00-\x20]", "", address).partition(":")[0].lower() if ":" in address else ""


def test_the_oracle_sees_every_script_that_is_not_escaped():
    """What would run in a page drawn without escaping is seen; text that is escaped is not."""
    tags = [
        one
        for one in SCRIPTS
        if re.match(r"<(script|img|svg|body|iframe|a |input|details|object|embed|form)", one, re.IGNORECASE)
    ]
    seen = [one for one in tags if dangers_in(f"<html><body><p>{one}</p></body></html>")]

    assert len(tags) > 10
    assert seen == tags
    assert dangers_in(f"<html><body>{''.join(map(html.escape, SCRIPTS))}</body></html>") == []


@by_key
def test_what_was_written_stays_text_on_lists_records_forms_and_offers(poisoned, client_of, partner_id, collection):
    client = client_of(HEAD_OF_TOWN)
    with poisoned.extensions["database"].session(Scope(partner_id=partner_id("MONTICHIARI")), writes=False) as session:
        records = list(session.scalars(lookup.base(session, collection).limit(2)))
        addresses = [f"{collection.url}?size=100", f"{collection.url}/lookup?q="]
        addresses += [collection.address(record) for record in records]
        addresses += [collection.address(record, "edit") for record in records[:1]]

    for address in addresses:
        answer = client.get(address)
        assert answer.status_code in {200, 403, 404, 422}, address
        if answer.mimetype == "text/html" and answer.text.strip():
            assert dangers_in(answer.text) == [], address


def every_tenth(payloads: list[str], place: int) -> list[str]:
    """Some payloads for one collection; its nine neighbours take the others."""
    return payloads[place % 10 :: 10]


@by_key
def test_an_address_is_a_question_and_no_statement(app, client_of, collection):
    """In the search, the order, the page, the size and each filter: never a fault, and never run when shown."""
    client = client_of(HEAD_OF_TOWN)
    place = COLLECTIONS.index(collection)
    names = ["q", "sort", "after", "size", *(f"f.{column.name}" for column in collection.filters)]
    for n, payload in enumerate(every_tenth([*STATEMENTS, *SCRIPTS[::3]], place)):
        address = f"{collection.url}?{names[(n + place) % len(names)]}={quote(payload, errors='surrogatepass')}"
        answer = client.get(address)
        assert answer.status_code < 500, address
        assert dangers_in(answer.text) == [], address


@by_key
def test_a_form_gives_back_what_was_typed_as_text_and_never_fails(app, client_of, collection):
    """Each field is sent a script, then a statement: another one in each field and for each collection."""
    client, place = client_of(HEAD_OF_TOWN), COLLECTIONS.index(collection)
    empty = client.get(f"{collection.url}/new") if "add" in collection.verbs else None
    if empty is None or empty.status_code != 200:
        return
    names = sorted(
        set(re.findall(r'<(?:input|textarea|select)[^>]* name="([^"]+)"', empty.text)) - {"csrf_token", "once"}
    )
    sent = hidden(empty.text)
    for payloads in (SCRIPTS, STATEMENTS):
        typed = {name: payloads[(place + 7 * n) % len(payloads)] for n, name in enumerate(names)}
        answer = client.post(f"{collection.url}/new", data={**sent, **typed})
        assert answer.status_code in {303, 422}, typed
        assert dangers_in(answer.text) == [], typed


@cache
def token_of(client: Any) -> str:
    """What a browser's forms carry against forgery, as long as it is signed in."""
    return hidden(client.get("/me").text)["csrf_token"]


@by_key
def test_fields_that_the_form_does_not_ask_have_no_effect(app, client_of, collection):
    """Whose it is, its key, its version, its state: what is sent beside the form's fields is not looked at."""
    if "add" not in collection.verbs:
        return
    more = {
        "id": "0", "partner_id": "0", "registered_by_id": "0", "version": "99", "network_admin": "1", "is_admin": "1",
        "created_at": "2001-01-01", "sealed": "1", "state": "zz",
    }  # fmt: skip
    names = set(collection.form().field_names())
    told = {name: value for name, value in more.items() if name not in names}
    client = client_of(HEAD_OF_TOWN)
    api = client.post(collection.api_url, json=told, headers={"X-CSRFToken": token_of(client)})

    assert "partner_id" not in names
    assert "registered_by_id" not in names
    assert "version" not in names
    assert api.status_code in {403, 422}


@pytest.fixture
def address(poisoned: Any) -> Iterator[str]:
    """The poisoned program, served to a real browser."""
    served = make_server("127.0.0.1", 0, poisoned, threaded=True)
    thread = Thread(target=served.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{served.server_port}"
    served.shutdown()
    thread.join()


@pytest.mark.browser
def test_in_a_real_browser_nothing_runs_and_the_policy_is_never_broken(address, page, poisoned, partner_id):
    """A sample of pages: no alert, no violation of the content policy, nothing asked of another host."""
    ran, broken, asked = [], [], set()
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: asked.add(request.url.split("/")[2]) if request.url.startswith("http") else None)
    page.on("console", lambda said: broken.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto(f"{address}/sign-in")
    page.fill("#email", HEAD_OF_TOWN)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    people = next(c for c in COLLECTIONS if c.key == "people")
    with poisoned.extensions["database"].session(Scope(partner_id=partner_id("MONTICHIARI")), writes=False) as session:
        person = people.address(session.scalars(lookup.base(session, people).limit(1)).one())
    sample = ["/", "/people", person, "/organisations", "/places", "/agenda", "/search?q=" + quote(SCRIPTS[0])]
    for path in sample:
        page.goto(f"{address}{path}")
        page.mouse.move(300, 300)

    assert ran == []
    assert broken == []
    assert asked == {address.removeprefix("http://")}

"""Every collection's pages and endpoints: with the right they answer, without it they refuse, off they are gone."""

import re

import pytest
from sqlalchemy import event, select

from core.access.permissions import covers
from core.database.ownership import ConsentBound
from core.database.scope import Scope
from core.database.visibility import PersonAccess
from core.resource import lookup
from core.testing.conformance.installed import COLLECTIONS, OF_MODULES, OWNED
from core.testing.demo_network import AUDITOR, HEAD_OF_ASSOCIATION, HEAD_OF_COOPERATIVE, HEAD_OF_TOWN, hidden
from core.testing.subjects import is_tested

MOST_QUERIES = 15
EVERYBODYS = {"/", "/agenda", "/search"}  # pages of the core that are made of what modules bring
by_key = pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda c: c.key)


def allowed(app, permission, roles=("org_manager", "municipal")):
    """Whether the head of the town, who is also the municipal officer, has the right from the start."""
    presets = app.extensions["rights"].presets
    return any(covers(pattern, permission) for role in roles for pattern in presets.get(role, ()))


def first_record(app, collection, partner):
    scope = Scope(partner_id=partner)
    with app.extensions["database"].session(scope, writes=False) as session:
        return session.scalars(lookup.base(session, collection).limit(1)).first()


def record_of_nobody_else(app, collection, partner):
    """A record of the partner that it shares with no other."""
    model = collection.resource.model
    with app.extensions["database"].session(Scope(partner_id=partner), writes=False) as session:
        wanted = lookup.base(session, collection)
        if issubclass(model, ConsentBound):
            shared = select(PersonAccess.person_id).where(PersonAccess.partner_id != partner)
            wanted = wanted.where(model.registered_by_id == partner, model.person_id.not_in(shared))
        return session.scalars(wanted.limit(1)).first()


@by_key
def test_the_list_answers_to_who_may_see_it(client_of, collection):
    assert client_of(HEAD_OF_TOWN).get(collection.url).status_code == 200


@by_key
def test_the_list_sorts_by_every_column_that_offers_it(client_of, collection):
    for column in collection.columns:
        for sign in ("", "-"):
            address = f"{collection.url}?sort={sign}{column.name}&size=3"
            assert client_of(HEAD_OF_TOWN).get(address).status_code == 200, address


@by_key
def test_the_list_goes_to_its_next_page_and_back(client_of, collection):
    client = client_of(HEAD_OF_TOWN)
    first = client.get(f"{collection.api_url}?size=2").json
    if first["next"] is None:
        return
    second = client.get(f"{collection.api_url}?size=2&after={first['next']}").json

    assert {item["id"] for item in first["items"]}.isdisjoint(item["id"] for item in second["items"])


@by_key
def test_the_list_is_refused_to_who_may_not(app, client_of, collection):
    seen = allowed(app, collection.may("see"), roles=["auditor"])

    assert client_of(AUDITOR).get(collection.url).status_code == (200 if seen else 403)


@by_key
def test_strangers_are_asked_to_sign_in(app, collection):
    stranger = app.test_client()

    assert stranger.get(collection.url).status_code == 303
    assert stranger.get(collection.api_url).status_code == 401


@by_key
def test_a_record_opens(app, client_of, partner_id, collection):
    record = first_record(app, collection, partner_id("MONTICHIARI"))
    if record is not None:
        assert client_of(HEAD_OF_TOWN).get(collection.address(record)).status_code == 200
        assert client_of(HEAD_OF_TOWN).get(f"{collection.api_url}/{record.id}").status_code == 200


@by_key
def test_the_form_of_a_new_record_opens_and_refuses_an_empty_one(app, client_of, collection):
    if "add" not in collection.verbs:
        return
    client = client_of(HEAD_OF_TOWN)
    if not allowed(app, collection.may("add")):
        assert client.get(f"{collection.url}/new").status_code == 403
        return
    page = client.get(f"{collection.url}/new")
    sent = client.post(f"{collection.url}/new", data=hidden(page.text))

    assert page.status_code == 200
    assert sent.status_code == 422
    assert "errori" in sent.text


@by_key
def test_the_form_of_a_record_opens_for_change(app, client_of, partner_id, collection):
    record = first_record(app, collection, partner_id("MONTICHIARI"))
    if record is not None and "change" in collection.verbs:
        answer = client_of(HEAD_OF_TOWN).get(collection.address(record, "edit"))
        assert answer.status_code == (200 if allowed(app, collection.may("change")) else 403)


@by_key
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_is_exported(app, client_of, collection, kind):
    answer = client_of(HEAD_OF_TOWN).get(f"{collection.url}/export.{kind}?size=25")

    if not allowed(app, collection.may("export")):
        assert answer.status_code == 403
        return
    assert answer.status_code == 200
    assert answer.data[:2] == (b"PK" if kind == "xlsx" else b"\xef\xbb")


@pytest.mark.parametrize("collection", OWNED, ids=lambda c: c.key)
def test_another_partners_record_is_not_found(app, client_of, partner_id, collection):
    record = record_of_nobody_else(app, collection, partner_id("ILPONTE"))
    if record is None:
        return
    client = client_of(HEAD_OF_TOWN)

    assert client.get(collection.address(record)).status_code == 404
    assert client.get(f"{collection.api_url}/{record.id}").status_code == 404


@pytest.mark.parametrize("collection", OF_MODULES, ids=lambda c: c.key)
def test_a_module_that_is_off_is_not_there(client_of, collection):
    client = client_of(HEAD_OF_ASSOCIATION)

    assert client.get(collection.url).status_code == 404
    assert client.get(f"{collection.url}/new").status_code == 404
    assert client.get(collection.api_url).status_code == 404


def test_a_module_that_is_off_leaves_no_trace_on_pages(client_of):
    client = client_of(HEAD_OF_ASSOCIATION)
    for address in ("/", "/people", "/search?q=mo", "/roles", "/api/v1/openapi.json"):
        page = client.get(address).text.lower()
        for key in {c.plugin for c in OF_MODULES}:
            assert f"/{key.replace('_', '-')}" not in page, address
            assert f"{key}." not in page, address


def test_switching_a_module_changes_one_partner_alone(client_of):
    association, cooperative = client_of(HEAD_OF_ASSOCIATION), client_of(HEAD_OF_COOPERATIVE)
    for key in sorted({c.plugin for c in OF_MODULES}):
        home = f"/m/{key.replace('_', '-')}"
        before = cooperative.get(home, follow_redirects=True).status_code
        page = association.get(f"/modules/{key}")

        association.post(f"/modules/{key}/on", data=hidden(page.text))
        on = association.get(next(c.url for c in OF_MODULES if c.plugin == key)).status_code
        association.post(f"/modules/{key}/off", data=hidden(association.get(f"/modules/{key}").text))
        off = association.get(next(c.url for c in OF_MODULES if c.plugin == key)).status_code

        assert (on, off) in {(200, 404), (403, 404)}
        assert cooperative.get(home, follow_redirects=True).status_code == before


@pytest.mark.parametrize("key", sorted({c.plugin for c in OF_MODULES}))
def test_the_home_page_leads_into_the_module(client_of, key):
    client, prefix = client_of(HEAD_OF_TOWN), f"/m/{key.replace('_', '-')}"
    doors = set(re.findall(rf'href="({prefix}(?:/[^"]*)?)"', client.get("/").text))

    assert doors
    assert {door: client.get(door, follow_redirects=True).status_code for door in doors} == dict.fromkeys(doors, 200)


@by_key
def test_no_page_asks_more_questions_than_a_few_whatever_the_rows(app, client_of, partner_id, roomier, collection):
    record = first_record(app, collection, partner_id("MONTICHIARI"))
    pages = [f"{collection.url}?size=100"]
    pages += [f"{collection.url}/new"] if "add" in collection.verbs else []
    if record is not None:
        pages.append(collection.address(record))
        pages += [collection.address(record, "edit")] if "change" in collection.verbs else []
        pages += [collection.address(record, act.name) for act in collection.acts()]

    for page in pages:
        asked = questions_of(app, client_of(HEAD_OF_TOWN), page)
        assert len(asked) <= roomier.get(collection.key, MOST_QUERIES), "\n".join([page, *asked])


def test_no_page_without_a_record_asks_more_questions_than_a_few(app, client_of):
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and not rule.arguments]
    owners = app.extensions["modules"]
    pages = {rule.rule for rule in rules if is_tested(owners.get(rule.endpoint.rpartition(".")[0], ""))}
    for page in sorted(pages | EVERYBODYS):
        asked = questions_of(app, client_of(HEAD_OF_TOWN), page)
        assert len(asked) <= MOST_QUERIES, "\n".join([page, *asked])


def questions_of(app, client, page):
    """The statements that a page asks of the database.

    Without those that begin and end transactions, and without the note that a visitor was here this minute.
    """
    asked = []
    engine = app.extensions["database"].engine

    def count(connection, cursor, statement, *rest):
        if not re.match(
            r"begin|savepoint|release|rollback|select set_config|update access_sign_in", statement, re.IGNORECASE
        ):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        client.get(page)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return asked


@pytest.mark.parametrize("collection", [c for c in COLLECTIONS if "import" in c.verbs], ids=lambda c: c.key)
def test_an_import_asks_for_a_file(app, client_of, collection):
    client = client_of(HEAD_OF_TOWN)
    if not allowed(app, collection.may("import")):
        assert client.get(f"{collection.url}/import").status_code == 403
        return
    page = client.get(f"{collection.url}/import")
    sent = client.post(f"{collection.url}/import", data=hidden(page.text))

    assert page.status_code == 200
    assert sent.status_code == 422

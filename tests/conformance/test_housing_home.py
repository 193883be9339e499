"""The home page of housing: each number is that of the list it links to, and the page asks few questions."""

from urllib.parse import urlsplit

import pytest
from sqlalchemy import event

from core.database.scope import Scope, today
from core.testing.demo_network import HEAD_OF_COOPERATIVE, HEAD_OF_TOWN
from plugins.housing import figures

MOST_QUERIES = 15


def told_by(client, url):
    """How many rows the list of an address has, as the API says them."""
    parts = urlsplit(url)
    answer = client.get(f"{parts.path.replace('/m/', '/api/v1/', 1)}?{parts.query}").json
    return answer["total"] if "total" in answer else len(answer["items"])


@pytest.mark.parametrize(("who", "partner"), [(HEAD_OF_TOWN, "MONTICHIARI"), (HEAD_OF_COOPERATIVE, "ILPONTE")])
def test_each_number_is_that_of_its_list(app, client_of, partner_id, who, partner):
    client = client_of(who)
    scope = Scope(partner_id=partner_id(partner), permissions=every_permission(app))
    with app.extensions["database"].session(scope, writes=False) as session:
        told = figures.counted(session, [*figures.stats(today()), *figures.waiting(today())])

    assert [(one.url, one.count) for one in told] == [(one.url, told_by(client, one.url)) for one in told]


def every_permission(app):
    declared = app.extensions["generazioni"].declarations()
    own = {permission.key for _module, told in declared for permission in told.permissions}
    derived = {p.key for collection in app.extensions["generazioni"].collections for p in collection.permissions()}
    return frozenset(own | derived)


@pytest.mark.parametrize("address", [
    "/m/housing", "/m/housing/arrears", "/m/housing/arrears?serious=1&age=5&q=a", "/m/housing/vacancy?over=90",
])  # fmt: skip
def test_the_pages_of_the_office_ask_few_questions(app, client_of, address):
    client = client_of(HEAD_OF_TOWN)
    client.get(address)
    asked = []

    def note(connection, cursor, statement, *rest):
        asked.append(statement)

    engine = app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        page = client.get(address)
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert page.status_code in {200, 308}
    assert len(asked) <= MOST_QUERIES, "\n".join(asked)


@pytest.mark.parametrize("address", ["/m/housing/arrears", "/m/housing/vacancy"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_lines_come_in_a_file(client_of, address, kind):
    answer = client_of(HEAD_OF_TOWN).get(f"{address}/export.{kind}")

    assert answer.status_code == 200
    assert answer.data[:2] == (b"PK" if kind == "xlsx" else b"\xef\xbb")


def test_filters_that_do_not_exist_are_refused_in_words(client_of):
    client = client_of(HEAD_OF_TOWN)

    assert client.get("/m/housing/arrears?age=9").status_code == 422
    assert client.get("/m/housing/arrears?on=31/02/2026").status_code == 422
    assert client.get("/m/housing/vacancy?first=boh").status_code == 422

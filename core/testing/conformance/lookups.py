"""What lookups offer while somebody types: to who may see the collection, what they may see, in few questions."""

import re

import pytest

from core.database.ownership import Common
from core.database.scope import Scope
from core.resource import lookup
from core.testing.conformance.installed import OF_MODULES, OWNED
from core.testing.conformance.pages import (
    MOST_QUERIES,
    allowed,
    by_key,
    first_record,
    questions_of,
    record_of_nobody_else,
)
from core.testing.demo_network import AUDITOR, HEAD_OF_ASSOCIATION, HEAD_OF_TOWN


def offers(client, collection, text="", **more):
    return client.get(f"{collection.url}/lookup", query_string={"field": "one", "one.q": text, **more})


def keys_in(answer):
    return re.findall(r'<option value="([^"]+)"', answer.text)


@by_key
def test_an_empty_box_offers_the_latest_records_but_of_reference_lists(app, client_of, partner_id, collection):
    with app.extensions["database"].session(Scope(partner_id=partner_id("MONTICHIARI")), writes=False) as session:
        there = {str(record.id) for record in lookup.latest(session, collection)}

    answer = offers(client_of(HEAD_OF_TOWN), collection, entered="1")

    assert answer.status_code == 200
    assert set(keys_in(answer)) == there
    assert len(there) <= lookup.LATEST
    assert not (there and issubclass(collection.resource.model, Common))


@by_key
def test_what_is_typed_finds_the_record(app, client_of, partner_id, collection):
    record = first_record(app, collection, partner_id("MONTICHIARI"))
    named = next((c for c in collection.match if c.kind == "text" and "." not in c.name), None)
    text = getattr(record, named.name) if record is not None and named is not None else None
    if text and len(text) > 1:
        found = keys_in(offers(client_of(HEAD_OF_TOWN), collection, text))
        assert str(record.id) in found
        assert len(found) <= lookup.ENOUGH


@by_key
def test_offers_are_refused_to_who_may_not_see_and_to_strangers(app, client_of, collection):
    seen = allowed(app, collection.may("see"), roles=["auditor"])

    assert offers(client_of(AUDITOR), collection).status_code == (200 if seen else 403)
    assert offers(app.test_client(), collection).status_code == 303


@by_key
def test_offers_ask_few_questions(app, client_of, collection):
    for text in ("", "ar"):
        asked = questions_of(app, client_of(HEAD_OF_TOWN), f"{collection.url}/lookup?field=one&one.q={text}")
        assert len(asked) <= MOST_QUERIES, "\n".join(asked)


@pytest.mark.parametrize("collection", OWNED, ids=lambda c: c.key)
def test_another_partners_record_is_never_offered(app, client_of, partner_id, collection):
    record = record_of_nobody_else(app, collection, partner_id("ILPONTE"))
    if record is None:
        return
    named = [getattr(record, c.name) for c in collection.match if "." not in c.name]
    for text in ("", *(str(name) for name in named if name)):
        assert str(record.id) not in offers(client_of(HEAD_OF_TOWN), collection, text).text


@pytest.mark.parametrize("collection", OF_MODULES, ids=lambda c: c.key)
def test_a_module_that_is_off_offers_nothing(client_of, collection):
    assert offers(client_of(HEAD_OF_ASSOCIATION), collection).status_code == 404

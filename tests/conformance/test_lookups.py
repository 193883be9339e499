"""What lookups offer while somebody types, of all modules; and the offers of people and leases."""

from core.resource.fields import LookupField
from core.testing.conformance.lookups import *  # noqa: F403
from core.testing.conformance.lookups import offers
from core.testing.demo_network import HEAD_OF_TOWN


def test_there_is_nothing_to_offer_of_an_unknown_collection_or_field(client_of):
    client = client_of(HEAD_OF_TOWN)

    assert client.get("/nobody/lookup?field=one").status_code == 404
    assert client.get("/people/lookup").status_code == 404
    assert client.get('/people/lookup?field="><b').status_code == 404


def test_a_letter_is_too_little_and_a_box_that_says_something_keeps_what_is_chosen(app, client_of):
    people = app.extensions["generazioni"].collections["people"]
    client = client_of(HEAD_OF_TOWN)

    assert offers(client, people, "a").text == ""
    assert offers(client, people, "Rossi", entered="1").status_code == 204


def test_who_may_register_what_is_not_found_is_led_there(app, client_of):
    people = app.extensions["generazioni"].collections["people"]

    assert 'href="/people/new"' in offers(client_of(HEAD_OF_TOWN), people, "zzzzzz").text


def test_a_field_that_narrows_its_offers_searches_with_its_button_alone(client_of, monkeypatch):
    monkeypatch.setattr(LookupField, "FEW", 0)
    page = client_of(HEAD_OF_TOWN).get("/m/housing/leases/new").text

    assert 'id="tenant-offers" aria-live="polite" hx-get="/people/lookup?field=tenant' in page
    assert 'id="dwelling-offers" aria-live="polite">' in page

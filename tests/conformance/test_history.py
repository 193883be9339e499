"""Each record's history, field by field, for who may see the record and nobody else."""

import pytest

from core.config import read_settings
from core.database.scope import Scope
from core.organisations.models import LegalType, Organisation
from core.organisations.services import register_organisation
from core.plugins.loading import load
from core.resource import lookup, pages
from core.testing.demo_network import HEAD_OF_COOPERATIVE, HEAD_OF_TOWN

COLLECTIONS = list(load(read_settings()).collections)


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda c: c.key)
def test_each_record_has_a_history_and_a_way_to_it(app, client_of, partner_id, collection):
    with app.extensions["database"].session(Scope(partner_id=partner_id("MONTICHIARI")), writes=False) as session:
        record = session.scalars(lookup.base(session, collection).limit(1)).first()
    if record is None:
        return
    address, client = collection.address(record), client_of(HEAD_OF_TOWN)

    assert f'href="{address}/history"' in client.get(address).text
    assert client.get(f"{address}/history").status_code == 200


@pytest.fixture(scope="module")
def changed(app, partner_id):
    """An organisation of the town that was changed twice, once with a reason."""
    scope = Scope(partner_id=partner_id("MONTICHIARI"), actor="Giulia Ferrari")
    database = app.extensions["database"]
    with database.transaction(scope) as session:
        kinds = list(LegalType)
        made = register_organisation(session, name="Circolo vecchio", legal_type=kinds[0])
        session.flush()
        key = made.id
    for field, value in (("name", "Circolo nuovo"), ("legal_type", kinds[1])):
        with database.transaction(scope) as session:
            setattr(session.get_one(Organisation, key), field, value)
    return key


def test_a_change_is_told_from_what_to_what_in_words(client_of, changed):
    page = client_of(HEAD_OF_TOWN).get(f"/organisations/{changed}/history").text

    assert "Circolo vecchio" in page
    assert "Circolo nuovo" in page
    assert str(list(LegalType)[1].label) in page
    assert "Giulia Ferrari" in page
    assert page.index("Circolo nuovo") < page.rindex("Circolo vecchio")


def test_older_changes_stand_on_further_pages(app, client_of, changed, monkeypatch):
    monkeypatch.setattr(pages, "LINES", 1)
    client, address, seen = client_of(HEAD_OF_TOWN), f"/organisations/{changed}/history", []
    while address:
        page = client.get(address).text
        seen.append(page.split('id="line-')[1].split('"')[0])
        address = page.split('rel="next" href="')[1].split('"')[0] if 'rel="next"' in page else ""

    assert len(seen) == 3
    assert sorted(map(int, seen), reverse=True) == list(map(int, seen))


def test_who_another_partner_is_reads_nothing_of_what_this_one_wrote(client_of, changed):
    page = client_of(HEAD_OF_COOPERATIVE).get(f"/organisations/{changed}/history").text

    assert "Circolo vecchio" not in page
    assert "Giulia Ferrari" not in page


def test_a_record_that_may_not_be_seen_has_no_history_either(client_of, app, partner_id):
    collection = next(c for c in COLLECTIONS if c.key == "people")
    with app.extensions["database"].session(Scope(partner_id=partner_id("MONTICHIARI")), writes=False) as session:
        mine = session.scalars(lookup.base(session, collection)).all()
    with app.extensions["database"].session(Scope(partner_id=partner_id("ILPONTE")), writes=False) as session:
        theirs = {person.id for person in session.scalars(lookup.base(session, collection))}
    unseen = next(person for person in mine if person.id not in theirs)

    assert client_of(HEAD_OF_COOPERATIVE).get(f"/people/{unseen.id}/history").status_code == 404

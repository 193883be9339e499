"""Every declared document, whoever declared it: drafted and issued by who may, absent for everybody else."""

import pytest

from core.database.scope import Scope
from core.documents.declaration import declared, kinds_on
from core.resource import lookup
from core.testing.conformance.installed import COLLECTIONS, INSTALLATION
from core.testing.demo_network import AUDITOR, HEAD_OF_ASSOCIATION, HEAD_OF_TOWN
from core.testing.subjects import is_tested

KINDS = [one for one in declared() if one.kind.on and is_tested(one.module)]
WITH_DOCUMENTS = [collection for collection in COLLECTIONS if kinds_on(collection.key)]
by_kind = pytest.mark.parametrize("one", KINDS, ids=lambda one: one.kind.key)
by_collection = pytest.mark.parametrize("collection", WITH_DOCUMENTS, ids=lambda collection: collection.key)


def place_of(one, record, *rest):
    return INSTALLATION.collections[one.kind.on].address(record, "documents", one.kind.name, *rest)


@pytest.fixture
def record_for(app, partner_id):
    """A record of the town that the document makes sense for; None when the demo has none."""

    def find(one):
        collection = INSTALLATION.collections[one.kind.on]
        scope = Scope(partner_id=partner_id("MONTICHIARI"), modules=frozenset({one.module}))
        with app.extensions["database"].session(scope, writes=False) as session:
            rows = session.scalars(lookup.base(session, collection).limit(100)).unique()
            return next((row for row in rows if one.kind.when(row)), None)

    return find


def test_every_declared_document_has_its_collection_and_its_template():
    for one in declared():
        assert one.template.is_file(), one.kind.key
        assert not one.kind.on or one.kind.on in INSTALLATION.collections, one.kind.key


@by_kind
def test_a_draft_is_a_pdf_for_who_may_and_nothing_for_who_may_not(app, client_of, record_for, one):
    record = record_for(one)
    if record is None:
        return
    address = place_of(one, record, "draft.pdf")

    answer = client_of(HEAD_OF_TOWN).get(address)
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Cache-Control"] == "private, no-store"
    for_auditors = one.kind.permission in app.extensions["rights"].presets["auditor"]
    assert client_of(AUDITOR).get(address).status_code == (200 if for_auditors else 403)
    assert client_of(HEAD_OF_ASSOCIATION).get(address).status_code == 404


@by_collection
def test_a_records_card_offers_its_documents(app, client_of, partner_id, collection):
    scope = Scope(partner_id=partner_id("MONTICHIARI"))
    with app.extensions["database"].session(scope, writes=False) as session:
        record = session.scalars(lookup.base(session, collection).limit(1)).first()
    if record is None:
        return
    told = client_of(HEAD_OF_TOWN).get(f"{collection.api_url}/{record.id}/documents")
    page = client_of(HEAD_OF_TOWN).get(collection.address(record)).text

    assert told.status_code == 200
    for kind in told.json["kinds"]:
        assert f"/documents/{kind['name']}/draft.pdf" in page
        assert f'/documents/{kind["name"]}"' in page
    assert client_of(AUDITOR).get(f"{collection.api_url}/{record.id}/documents").status_code == 403
    assert client_of(HEAD_OF_ASSOCIATION).get(f"{collection.api_url}/{record.id}/documents").status_code == 404


@by_kind
def test_another_partners_record_has_no_documents(app, client_of, partner_id, one):
    collection = INSTALLATION.collections[one.kind.on]
    with app.extensions["database"].session(Scope(partner_id=partner_id("ILPONTE")), writes=False) as session:
        record = session.scalars(lookup.base(session, collection).limit(1)).first()
    if record is None:
        return
    client = client_of(HEAD_OF_TOWN)

    assert client.get(place_of(one, record)).status_code == 404
    assert client.get(place_of(one, record, "draft.pdf")).status_code == 404
    assert client.get(f"{collection.api_url}/{record.id}/documents").status_code == 404

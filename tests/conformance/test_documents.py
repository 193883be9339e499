"""Every declared document of all modules, and the receipt of a payment from its draft to its register."""

import hashlib

import pytest
from sqlalchemy import select

from core.access.models import User
from core.access.tokens import issue_token
from core.database.scope import Scope
from core.documents.models import IssuedDocument
from core.testing.conformance.documents import *  # noqa: F403
from core.testing.conformance.documents import KINDS, place_of
from core.testing.conformance.installed import INSTALLATION
from core.testing.demo_network import AUDITOR, HEAD_OF_ASSOCIATION, HEAD_OF_TOWN, hidden


@pytest.fixture
def bearer(app, partner_id):
    town = partner_id("MONTICHIARI")

    def issue(session):
        user = session.scalars(select(User).where(User.email == HEAD_OF_TOWN)).one()
        return issue_token(session, user, partner_id=town, label="tests", days=1)[1]

    token = app.extensions["database"].run(Scope(partner_id=town, actor="tests"), issue)
    return {"Authorization": f"Bearer {token}"}


def lines(app, partner):
    with app.extensions["database"].session(Scope(partner_id=partner, operator=True), writes=False) as session:
        return session.scalars(select(IssuedDocument).where(IssuedDocument.partner_id == partner)).all()


@pytest.fixture
def payment(record_for):
    one = next(one for one in KINDS if one.kind.key == "housing.payment-receipt")
    return one, record_for(one)


def test_a_document_is_issued_from_its_page_and_downloads_as_it_was_issued(app, client_of, partner_id, payment):
    one, record = payment
    client, town = client_of(HEAD_OF_TOWN), partner_id("MONTICHIARI")
    before = len(lines(app, town))
    asked = client.get(place_of(one, record))
    form = {**hidden(asked.text), "language": "it"}

    sent, again = client.post(place_of(one, record), data=form), client.post(place_of(one, record), data=form)

    assert (sent.status_code, again.status_code) == (303, 303)
    issued = sorted(lines(app, town), key=lambda line: line.number)
    assert len(issued) == before + 1, "the same form sent twice issues once"
    address = place_of(one, record, f"{issued[-1].id}.pdf")
    made = client.get(address)
    assert hashlib.sha256(made.data).hexdigest() == issued[-1].sha256
    assert client.get(address).data == made.data
    assert issued[-1].number in client.get(sent.location).text
    assert issued[-1].number in client.get("/documents").text
    assert client.get(f"/documents/{issued[-1].id}").status_code == 200
    assert client_of(AUDITOR).get(address).status_code == 403
    assert client_of(HEAD_OF_ASSOCIATION).get(address).status_code == 404
    assert client_of(HEAD_OF_ASSOCIATION).get(f"/documents/{issued[-1].id}").status_code == 404


def test_an_issued_document_is_found_under_its_own_record_alone(app, client_of, partner_id, payment, bearer):
    one, record = payment
    made = app.test_client().post(f"/api/v1/housing/payments/{record.id}/documents/{one.kind.name}", headers=bearer)
    with app.extensions["database"].session(Scope(partner_id=partner_id("MONTICHIARI")), writes=False) as session:
        model = INSTALLATION.collections[one.kind.on].resource.model
        other = session.scalars(select(model).where(model.id != record.id).limit(1)).one()

    assert made.status_code == 201
    assert client_of(HEAD_OF_TOWN).get(place_of(one, other, f"{made.json['id']}.pdf")).status_code == 404


def test_a_program_issues_once_and_is_told_what_is_wrong(app, payment, bearer):
    one, record = payment
    client, address = app.test_client(), f"/api/v1/housing/payments/{record.id}/documents/{one.kind.name}"
    headers = {**bearer, "Idempotency-Key": "one-receipt"}

    first, second = (client.post(address, json={"language": "en"}, headers=headers) for _time in range(2))
    wrong = client.post(address, json={"language": "xx"}, headers=bearer)
    unknown = client.post(address, json={"tongue": "it"}, headers=bearer)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json["number"] == second.json["number"]
    assert client.get(first.headers["Location"], headers=bearer).data.startswith(b"%PDF-")
    assert client.get(address, headers=bearer).content_type == "application/pdf"
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert wrong.json["errors"][0]["field"] == "language"
    assert app.test_client().post(address, headers={"Authorization": "Bearer nothing"}).status_code == 401


def test_a_template_that_fails_leaves_the_page_standing(app, client_of, payment, monkeypatch):
    one, record = payment
    client = client_of(HEAD_OF_TOWN)
    form = hidden(client.get(place_of(one, record)).text)
    monkeypatch.setattr("core.documents.printing.sys.executable", "/bin/false")

    sent, draft = client.post(place_of(one, record), data=form), client.get(place_of(one, record, "draft.pdf"))

    assert (sent.status_code, draft.status_code) == (422, 422)
    assert "avvisa l’amministratore" in sent.text
    assert client.get(INSTALLATION.collections[one.kind.on].address(record)).status_code == 200


def test_the_reports_of_housing_are_printed(client_of):
    client = client_of(HEAD_OF_TOWN)

    assert client.get("/m/housing/arrears.pdf").data.startswith(b"%PDF-")
    assert client.get("/m/housing/occupancy").status_code == 200
    assert client.get("/m/housing/occupancy.pdf?first=01/01/2026&last=30/06/2026").data.startswith(b"%PDF-")
    wrong = client.get("/m/housing/occupancy.pdf?first=01/07/2026&last=30/06/2026")
    assert wrong.status_code == 422
    assert "Finisce prima di cominciare" in wrong.text

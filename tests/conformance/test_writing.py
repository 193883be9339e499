"""What is written through pages, endpoints and files has the same rules, and happens once."""

import io

import pytest
from openapi_spec_validator import validate
from sqlalchemy import select

from core.access.models import User
from core.access.tokens import issue_token
from core.database.scope import Scope
from core.people.models import NoCodiceFiscale
from core.resource.exporting import tame, untame
from core.testing.demo_network import HEAD_OF_TOWN, hidden

PEOPLE = "/api/v1/people"


@pytest.fixture
def bearer(app, partner_id):
    """The headers of a program that acts for the municipality."""
    town = partner_id("MONTICHIARI")

    def issue(session):
        user = session.scalars(select(User).where(User.email == HEAD_OF_TOWN)).one()
        return issue_token(session, user, partner_id=town, label="tests", days=1)[1]

    token = app.extensions["database"].run(Scope(partner_id=town, actor="tests"), issue)
    return {"Authorization": f"Bearer {token}"}


def somebody(surname, **given):
    return {
        "surname": surname, "name": "Iolanda", "sex": "F", "birth_date": "1971-03-02", "known_to_services": "no",
        "no_codice_fiscale_reason": next(iter(NoCodiceFiscale)).value, **given,
    }  # fmt: skip


def test_a_program_registers_reads_and_changes_a_person(app, bearer):
    client = app.test_client()
    made = client.post(PEOPLE, json=somebody("Quaranta"), headers=bearer)
    assert made.status_code == 201, made.text
    address = made.headers["Location"]

    without = client.patch(address, json={"phone": "030 5550177"}, headers=bearer)
    stale = client.patch(address, json={"phone": "030 5550177"}, headers={**bearer, "If-Match": '"99"'})
    etag = client.get(address, headers=bearer).headers["ETag"]
    changed = client.patch(address, json={"phone": "030 5550177"}, headers={**bearer, "If-Match": etag})

    assert (without.status_code, stale.status_code, changed.status_code) == (428, 409, 200)
    assert changed.json["phone"] == "+390305550177"
    assert changed.json["surname"] == "Quaranta"


def test_a_wrong_codice_fiscale_and_an_unknown_field_are_named(app, bearer):
    client = app.test_client()

    wrong = client.post(PEOPLE, json=somebody("Rossi", codice_fiscale="BNMCHR84L49F471J"), headers=bearer)
    unknown = client.post(PEOPLE, json=somebody("Rossi", partner_id="x"), headers=bearer)

    assert wrong.status_code == unknown.status_code == 422
    assert wrong.content_type == "application/problem+json"
    assert "codice_fiscale" in {fault["field"] for fault in wrong.json["errors"]}
    assert unknown.json["errors"][0]["field"] == "partner_id"


def test_the_same_request_sent_twice_has_one_effect(app, bearer):
    client = app.test_client()
    body = somebody("Cinquanta")
    headers = {**bearer, "Idempotency-Key": "one-and-the-same"}

    first, second = (client.post(PEOPLE, json=body, headers=headers) for _time in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.headers["Location"] == second.headers["Location"]
    assert client.get(f"{PEOPLE}?q=cinquanta", headers=bearer).json["total"] == 1


def test_the_same_form_sent_twice_has_one_effect(app, client_of):
    client = client_of(HEAD_OF_TOWN)
    page = client.get("/organisations/new").text
    sent = {**hidden(page), "name": "Gruppo Le Querce", "legal_type": "informal_group"}

    first, second = (client.post("/organisations/new", data=sent) for _time in range(2))

    assert first.status_code == second.status_code == 303
    assert first.location == second.location


def test_a_program_without_a_token_that_is_in_force_is_refused(app):
    answer = app.test_client().get(PEOPLE, headers={"Authorization": "Bearer nothing"})

    assert answer.status_code == 401


def test_the_openapi_document_is_valid(app, bearer):
    validate(app.test_client().get("/api/v1/openapi.json", headers=bearer).json)


def test_a_file_is_tried_then_written_and_writes_nothing_twice(client_of):
    client = client_of(HEAD_OF_TOWN)
    lines = "Nome,Forma giuridica\nGruppo Perché no,Gruppo informale\n,Gruppo informale\n".encode("cp1252")
    start = hidden(client.get("/organisations/import").text)
    tried = client.post("/organisations/import", data={**start, "file": (io.BytesIO(lines), "enti.csv")})

    assert tried.status_code == 200
    assert ">3</th>" in tried.text
    whole = client.post("/organisations/import", data={**hidden(tried.text), "do": "write", "which": "all"})
    assert whole.status_code == 422
    assert client.get("/api/v1/organisations?q=perch").json["total"] == 0

    valid = client.post("/organisations/import", data={**hidden(whole.text), "do": "write", "which": "valid"})
    assert valid.status_code == 200
    assert client.get("/api/v1/organisations?q=perch").json["total"] == 1


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\u200b=1"])
def test_no_text_becomes_a_formula_and_all_come_back_as_they_were(text):
    assert tame(text).startswith("'")
    assert untame(tame(text)) == text


@pytest.mark.parametrize("text", ["-480,00", "+39 030 5550142", "Rossi", "12"])
def test_amounts_and_telephones_stay_as_they_are(text):
    assert tame(text) == text


def test_a_program_that_asks_an_unknown_filter_is_told_the_known_ones(client_of):
    answer = client_of(HEAD_OF_TOWN).get("/api/v1/people?filter[surnam]=Rossi", headers={"Accept-Language": "it"})

    assert answer.status_code == 422
    assert "non ha il filtro «surnam»" in answer.json["detail"]

"""The pages of a person's rights, on the demo network: a tenant's copy, restriction and erasure."""

import io
import json

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from core.data_requests.rules import last_day
from core.database.scope import Scope, today
from core.people.models import Person
from core.testing.demo_network import HEAD_OF_COOPERATIVE, HEAD_OF_TOWN, RUNNING, hidden
from plugins.housing.models import LeaseTenant


@pytest.fixture(scope="module")
def tenant(app, partner_id):
    """Somebody of the town who signed a lease, registered by the town."""
    town = partner_id(RUNNING[0])
    with app.extensions["database"].session(Scope(partner_id=town), writes=False) as session:
        signed = select(LeaseTenant.person_id)
        return session.scalars(
            select(Person).where(Person.id.in_(signed), Person.registered_by_id == town).order_by(Person.id)
        ).first()


@pytest.fixture
def reader(client_of, tenant):
    """The head of the town, who said what the tenant's data are read for."""
    client, address = client_of(HEAD_OF_TOWN), f"/purpose/people/{tenant.id}"
    client.post(address, data={**hidden(client.get(address).text), "purpose": "data_subject"})
    return client


def test_a_copy_waits_for_what_it_is_read_for(client_of, tenant):
    for file in ("export.json", "export.pdf"):
        answer = client_of(HEAD_OF_TOWN).get(f"/rights/people/{tenant.id}/{file}")
        assert answer.location.startswith(f"/purpose/people/{tenant.id}?next=/rights")


def test_the_copy_for_programs_tells_what_every_module_keeps(reader, tenant):
    told = json.loads(reader.get(f"/rights/people/{tenant.id}/export.json").text)

    tables = {section["table"] for section in told["sections"]}
    assert told["complete"] is True
    assert {"people_person", "housing_lease", "housing_lease_tenant", "housing_charge"} <= tables


def test_the_copy_for_the_person_is_a_readable_document(reader, tenant):
    answer = reader.get(f"/rights/people/{tenant.id}/export.pdf")

    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    assert answer.content_type == "application/pdf"
    assert tenant.surname in text


def test_that_a_copy_was_made_stands_in_the_trail(app, reader, partner_id, tenant):
    from core.database.trail import Act, Change  # noqa: PLC0415

    reader.get(f"/rights/people/{tenant.id}/export.json")
    with app.extensions["database"].session(Scope(partner_id=partner_id(RUNNING[0])), writes=False) as session:
        lines = session.scalars(select(Change).where(Change.act == Act.READ, Change.entity_id == tenant.id)).all()
        assert lines[-1].told.facts["ground"] == "art. 15 GDPR"


def test_what_would_be_erased_is_shown_with_grounds_and_a_town_proposes_a_disposal(client_of, tenant):
    client = client_of(HEAD_OF_TOWN)
    page = client.get(f"/rights/people/{tenant.id}/erase").text

    assert "art. 2220 c.c." in page
    assert "Soprintendenza" in page
    assert client.get(f"/people/{tenant.id}").status_code == 200
    answer = client.post(
        f"/rights/people/{tenant.id}/erase", data={**hidden(page), "reason": "Richiesta del 3 novembre"}
    )
    assert answer.status_code == 303
    shown = client.get(answer.location).text
    assert "art. 2220 c.c." in shown
    assert f"{answer.location}/authorise" in shown
    assert "/carry-out" not in shown
    assert "btn-danger" not in client.get(f"/rights{answer.location}/carry-out").text
    refused = client.post(f"/rights{answer.location}/carry-out", data=hidden(shown))
    assert refused.status_code == 422


def test_restriction_marks_the_person_until_it_is_lifted(client_of, tenant):
    client, here = client_of(HEAD_OF_TOWN), f"/rights/people/{tenant.id}"
    page = client.get(f"{here}/restrict").text
    client.post(f"{here}/restrict", data={**hidden(page), "ground": "accuracy"})

    assert "art. 18 GDPR" in client.get(f"/people/{tenant.id}").text
    page = client.get(f"{here}/lift").text
    assert client.post(f"{here}/lift", data={**hidden(page), "reason": ""}).status_code == 422
    client.post(f"{here}/lift", data={**hidden(page), "reason": "I dati erano giusti"})
    assert "art. 18 GDPR" not in client.get(f"/people/{tenant.id}").text


def test_what_a_person_asks_is_written_down_stands_on_their_page_and_is_answered(client_of, tenant):
    client, tab = client_of(HEAD_OF_TOWN), f"/people/{tenant.id}/tab/data-requests"
    asked = client.get(f"/data-requests/new?person={tenant.id}").text
    told = {"person": str(tenant.id), "right": "access", "received_on": today().strftime("%d/%m/%Y")}
    made = client.post("/data-requests/new", data={**hidden(asked), **told})

    assert made.status_code == 303
    assert f'href="{made.location}"' in client.get(tab).text
    due = last_day(today(), extended=False)
    assert f'href="{made.location}"' in client.get(f"/agenda?month={due:%Y-%m}").text
    grant = f"{made.location}/grant"
    answer = {**hidden(client.get(grant).text), "answered_on": told["received_on"], "answer": "Consegnata"}
    assert client.post(grant, data={**answer, "answer": ""}).status_code == 422
    assert client.post(grant, data=answer).status_code == 303
    assert "Accolta" in client.get(tab).text
    assert client.get(f"{made.location}/extend").status_code == 422


@pytest.mark.parametrize("page", ["export.json", "export.pdf", "restrict", "lift", "erase"])
def test_another_partners_person_is_not_found(app, client_of, partner_id, page):
    with app.extensions["database"].session(Scope(operator=True, reason="tests"), writes=False) as session:
        town = partner_id(RUNNING[0])
        theirs = set(session.scalars(select(Person.id).where(Person.registered_by_id == town)))
    with app.extensions["database"].session(Scope(partner_id=partner_id(RUNNING[1])), writes=False) as session:
        seen = set(session.scalars(select(Person.id)))

    unseen = min(theirs - seen)
    assert client_of(HEAD_OF_COOPERATIVE).get(f"/rights/people/{unseen}/{page}").status_code == 404

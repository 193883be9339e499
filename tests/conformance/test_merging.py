"""Two sheets of the demo made one through the pages and through the API, and taken apart again."""

import re

import pytest
from sqlalchemy import select

from core.access.models import User
from core.access.tokens import issue_token
from core.database.scope import Scope
from core.people.models import Duplicate, DuplicateState
from core.testing.demo_network import AUDITOR, HEAD_OF_ASSOCIATION, HEAD_OF_TOWN, hidden

OFFICER = "luca.neri@demo.example"
REASON = "Stesso documento d’identità"


@pytest.fixture
def pair(app, partner_id):
    """The keys of two sheets that wait to be compared in the municipality."""
    with app.extensions["database"].session(Scope(partner_id=partner_id("MONTICHIARI")), writes=False) as session:
        waiting = select(Duplicate).where(Duplicate.state == DuplicateState.WAITING).order_by(Duplicate.id)
        found = session.scalars(waiting).unique().first()
        return str(found.person_id), str(found.other_id)


@pytest.fixture
def bearer(app, partner_id):
    town = partner_id("MONTICHIARI")

    def issue(session):
        user = session.scalars(select(User).where(User.email == HEAD_OF_TOWN)).one()
        return issue_token(session, user, partner_id=town, label="merging", days=1)[1]

    token = app.extensions["database"].run(Scope(partner_id=town, actor="tests"), issue)
    return {"Authorization": f"Bearer {token}", "Accept-Language": "it"}


def merged(client, winner, loser, **typed):
    address = f"/people/{winner}/merge/{loser}/preview"
    return client.post(address, data={**hidden(client.get(address).text), "reason": REASON, **typed})


def taken_apart(client, merge):
    return client.post(f"{merge}/undo", data={**hidden(client.get(f"{merge}/undo").text), "reason": "Prova"})


def test_from_the_list_to_the_merge_and_back(client_of, pair):
    client, (winner, loser) = client_of(HEAD_OF_TOWN), pair
    queue = client.get("/duplicates?f.state=waiting").text
    compared = client.get(f"/people/{winner}/merge/{loser}").text
    preview = client.get(f"/people/{winner}/merge/{loser}/preview?take.phone=goes").text
    other_phone = re.search(r'id="goes-phone".*?</span>(\+\d+)</label>', compared)[1]

    done = merged(client, winner, loser, **{"take.phone": "goes"})

    assert "doppioni" in queue
    assert preview.count(other_phone) == 1
    assert done.status_code == 303
    assert REASON in client.get(done.location).text
    assert other_phone in client.get(f"/people/{winner}").text
    assert taken_apart(client, done.location).status_code == 303
    assert other_phone not in client.get(f"/people/{winner}").text
    assert other_phone in client.get(f"/people/{loser}").text


def test_the_merged_address_leads_to_who_stayed_on_pages_and_in_the_api(client_of, app, bearer, pair):
    client, (winner, loser) = client_of(HEAD_OF_TOWN), pair
    done = merged(client, winner, loser)
    program = app.test_client()

    for address in ("/people/{}", "/people/{}/edit", "/people/{}/tab/housing?x=1"):
        answer = client.get(address.format(loser))
        assert (answer.status_code, answer.location) == (301, address.format(winner))
        assert answer.headers["Cache-Control"] == "no-store"
    read = program.get(f"/api/v1/people/{loser}", headers=bearer)
    phone = {"phone": "030 5550177"}
    written = program.patch(f"/api/v1/people/{loser}", json=phone, headers={**bearer, "If-Match": "*"})

    assert (read.status_code, read.headers["Location"]) == (301, f"/api/v1/people/{winner}")
    assert (written.status_code, written.content_type) == (409, "application/problem+json")
    assert winner in written.headers["Link"]
    surname = program.get(f"/api/v1/people/{winner}", headers=bearer).json["surname"]
    listed = program.get(f"/api/v1/people?size=100&q={surname}", headers=bearer).json["items"]
    assert loser not in [item["id"] for item in listed]
    taken_apart(client, done.location)
    assert client.get(f"/people/{loser}").status_code == 200


def test_a_program_looks_ahead_merges_and_undoes(app, bearer, pair):
    client, (winner, loser) = app.test_client(), pair
    address = f"/api/v1/people/{winner}/merge/{loser}"

    ahead = client.get(address, headers=bearer)
    bare = client.post(address, json={}, headers=bearer)
    strange = client.post(address, json={"reason": REASON, "take": ["partner_id"]}, headers=bearer)
    done = client.post(address, json={"reason": REASON, "take": ["phone"]}, headers=bearer)
    twice = client.post(address, json={"reason": REASON}, headers=bearer)
    undone = client.post(f"{done.headers['Location']}/undo", json={"reason": "Prova"}, headers=bearer)
    again = client.post(f"{done.headers['Location']}/undo", json={"reason": "Prova"}, headers=bearer)

    assert (ahead.status_code, ahead.json["conflicts"], ahead.json["codes"]) == (200, [], "agree")
    assert "phone" in [one["name"] for one in ahead.json["facts"]]
    assert (bare.status_code, bare.json["errors"][0]["field"]) == (422, "reason")
    assert (strange.status_code, strange.json["errors"][0]["field"]) == (422, "take")
    assert (done.status_code, done.json["state"], done.json["merged"]) == (201, "in_force", loser)
    assert twice.status_code == 422
    assert twice.json["errors"][0]["code"] == "already-merged"
    assert (undone.status_code, undone.json["state"]) == (200, "undone")
    assert again.status_code == 422


def test_only_who_may_merges_and_nobody_elses_people(client_of, pair):
    winner, loser = pair
    for address in (f"/people/{winner}/merge/{loser}", f"/people/{winner}/merge/{loser}/preview"):
        assert client_of(OFFICER).get(address).status_code == 403
        assert client_of(AUDITOR).get(address).status_code == 403
        assert client_of(HEAD_OF_ASSOCIATION).get(address).status_code == 404
    assert client_of(OFFICER).get("/duplicates").status_code == 200


def test_a_merge_without_reason_keeps_what_was_chosen(client_of, pair):
    client, (winner, loser) = client_of(HEAD_OF_TOWN), pair

    answer = merged(client, winner, loser, **{"reason": "", "take.phone": "goes"})

    assert answer.status_code == 422
    assert 'name="take.phone" value="goes"' in answer.text
    assert client.get(f"/people/{loser}").status_code == 200


def test_a_clerk_reports_two_sheets_and_says_that_they_are_two(client_of, app, partner_id):
    client = client_of(OFFICER)
    people = [one["id"] for one in client.get("/api/v1/people?size=2").json["items"]]
    address = f"/people/{people[0]}/report-duplicate"
    sent = {**hidden(client.get(address).text), "other": people[1]}

    reported = client.post(address, data=sent)
    different = f"{reported.location}/not-the-same"
    said = client.post(different, data={**hidden(client.get(different).text), "note": "Cugini"})

    assert (reported.status_code, reported.location.split("/")[1]) == (303, "duplicates")
    assert said.status_code == 303
    assert "Cugini" in client.get(reported.location).text
    assert client.post(different, data={**sent, "once": ""}).status_code == 422

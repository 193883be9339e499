"""A partner's own details, and the network's administrator letting partners in."""

import pytest
from sqlalchemy import select

from core.access.models import Membership, Role, User
from core.database.scope import Scope
from core.partners.models import Partner
from core.testing.demo_network import HEAD_OF_ASSOCIATION, HEAD_OF_TOWN, hidden

ADMINISTRATOR = "anna.rossi@demo.example"
OFFICER = "luca.neri@demo.example"
EVERYTHING = Scope(operator=True, actor="tests", reason="tests")
OWN = {"name": "Associazione Casa Aperta", "kind": "association", "language": "it"}


def sent(client, page, **given):
    return client.post(page, data={**hidden(client.get(page).text), **given})


def partner(app, code):
    with app.extensions["database"].session(EVERYTHING, writes=False) as session:
        return session.scalars(select(Partner).where(Partner.code == code)).one_or_none()


def test_a_head_is_told_what_is_missing_until_it_is_there(client_of, app):
    head = client_of(HEAD_OF_ASSOCIATION)
    assert "Scrivi gli indirizzi" in head.get("/").text

    urls = {"accessibility_url": "https://form.agid.gov.it/view/1", "privacy_url": "https://casaaperta.example/privacy"}
    answer = sent(head, "/organisation", **OWN, **urls, email="info@casaaperta.example.it", phone="030 5550188")

    assert answer.status_code == 303
    assert "Scrivi gli indirizzi" not in head.get("/").text
    assert head.get("/privacy").location == urls["privacy_url"]
    assert partner(app, "CASAAPERTA").phone == "+390305550188"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("privacy_url", "casaaperta"), ("accessibility_url", "javascript:alert(1)"), ("email", "info@"), ("phone", "12"),
     ("name", " ")],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(client_of, app, field, wrong):
    answer = sent(client_of(HEAD_OF_ASSOCIATION), "/organisation", **{**OWN, field: wrong})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert partner(app, "CASAAPERTA").name == OWN["name"]


def test_the_administrator_lets_a_partner_in_and_its_head_gets_a_link(client_of, app):
    administrator = client_of(ADMINISTRATOR)
    given = {"code": "fenice", "name": "Cooperativa La Fenice", "kind": "cooperative", "language": "it",
             "head": "Ada Blu", "email": "ada.blu@fenice.example.it"}  # fmt: skip

    answer = sent(administrator, "/partners/new", **given)

    assert answer.status_code == 303
    assert "Cooperativa La Fenice" in administrator.get("/partners").text
    with app.extensions["database"].session(EVERYTHING, writes=False) as session:
        wanted = select(Membership.role).join(User).where(User.email == given["email"])
        roles = session.scalars(wanted.where(Membership.partner_id == partner(app, "FENICE").id)).all()
    assert roles == [Role.ORG_MANAGER]

    again = sent(administrator, "/partners/new", **given)
    assert again.status_code == 422
    assert 'id="code-error"' in again.text


def test_a_partner_is_stopped_and_works_again(client_of, app):
    administrator = client_of(ADMINISTRATOR)
    key = partner(app, "CALVISANO").id

    for state, active in (("inactive", False), ("active", True)):
        token = hidden(administrator.get("/partners").text)
        assert administrator.post(f"/partners/{key}/{state}", data=token).status_code == 303
        assert partner(app, "CALVISANO").active is active


def test_nobody_stops_the_partner_they_work_for(client_of, app):
    administrator = client_of(ADMINISTRATOR)
    page = administrator.get("/partners").text
    with app.extensions["database"].session(EVERYTHING, writes=False) as session:
        own = next(one for one in session.scalars(select(Partner)) if f"/partners/{one.id}/" not in page)

    answer = administrator.post(f"/partners/{own.id}/inactive", data=hidden(page))

    assert answer.status_code == 422
    assert partner(app, own.code).active


@pytest.mark.parametrize("address", ["/partners", "/partners/new"])
def test_a_head_does_not_see_the_partners_of_the_network(client_of, address):
    assert client_of(HEAD_OF_TOWN).get(address).status_code == 403


def test_an_officer_does_not_change_the_organisation(client_of):
    assert client_of(OFFICER).get("/organisation").status_code == 403

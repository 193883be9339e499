"""With housing on, a lease asks for a guarantee and shows it; without, nothing of it is there."""

from sqlalchemy import select

from core.database.scope import Scope
from core.people.models import HouseholdMember
from core.testing.demo_network import HEAD_OF_TOWN, hidden
from plugins.guarantee_fund.models import Application, FundLine, LineKind
from plugins.housing.models import Lease, LeaseTenant


def first(app, town, model, *where):
    with app.extensions["database"].session(Scope(partner_id=town), writes=False) as session:
        return session.scalars(select(model).where(*where).limit(1)).unique().one()


def switch(client, way):
    page = client.get("/modules/guarantee_fund")
    assert client.post(f"/modules/guarantee_fund/{way}", data=hidden(page.text)).status_code == 303


def test_a_lease_asks_for_a_guarantee_on_its_rent_and_shows_it(app, client_of, partner_id):
    town, client = partner_id("MONTICHIARI"), client_of(HEAD_OF_TOWN)
    lives_somewhere = Lease.tenants.any(LeaseTenant.person_id.in_(select(HouseholdMember.person_id)))
    lease = first(app, town, Lease, lives_somewhere)
    line = first(app, town, FundLine, FundLine.kind == LineKind.RENT)
    ask = f"/m/guarantee-fund/leases/{lease.id}/ask"

    begun = client.get(ask).text
    sent = {**hidden(begun), "line": str(line.id), "purpose": "Canone", "counterpart.q": "Banca",
            "months": "24", "amount": "3600,00", "monthly_rent": "300,00"}  # fmt: skip
    counterpart = first(app, town, Application).counterpart_id
    answer = client.post(ask, data={**sent, "counterpart": str(counterpart), "person": ask_for(begun, "person")})

    assert answer.status_code == 303, answer.text
    made = first(app, town, Application, Application.lease_key == lease.id)
    assert made.subject == str(lease)
    assert str(made.id) in client.get(f"/m/housing/leases/{lease.id}/tab/guarantee-fund").text


def test_with_the_fund_off_a_lease_says_nothing_of_it(app, client_of, partner_id):
    client, lease = client_of(HEAD_OF_TOWN), first(app, partner_id("MONTICHIARI"), Lease)
    switch(client, "off")
    try:
        page = client.get(f"/m/housing/leases/{lease.id}")
        tab = client.get(f"/m/housing/leases/{lease.id}/tab/guarantee-fund")
    finally:
        switch(client, "on")

    assert page.status_code == 200
    assert "guarantee-fund" not in page.text
    assert tab.status_code == 404


def ask_for(page, name):
    """The value that a lookup of the page already holds."""
    held = hidden(page)
    return held.get(name) or page.split(f'name="{name}"')[1].split(" selected")[0].rsplit('value="', 1)[1].split('"')[0]

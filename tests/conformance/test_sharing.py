"""A person that one partner shares with another: read wherever people are read, and nowhere once it is revoked."""

import io
import re
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.database.scope import Scope, today
from core.partners.models import Partner
from core.people.models import CurrentGround, HouseholdKind, IseeKind, KnownToServices, Person, Sex
from core.people.services import compose_household, record_isee, register_person
from core.sharing import services
from core.sharing.models import LegalGround, Level, Share
from core.testing.demo_network import AUDITOR, HEAD_OF_COOPERATIVE, HEAD_OF_TOWN, hidden

CODE, SURNAME = "BNMCHR84L49F471K", "Bonometti"
NAME = f"{SURNAME} Chiara"


@pytest.fixture(scope="module")
def cooperative(app, partner_id):
    """Work in the name of the cooperative, which registered Chiara."""
    scope = Scope(partner_id=partner_id("ILPONTE"), actor="Sara Bonetti")
    return lambda work: app.extensions["database"].run(scope, work)


@pytest.fixture(scope="module")
def chiara(cooperative):
    """Chiara, her household and a certificate that ends on a day of its own."""

    def register(session):
        person = register_person(
            session, surname=SURNAME, name="Chiara", sex=Sex.FEMALE, birth_date=date(1984, 7, 9), codice_fiscale=CODE,
            citizenship="IT", phone="+390305550142", iban="IT60X0542811101000000123456", notes="Prefers mornings",
            known_to_services=KnownToServices.NO, confirm_similar=True,
        )  # fmt: skip
        household = compose_household(session, person=person, kind=HouseholdKind.ISEE)
        certificate = record_isee(
            session, household=household, kind=IseeKind.CURRENT, ground=CurrentGround.INCOME, submitted_on=today(),
            isee=Decimal("9123.45"), protocol="INPS-ISEE-SHARED",
        )  # fmt: skip
        return {"person": person.id, "household": household.id, "isee": certificate.id, "on": certificate.expires_on}

    return cooperative(register)


@pytest.fixture
def share(cooperative, chiara, partner_id):
    """Share her with the town at a level, for a module; what is left in force is revoked afterwards."""

    def give(level=Level.L3, module="housing"):
        def given(session):
            person, taker = (
                session.get_one(Person, chiara["person"]),
                session.get_one(Partner, partner_id("MONTICHIARI")),
            )
            return services.give(
                session, person=person, taker=taker, legal_ground=LegalGround.PUBLIC_TASK, level=level, module=module
            ).id

        return cooperative(given)

    yield give

    def end(session):
        for one in session.scalars(select(Share).where(Share.person_id == chiara["person"])):
            if one.open:
                services.revoke(session, one)

    cooperative(end)


def revoke(client_of, key):
    """As the cooperative does it: the page, and its button."""
    client = client_of(HEAD_OF_COOPERATIVE)
    address = f"/shares/{key}/revoke"
    assert client.post(address, data=hidden(client.get(address).text)).status_code == 303


def attached(client, chiara):
    """A file that the town hangs on her page, while it sees her; its address."""
    sent = hidden(client.get(f"/people/{chiara['person']}").text)
    told = {"entity": "people_person", "entity_id": str(chiara["person"]), "category": "other",
            "csrf_token": sent["csrf_token"], "file": (io.BytesIO(b"Appunti"), "appunti.txt")}  # fmt: skip
    assert client.post("/files", data=told, content_type="multipart/form-data").status_code == 303
    page = client.get(f"/people/{chiara['person']}").text
    return re.search(r"/files/[0-9a-f-]{36}", page)[0]


# Where people are read → its address, and what stands there of her. What it says of a path that the program has
# not (webhooks, bulk actions) stands in docs/decisions/0015.
PATHS = {
    "page": ("/people/{person}", NAME),
    "tab": ("/people/{person}/tab/access", NAME),
    "tab of a module": ("/people/{person}/tab/housing", NAME),
    "form that acts": ("/people/{person}/tag", NAME),
    "list": ("/people?q=bonometti+chiara", NAME),
    "filtered list": ("/people?q=bonometti&f.sex=F", NAME),
    "search": ("/search?q=bonometti+chiara", NAME),
    "autocomplete": ("/people/lookup?field=person&person.q=bonometti+chiara", NAME),
    "similar people": ("/people/similar?surname=Bonometti&name=Chiara&birth_date=09/07/1984", NAME),
    "export as CSV": ("/people/export.csv?q=bonometti", NAME),
    "export of certificates": ("/isee-certificates/export.csv?q=SHARED", NAME),
    "API of one": ("/api/v1/people/{person}", CODE),
    "API of many": ("/api/v1/people?q=bonometti", CODE),
    "household": ("/households/{household}", NAME),
    "households": ("/households?q=bonometti", NAME),
    "API of households": ("/api/v1/households/{household}", "{person}"),
    "certificate": ("/isee-certificates/{isee}", "9.123,45"),
    "certificates": ("/isee-certificates?q=SHARED", "9.123,45"),
    "API of certificates": ("/api/v1/isee-certificates/{isee}", "9123.45"),
    "agenda": ("/agenda?month={month}&source=people.isee", "f.expires_on.from={day}"),
    "desk of sharing": ("/sharing", NAME),
    "list of shares": ("/shares", NAME),
    "API of shares": ("/api/v1/shares?q=bonometti", "{person}"),
}


@pytest.mark.parametrize("path", PATHS)
def test_core_6_what_is_shared_is_read_until_it_is_revoked_and_not_at_the_next_request(client_of, chiara, share, path):
    day = chiara["on"]
    told = {**chiara, "month": f"{day:%Y-%m}", "day": f"{day:%d/%m/%Y}"}
    address, words = (text.format(**told) for text in PATHS[path])
    town = client_of(HEAD_OF_TOWN)
    assert words not in town.get(address).text

    key = share()
    answer = town.get(address)
    assert answer.status_code == 200
    assert words in answer.text

    revoke(client_of, key)
    after = town.get(address)
    assert words not in after.text
    assert NAME not in after.text
    assert after.status_code in ({404} if "{" in PATHS[path][0] and path != "agenda" else {200})


def test_core_6_attachments_close_with_the_person_they_hang_on(client_of, chiara, share):
    town, key = client_of(HEAD_OF_TOWN), share()
    address = attached(town, chiara)
    assert town.get(address).status_code == 200

    revoke(client_of, key)

    assert town.get(address).status_code == 404


def test_core_6_a_program_that_kept_an_answer_is_not_told_that_it_is_still_good(client_of, chiara, share):
    town, key, address = client_of(HEAD_OF_TOWN), share(), f"/api/v1/people/{chiara['person']}"
    tag = town.get(address).headers["ETag"]

    revoke(client_of, key)

    assert town.get(address, headers={"If-None-Match": tag}).status_code == 404


def test_core_6_drafts_open_no_page_that_is_closed(client_of, chiara, share):
    town, key, address = client_of(HEAD_OF_TOWN), share(), f"/people/{chiara['person']}/tag"
    sent = hidden(town.get(address).text)
    assert town.post("/drafts", data={**sent, "draft.page": address, "tag.q": "Socio"}).status_code == 303

    revoke(client_of, key)

    assert town.get(f"{address}?draft=resume").status_code == 404


CLOSED = {
    Level.L1: ("iban", "notes", "citizenship", "sex", "known_to_services"),
    Level.L2: ("iban", "notes", "document_number"),
    Level.L3: (),
}


@pytest.mark.parametrize("level", Level)
def test_the_level_holds_on_page_list_export_and_api_alike(client_of, chiara, share, level):
    share(level, module="registry")
    town = client_of(HEAD_OF_TOWN)

    body = town.get(f"/api/v1/people/{chiara['person']}").json
    page = town.get(f"/people/{chiara['person']}").text
    file = town.get("/people/export.csv?q=bonometti").text

    assert [name for name in CLOSED[level] if body[name] is not None] == []
    assert (body["codice_fiscale"], body["phone"]) == (CODE, "+390305550142")
    for text in (page, file):
        assert ("IT60X0542811101000000123456" in text) is (text is page and level is Level.L3)
    assert ("Prefers mornings" in page) is (level is Level.L3)
    assert ("non condiviso con voi" in page) is (level is not Level.L3)


def test_filtering_by_a_closed_field_finds_nobody_by_it(client_of, chiara, share):
    share(Level.L1, module="registry")
    town, hers = client_of(HEAD_OF_TOWN), str(chiara["person"])

    for address, found in (("?q=bonometti+chiara", True), ("?q=bonometti+chiara&filter[sex]=F", False)):
        assert (hers in [one["id"] for one in town.get(f"/api/v1/people{address}").json["items"]]) is found
    assert hers in town.get("/people?q=bonometti+chiara").text
    assert hers not in town.get("/people?q=bonometti+chiara&f.sex=F").text


def test_who_sees_a_person_does_not_change_them(client_of, chiara, share):
    share()
    town, page = client_of(HEAD_OF_TOWN), f"/people/{chiara['person']}"

    shown = town.get(page).text
    assert f"{page}/edit" not in shown
    assert f"{page}/archive" not in shown
    sent = hidden(town.get(f"{page}/archive").text)
    assert town.post(f"{page}/archive", data={**sent, "reason": "Not ours"}).status_code in {403, 422}
    assert town.get(f"/api/v1{page}").json["state"] == "active"


def test_the_tab_tells_in_one_look_who_registered_who_sees_and_why(client_of, chiara, share):
    share(Level.L2)
    tab = f"/people/{chiara['person']}/tab/access"

    theirs, ours = client_of(HEAD_OF_TOWN).get(tab).text, client_of(HEAD_OF_COOPERATIVE).get(tab).text

    for page in (theirs, ours):
        assert "Il Ponte cooperativa sociale" in page
        assert "Comune di Montichiari" in page
        assert "Sintesi, per Abitare" in page
    assert "condivide questa persona con voi fino al" in theirs
    assert "lo può aprire chi è responsabile dell" in theirs
    assert "Sara Bonetti" in theirs
    assert "/revoke" in ours
    assert "/revoke" not in theirs


def test_six_clicks_share_and_three_revoke(client_of, chiara):
    """Home, people, the person, the tab, partner and ground chosen, sent; home, sharing, revoke, sent."""
    client = client_of(HEAD_OF_COOPERATIVE)
    home = client.get("/").text
    assert 'href="/people"' in home
    assert f"/people/{chiara['person']}" in client.get("/people?q=bonometti").text
    tab = f"/people/{chiara['person']}/tab/access"
    assert tab in client.get(f"/people/{chiara['person']}").text
    page = client.get(tab).text
    taker = re.search(r'value="([0-9a-f-]{36})">Comune di Calcinato', page)[1]
    sent = {**hidden(page), **selected(page), "taker": taker, "legal_ground": "public_task"}
    made = client.post("/shares/new", data=sent)
    assert made.status_code == 303, made.text

    assert 'href="/sharing"' in home
    assert f'href="{made.location}/revoke"' in client.get("/sharing").text
    ending = client.get(f"{made.location}/revoke").text
    assert client.post(f"{made.location}/revoke", data=hidden(ending)).status_code == 303
    assert "Revocata" in client.get(made.location).text


def selected(page):
    """What a form's lists and boxes hold when nobody touches them."""
    held = {}
    for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option[^>]*selected[^>]*value="([^"]+)"', options)
        held[name] = (chosen or re.search(r'value="([^"]*)"', options))[1]
    text = re.search(r'<input[^>]*name="valid_to"[^>]*value="([^"]+)"', page)
    return held | ({"valid_to": text[1]} if text else {})


def test_a_known_codice_fiscale_leads_to_the_request_and_to_its_answer(client_of, chiara, partner_id):
    town, cooperative = client_of(HEAD_OF_TOWN), client_of(HEAD_OF_COOPERATIVE)
    form = town.get("/people/new").text
    typed = {**hidden(form), "surname": "Rossi", "name": "Anna", "birth_date": "09/07/1984", "sex": "F",
             "known_to_services": "no", "codice_fiscale": CODE, "mismatch_reason": "Sposata"}  # fmt: skip
    refused = town.post("/people/new", data=typed)
    assert refused.status_code == 422
    assert 'formaction="/sharing/ask"' in refused.text
    assert NAME not in refused.text

    page = town.post("/sharing/ask", data={**hidden(refused.text), "codice_fiscale": CODE})
    assert page.status_code == 200
    assert CODE in page.text
    assert "Il Ponte" not in re.search(r"<main.*</main>", page.text, re.DOTALL)[0]
    asked = town.post("/share-requests/new", data={**hidden(page.text), **selected(page.text), "codice_fiscale": CODE})
    assert asked.status_code == 303, asked.text
    told = town.get(asked.location).text
    assert NAME not in told
    assert "Il Ponte" not in re.search(r"<main.*</main>", told, re.DOTALL)[0]
    assert "person" not in town.get(f"/api/v1{asked.location}").json

    answer = f"{asked.location}/refuse"
    assert NAME in cooperative.get("/sharing").text
    assert town.post(answer, data={**hidden(told), "reason": "No"}).status_code in {403, 409, 422}
    sent = cooperative.post(answer, data={**hidden(cooperative.get(answer).text), "reason": "Non ne ha bisogno"})
    assert sent.status_code == 303
    assert "Non ne ha bisogno" in town.get(asked.location).text
    assert town.get(f"/people/{chiara['person']}").status_code == 404


def test_the_api_gives_and_revokes_by_the_same_rules(app, client_of, chiara, partner_id):
    client = client_of(HEAD_OF_COOPERATIVE)
    csrf = {"X-CSRFToken": hidden(client.get("/shares/new").text)["csrf_token"]}
    told = {"person": str(chiara["person"]), "taker": str(partner_id("CALVISANO")), "legal_ground": "contract"}

    wrong = client.post("/api/v1/shares", json=told, headers=csrf)
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "document")
    made = client.post("/api/v1/shares", json=told | {"document": "Contratto 12/2026"}, headers=csrf)
    assert made.status_code == 201, made.text
    assert client.post(f"{made.headers['Location']}/revoke", json={}, headers=csrf).status_code == 200
    assert client.get(made.headers["Location"]).json["standing"] == "revoked"
    assert client_of(HEAD_OF_TOWN).get(made.headers["Location"]).status_code == 404


def test_an_emergency_opens_the_page_and_says_so_on_the_tab(client_of, chiara):
    town, cooperative = client_of(HEAD_OF_TOWN), client_of(HEAD_OF_COOPERATIVE)
    form = hidden(town.get("/emergencies/new").text)
    made = town.post("/emergencies/new", data={**form, "codice_fiscale": CODE, "reason": "Trovata in strada di notte"})
    assert made.status_code == 303, made.text

    assert NAME in town.get(f"/people/{chiara['person']}").text
    assert "Accesso in urgenza" in cooperative.get(f"/people/{chiara['person']}/tab/access").text
    end = f"{made.location}/end"
    assert cooperative.post(end, data=hidden(cooperative.get(end).text)).status_code == 303
    assert town.get(f"/people/{chiara['person']}").status_code == 404


def test_who_may_not_open_in_an_emergency_is_refused(client_of):
    assert client_of(AUDITOR).get("/emergencies/new").status_code == 403


def test_looking_as_a_role_shows_its_menu_writes_nothing_and_is_left_with_one_click(app, client_of):
    client = app.test_client()
    token = hidden(client.get("/sign-in").text)["csrf_token"]
    client.post("/sign-in", data={"email": HEAD_OF_COOPERATIVE, "password": "generazioni-demo", "csrf_token": token})
    csrf = hidden(client.get("/roles").text)["csrf_token"]

    assert client.post("/roles/view", data={"csrf_token": csrf, "role": "accountant"}).status_code == 303
    home = client.get("/").text
    assert "VISTA COME RUOLO" in home
    assert "Amministrazione" in home
    assert 'href="/members"' not in home
    assert client.get("/members").status_code == 403
    assert client.get("/people/new").status_code == 403
    assert client.post("/people/new", data={"csrf_token": csrf}).status_code == 403
    assert client.post("/roles/view", data={"csrf_token": csrf, "role": "org_manager"}).status_code == 403

    assert client.post("/roles/leave", data={"csrf_token": csrf}).status_code == 303
    assert "VISTA COME RUOLO" not in client.get("/").text
    assert client.get("/members").status_code == 200


def test_looking_as_a_role_never_widens_what_one_may(app):
    client = app.test_client()
    token = hidden(client.get("/sign-in").text)["csrf_token"]
    client.post("/sign-in", data={"email": AUDITOR, "password": "generazioni-demo", "csrf_token": token})
    csrf = hidden(client.get("/me").text)["csrf_token"]

    assert client.post("/roles/view", data={"csrf_token": csrf, "role": "org_manager"}).status_code == 403
    assert client.get("/people").status_code == 403


def test_a_role_that_there_is_not_is_refused(client_of):
    client = client_of(HEAD_OF_TOWN)
    csrf = hidden(client.get("/roles").text)["csrf_token"]

    for role in ("sysadmin", "nobody"):
        assert client.post("/roles/view", data={"csrf_token": csrf, "role": role}).status_code in {409, 422}

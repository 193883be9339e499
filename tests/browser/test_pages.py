"""Every page in a real browser: accessible by axe's rules, nothing that the content policy forbids."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import select

from core.data_requests import services as data_requests
from core.data_requests.models import Right
from core.database.scope import Scope
from core.documents.declaration import kinds_on
from core.partners.models import Partner
from core.people.models import Person
from core.resource import lookup
from core.rights import services as rights
from core.rights.asking import plan_of
from core.rights.models import Erasure
from core.testing.demo_network import HEAD_OF_TOWN
from tests.browser.conftest import sign_in

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"], "preload": False}
# A table's fourth row and a list's fourth choice are made like the third; what stands around every page is looked
# at on the hand-made ones.
REPEATED = [["tbody tr:nth-child(n+4)"], ["option:nth-child(n+4)"]]
AROUND = [[".g-header"], [".g-nav"], [".g-footer"]]
OWN = ("/", "/search?q=mo", "/search?q=", "/modules", "/members", "/members/new", "/roles", "/me", "/me/security",
       "/status", "/accessibility", "/privacy", "/nothing-here", "/people/similar", "/jobs")  # fmt: skip


# One page of each kind, for the words of the other language.
IN_ENGLISH = (*OWN, "/people", "/people?q=zzzzzz", "/people/new", "/people/import", "/m/housing/", "/m/housing/calls",
              "/m/housing/arrears", "/m/guarantee-fund/")  # fmt: skip


def in_english(served):
    """One page of each kind."""
    return IN_ENGLISH


def addresses(served):
    """The pages without a record, and for each collection those of its first one, tabs and acts included."""
    app = served.app
    database = app.extensions["database"]
    with database.session(Scope(operator=True, actor="tests", reason="tests"), writes=False) as session:
        town = session.scalars(select(Partner.id).where(Partner.code == "MONTICHIARI")).one()
    found = [*OWN, "/people?q=zzzzzz", "/m/housing/charges?q=zzzzzz"]
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and not rule.arguments]
    found += [rule.rule for rule in rules if rule.rule.startswith("/m/")]
    with database.session(Scope(partner_id=town), writes=False) as session:
        for collection in app.extensions["generazioni"].collections:
            found.append(collection.url)
            if "add" in collection.verbs:
                found += [f"{collection.url}/new", f"{collection.url}/import"]
            record = session.scalars(lookup.base(session, collection).limit(1)).first()
            if record is not None:
                found.append(collection.address(record))
                found += [collection.address(record, "edit")] if "change" in collection.verbs else []
                found += [collection.address(record, act.name) for act in collection.acts()]
                found += [collection.address(record, "documents", one.kind.name) for one in kinds_on(collection.key)]
    return sorted(set(found))


def of_the_network(served):
    """The pages that its administrator alone opens."""
    with served.app.extensions["database"].session(Scope(operator=True, actor="tests", reason="tests")) as session:
        town = session.scalars(select(Partner.id).where(Partner.code == "MONTICHIARI")).one()
    one = "/network/modules/housing"
    return ["/network/modules", "/network/modules/matrix", one, f"{one}/purge", f"{one}/install", f"{one}/upgrade",
            f"{one}/disable?partner={town}", "/files/left", "/partners"]  # fmt: skip


def of_a_person(served):
    """What a person may ask of their data: the tabs and forms of one, a request in the register, an erasure."""
    app = served.app
    database, asked = app.extensions["database"], app.extensions["generazioni"].asked("subject_erase")

    def ask(session):
        person = session.scalars(select(Person).where(Person.registered_by_id == town).order_by(Person.id)).first()
        request = data_requests.receive(session, right=Right.ERASURE, person=person)
        plan = plan_of(session, person.id, asked)
        waiting = select(Erasure.id).where(Erasure.subject_id == person.id)
        erasure = session.scalars(waiting).first()
        if erasure is None:
            erasure = rights.propose_erasure(session, person.id, plan, reason=request.number).id
        return person.id, request.id, erasure

    with database.session(Scope(operator=True, actor="tests", reason="tests"), writes=False) as session:
        town = session.scalars(select(Partner.id).where(Partner.code == "MONTICHIARI")).one()
    person, request, erasure = database.run(Scope(partner_id=town, actor="tests"), ask)
    return [
        *(f"/people/{person}/tab/{name}" for name in ("rights", "data-requests", "access")),
        *(f"/rights/people/{person}/{name}" for name in ("restrict", "lift", "erase")),
        "/data-requests", "/data-requests/new", f"/data-requests/{request}",
        *(f"/data-requests/{request}/{name}" for name in ("grant", "extend", "refuse")),
        "/erasures", f"/erasures/{erasure}", f"/erasures/{erasure}/authorise", f"/erasures/{erasure}/withdraw",
        f"/rights/erasures/{erasure}/carry-out",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "email", "pages"),
    [
        ("it", HEAD_OF_TOWN, addresses),
        ("it", "anna.rossi@demo.example", of_the_network),
        ("it", HEAD_OF_TOWN, of_a_person),
        ("en", HEAD_OF_TOWN, in_english),
        ("en", HEAD_OF_TOWN, of_a_person),
        ("en", "anna.rossi@demo.example", of_the_network),
    ],
    ids=["head", "network", "person", "head in English", "person in English", "network in English"],
)
def test_every_page_is_accessible_and_keeps_the_content_policy(served, page, language, email, pages):
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    sign_in(page, served, email)
    page.context.add_cookies([{"name": "language", "value": language, "url": served.address}])
    barriers = []
    for address in pages(served):
        if address.endswith((".csv", ".xlsx", ".json", ".pdf")):
            continue
        page.goto(served.address + address)
        parts = {"exclude": REPEATED if address in OWN else REPEATED + AROUND}
        result = Axe().run(page, context=parts, options=RULES)
        barriers += [f"{address}: {v['id']} {v['nodes'][0]['target']}" for v in result.response["violations"]]

    assert barriers == []
    assert complaints == []


def test_a_form_with_errors_is_accessible_and_keeps_what_was_typed(served, page):
    sign_in(page, served, HEAD_OF_TOWN)
    page.goto(f"{served.address}/people/new")
    page.fill("[name=surname]", "Bonometti")
    page.fill("[name=birth_date]", "31/13/1984")
    page.fill("[name=codice_fiscale]", "BNMCHR84L49F471J")
    page.get_by_role("button", name="Salva", exact=True).click()

    assert page.locator("#errori").is_visible()
    assert page.input_value("[name=surname]") == "Bonometti"
    assert page.input_value("[name=birth_date]") == "31/13/1984"
    assert Axe().run(page, options=RULES).response["violations"] == []


@pytest.mark.parametrize("address", ["/", "/people", "/people/new", "/m/housing/", "/m/housing/arrears", "/modules"])
def test_a_narrow_screen_never_scrolls_sideways(served, page, address):
    page.set_viewport_size({"width": 320, "height": 800})
    sign_in(page, served, HEAD_OF_TOWN)
    page.goto(served.address + address)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_person_is_registered_without_javascript(served, browser):
    context = browser.new_context(java_script_enabled=False, locale="it-IT")
    page = context.new_page()
    sign_in(page, served, HEAD_OF_TOWN)
    page.goto(f"{served.address}/people/new")
    page.fill("[name=surname]", "Quaranta")
    page.fill("[name=name]", "Iolanda")
    page.fill("[name=birth_date]", "02/03/1971")
    page.select_option("[name=sex]", "F")
    page.select_option("[name=known_to_services]", "no")
    page.select_option("[name=no_codice_fiscale_reason]", index=1)
    page.get_by_role("button", name="Salva", exact=True).click()

    assert page.locator("h1").inner_text().startswith("Quaranta Iolanda")
    context.close()


def test_the_first_load_is_light_and_the_second_lighter(served, browser):
    context = browser.new_context(locale="it-IT")
    page = context.new_page()
    sign_in(page, served, HEAD_OF_TOWN)
    fresh = browser.new_context(locale="it-IT", storage_state=context.storage_state())
    page = fresh.new_page()
    client = fresh.new_cdp_session(page)
    client.send("Network.enable")
    sizes = []
    client.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))

    page.goto(f"{served.address}/people", wait_until="networkidle")
    first, count = sum(sizes), len(sizes)
    sizes.clear()
    page.goto(f"{served.address}/people?size=25", wait_until="networkidle")

    assert first <= 150_000
    assert count <= 10
    assert sum(sizes) <= 30_000

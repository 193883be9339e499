"""The network's administrator and the modules: every action has its plan; what is off leaves no trace."""

import hashlib
import re

import pytest
from sqlalchemy import func, inspect, select, text

from core.database.installed import InstalledModule
from core.database.model import metadata
from core.database.scope import Scope
from core.partners.models import ModuleSwitch
from core.testing.conformance.pages import MOST_QUERIES, questions_of
from core.testing.demo_network import HEAD_OF_COOPERATIVE, HEAD_OF_TOWN, hidden
from plugins.housing.models import LeaseTenant

ADMINISTRATOR = "anna.rossi@demo.example"
EVERYTHING = Scope(operator=True, actor="tests", reason="tests")
NETWORK = "/network/modules"
TRACES = ("/m/housing", "/api/v1/housing", "housing.", "housing/", "Bandi", "Morosità", "Canoni")


def post(client, page, **given):
    return client.post(page, data={**hidden(client.get(page).text), **given})


def checksum(app):
    """A fingerprint of every row of housing, of every partner."""
    digest = hashlib.sha256()
    with app.extensions["database"].session(EVERYTHING, writes=False) as session:
        for name, table in sorted(metadata.tables.items()):
            if name.startswith("housing_"):
                for row in session.execute(select(table).order_by(*table.primary_key.columns)):
                    digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


def switch(app, partner):
    with app.extensions["database"].session(EVERYTHING, writes=False) as session:
        wanted = select(ModuleSwitch.enabled).where(ModuleSwitch.key == "housing", ModuleSwitch.partner_id == partner)
        return session.scalars(wanted).one()


PAGES = (NETWORK, f"{NETWORK}/matrix", f"{NETWORK}/housing", f"{NETWORK}/housing/purge", f"{NETWORK}/housing/upgrade",
         f"{NETWORK}/housing/install")  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_of_the_network_are_for_its_administrator(app, client_of, page):
    asked = questions_of(app, client_of(ADMINISTRATOR), page)

    assert client_of(ADMINISTRATOR).get(page).status_code == 200
    assert len(asked) <= MOST_QUERIES, "\n".join(asked)
    assert client_of(HEAD_OF_TOWN).get(page).status_code == 403
    assert app.test_client().get(page).status_code == 303


@pytest.mark.parametrize("page", [f"{NETWORK}/games", f"{NETWORK}/games/purge", f"{NETWORK}/housing/enable",
                                  f"{NETWORK}/housing/disable?partner=nobody", f"{NETWORK}/housing/break"])  # fmt: skip
def test_there_is_no_page_of_what_is_not_there(client_of, page):
    assert client_of(ADMINISTRATOR).get(page).status_code == 404


def test_the_passport_drafts_the_entry_in_the_register_of_processing(client_of):
    page = client_of(ADMINISTRATOR).get(f"{NETWORK}/housing").text

    for told in ("registro dei trattamenti", "Finalità", "Categorie di interessati", "Termini per la cancellazione",
                 "disabilità, come sì o no", "situazione economica", "cinque anni dalla scadenza", "housing_lease",
                 "purge_plan"):  # fmt: skip
        assert told in page, told


def test_the_plan_of_a_purge_tells_what_the_law_wants_kept_and_offers_no_button_while_it_is_on(client_of):
    page = client_of(ADMINISTRATOR).get(f"{NETWORK}/housing/purge").text

    assert "art. 2220" in page
    assert "Comune di Montichiari" in page
    assert 'name="typed"' not in page


def test_a_module_that_is_on_is_not_purged_by_whoever_sends_the_form_all_the_same(app, client_of):
    answer = post(client_of(ADMINISTRATOR), f"{NETWORK}/housing/purge", typed="housing", keeps="y")

    assert answer.status_code == 422
    with app.extensions["database"].session(EVERYTHING, writes=False) as session:
        assert session.scalar(select(func.count(InstalledModule.id)).where(InstalledModule.key == "housing")) == 1


def test_the_administrator_switches_for_a_partner_and_the_trail_says_who(app, client_of, partner_id):
    administrator, bridge = client_of(ADMINISTRATOR), partner_id("ILPONTE")
    off, on = (f"{NETWORK}/housing/{verb}?partner={bridge}" for verb in ("disable", "enable"))
    assert "contratti" in administrator.get(off).text, "what stops is said"

    assert post(administrator, off).status_code == 303
    assert switch(app, bridge) is False
    assert client_of(HEAD_OF_COOPERATIVE).get("/m/housing/leases").status_code == 404

    assert post(administrator, on).status_code == 303
    assert client_of(HEAD_OF_COOPERATIVE).get("/m/housing/leases").status_code == 200
    with app.extensions["database"].session(EVERYTHING, writes=False) as session:
        lines = session.execute(
            text("select actor from audit_change where entity = 'partners_module' order by sequence desc limit 2")
        ).scalars()
        assert set(lines) == {"Anna Rossi"}


def test_fifty_times_off_and_on_change_no_row(app, client_of, partner_id):
    head, town = client_of(HEAD_OF_TOWN), partner_id("MONTICHIARI")
    before = checksum(app)

    token = {"csrf_token": hidden(head.get("/modules/housing").text)["csrf_token"]}

    for _time in range(50):
        for verb, state in (("off", False), ("on", True)):
            assert head.post(f"/modules/housing/{verb}", data=token).status_code == 303
            assert switch(app, town) is state

    assert checksum(app) == before


def addresses(app, town):
    """Pages and endpoints of the core without arguments, and those of a person who rents a home."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and not rule.arguments]
    found = {rule.rule for rule in rules if not rule.rule.startswith(("/m/", "/api/v1/housing", "/api/v1/guarantee"))}
    with app.extensions["database"].session(Scope(partner_id=town), writes=False) as session:
        person = session.scalars(select(LeaseTenant).limit(1)).one().person
    found |= {
        f"/people/{person.id}",
        f"/api/v1/people/{person.id}",
        "/search?q=MON-001",
        "/search?q=bando",
        "/people?q=a",
    }
    # The catalogue names what can be switched on; its own pages are for that.
    return sorted(found - {"/modules", NETWORK, f"{NETWORK}/matrix", "/sign-out"})


def test_what_is_off_leaves_no_trace_in_any_page_or_answer(app, client_of, partner_id):
    head, town = client_of(HEAD_OF_TOWN), partner_id("MONTICHIARI")
    pages = addresses(app, town)
    on = {page: traces(head, page) for page in pages}
    token = {"csrf_token": hidden(head.get("/modules/housing").text)["csrf_token"]}
    try:
        for module in ("guarantee_fund", "housing"):
            assert head.post(f"/modules/{module}/off", data=token).status_code == 303
        off = {page: traces(head, page) for page in pages}
    finally:
        for module in ("housing", "guarantee_fund"):
            head.post(f"/modules/{module}/on", data=token)

    assert any(on.values()), "the pages show it while it is on"
    assert {page: found for page, found in off.items() if found} == {}


def traces(client, page):
    """The words of housing that stand in an answer."""
    answer = client.get(page)
    assert answer.status_code < 500, page
    said = answer.text if "text" in answer.mimetype or "json" in answer.mimetype else ""
    said = re.sub(r'<input[^>]*name="q"[^>]*>', "", said)
    return sorted(word for word in TRACES if word in said)


def test_a_purge_wants_its_name_typed_and_the_duty_to_keep_taken_over(app, client_of, partner_id):
    administrator, purge = client_of(ADMINISTRATOR), f"{NETWORK}/guarantee_fund/purge"
    for code in ("MONTICHIARI", "ILPONTE"):
        post(administrator, f"{NETWORK}/guarantee_fund/disable?partner={partner_id(code)}")
    for wrong in ({"typed": "fund", "keeps": "y"}, {"typed": "guarantee_fund"}):
        assert post(administrator, purge, **wrong).status_code == 422
        assert "guarantee_fund_guarantee" in tables(app)

    assert post(administrator, purge, typed="guarantee_fund", keeps="y").status_code == 303

    assert not [name for name in tables(app) if name.startswith("guarantee_fund_")]
    head = client_of(HEAD_OF_TOWN)
    assert head.get("/m/guarantee-fund").status_code == 404
    for page in ("/", "/people", "/documents", "/files/left", "/modules", "/roles", "/jobs", "/m/housing/leases"):
        answer = head.get(page)
        assert (answer.status_code, "guarantee-fund" in answer.text) == (200, False), page

    assert post(administrator, f"{NETWORK}/guarantee_fund/install").status_code == 303
    assert "guarantee_fund_guarantee" in tables(app)


def tables(app):
    with app.extensions["database"].session(EVERYTHING, writes=False) as session:
        return inspect(session.connection()).get_table_names()

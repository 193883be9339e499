"""The acceptance cases' numbers through the API and the pages, with the tokens of those who do each thing."""

from dataclasses import replace
from datetime import date

import pytest

from core.access.members import add_member
from core.access.models import Role
from core.access.tokens import issue_token
from core.access.users import register_user, set_password
from core.app import create_app
from core.database.scope import Scope
from core.modules import switching
from core.organisations.models import LegalType
from core.organisations.services import register_organisation
from core.people.models import HouseholdKind, KnownToServices, NoCodiceFiscale, Sex
from core.people.services import compose_household, register_person

API, PAGES = "/api/v1/guarantee-fund", "/m/guarantee-fund"
PEOPLE = {"gestore": Role.ORG_MANAGER, "contabile": Role.ACCOUNTANT, "operatore": Role.OPERATOR,
          "revisore": Role.AUDITOR}  # fmt: skip


class Desk:
    """Somebody's program: it sends JSON with their token, and opens pages."""

    def __init__(self, client, token):
        self.client, self.headers = client, {"Authorization": f"Bearer {token}", "Accept-Language": "it"}

    def get(self, path):
        answer = self.client.get(API + path, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.json

    def page(self, path):
        answer = self.client.get(PAGES + path, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, path, body=None, *, status=(200, 201)):
        answer = self.client.post(API + path, json=body or {}, headers=self.headers)
        assert answer.status_code in (status if isinstance(status, tuple) else (status,)), answer.text
        return answer.json


@pytest.fixture
def house(settings, database, partner):
    """The program with the module on, four people, a bank, and a household that asks."""
    app = create_app(replace(settings, secret_key="k" * 40))
    scope = Scope(partner_id=partner, operator=True, actor="tests", reason="tests")

    def begin(session):
        switching.turn_on(session, app.extensions["generazioni"], "guarantee_fund")
        tokens = {}
        for name, role in PEOPLE.items():
            user = register_user(session, email=f"{name}@example.org", name=name.title())
            set_password(session, user, password="una frase lunga da ricordare")
            add_member(session, email=user.email, name=user.name, roles=[role])
            tokens[name] = issue_token(session, user, partner_id=partner, label="prova")[1]
        bank = register_organisation(session, name="Banca del Chiese", legal_type=LegalType.BANK)
        person = register_person(
            session, surname="Hoxha", name="Arben", sex=Sex.MALE, birth_date=date(1984, 5, 3),
            known_to_services=KnownToServices.NO,
            no_codice_fiscale_reason=NoCodiceFiscale.UNAVAILABLE,
        )  # fmt: skip
        compose_household(session, person=person, kind=HouseholdKind.REGISTRY, valid_from=date(2020, 1, 1))
        return tokens, str(bank.id), str(person.id)

    tokens, bank, person = database.run(scope, begin)
    yield {name: Desk(app.test_client(), token) for name, token in tokens.items()}, bank, person
    app.extensions["database"].close()


def test_a_guarantee_from_the_contribution_to_the_recovery(house):
    desks, bank, person = house
    manager, accountant, auditor = desks["gestore"], desks["contabile"], desks["revisore"]
    fund = opened(manager, accountant, bank)
    asked = applied(manager, desks["operatore"], fund, bank, person)
    assert desks["operatore"].get(f"/applications/{asked['id']}/checks") == {
        "principal": "9999.99", "coverage": "80.00", "amount": "7999.99", "available": "500000.00", "failed": [],
    }  # fmt: skip
    guarantee = approved(manager, fund, asked)
    assert guarantee["amount"] == "7999.99"
    call = called(manager, desks["operatore"], guarantee)
    paid(manager, accountant, call)

    (recovery,) = accountant.get("/recoveries")["items"]
    assert (recovery["fund_share"], recovery["counterpart_share"]) == ("1200.00", "300.00")
    address = f"/funds/{fund['id']}/statement?first=2026-01-01&last=2026-12-31"
    statement = auditor.get(address)
    closing = {one["account"]: one["closing"] for one in statement["accounts"]}
    assert statement["debit"] == statement["credit"]
    assert (closing["1000"], closing["3000"], closing["9000"]) == ("96054.98", "3945.02", "0.00")
    assert "96.054,98" in auditor.page(address)


def opened(manager, accountant, bank):
    """A fund with 100,000.00 and a leverage of five: GF-1 on the page and in the API."""
    fund = manager.post("/funds", {"name": "Fondo", "leverage": "5", "coverage_default": "80", "coverage_most": "80"})
    given = {"fund": fund["id"], "organisation": bank, "on": "2026-01-10", "amount": "100000.00"}
    accountant.post("/contributions", given)
    told = manager.get(f"/funds/{fund['id']}/position")
    assert (told["capacity"], told["available"]) == ("500000.00", "500000.00")
    assert "500.000,00" in manager.page(f"/funds/{fund['id']}")
    return fund


def applied(manager, clerk, fund, bank, person, amount="9999.99", months=12):
    """An application before the committee; one for 9,999.99 at 80% asks a guarantee of 7,999.99 (GF-2)."""
    line = next(iter(manager.get("/lines")["items"]), None) or manager.post(
        "/lines", {"fund": fund["id"], "kind": "loan_guarantee", "name": "Prestiti"}
    )
    asked = clerk.post("/applications", {
        "line": line["id"], "person": person, "amount": amount, "months": months, "purpose": "Trasloco",
        "counterpart": bank, "lender": "bank",
    })  # fmt: skip
    for name in ("submit", "start-enquiry"):
        clerk.post(f"/applications/{asked['id']}/{name}")
    return asked


def approved(manager, fund, asked):
    """Two of five decide nothing; with a tie and a conflict the president's vote approves (GF-7)."""
    members = [
        manager.post("/members", {"fund": fund["id"], "name": name, "valid_from": "2026-01-01",
                                  "president": name == "Anna"})["id"]
        for name in ("Anna", "Bruno", "Carla", "Davide", "Elena")
    ]  # fmt: skip
    meeting = manager.post("/sessions", {"fund": fund["id"], "held_on": "2026-03-02"})
    manager.post(f"/sessions/{meeting['id']}/add-item", {"application": asked["id"]})
    (item,) = manager.get("/items")["items"]
    manager.post(f"/sessions/{meeting['id']}/open", {"present": members[:2]})
    for member, ballot in zip(members, ("for", "against"), strict=False):
        manager.post(f"/items/{item['id']}/record-vote", {"member": member, "ballot": ballot})
    assert "2 membri su 5" in manager.post(f"/items/{item['id']}/decide", status=422)["detail"]
    manager.post(f"/sessions/{meeting['id']}/open", {"present": members[:3]})
    manager.post(f"/items/{item['id']}/record-vote", {"member": members[2], "ballot": "conflict", "ground": "Collega"})
    manager.post(f"/items/{item['id']}/decide")
    (guarantee,) = manager.get("/guarantees")["items"]
    return guarantee


def called(manager, clerk, guarantee):
    """A loan of 6,431.27 that nobody repays: the call is of 5,145.02 (GF-3)."""
    manager.post(f"/guarantees/{guarantee['id']}/issue", {"on": "2026-03-03"})
    manager.post(f"/guarantees/{guarantee['id']}/disburse", {
        "disbursed_on": "2026-03-10", "first_due": "2026-04-10", "repayment": "zero_interest", "principal": "6431.27",
    })  # fmt: skip
    clerk.post(f"/guarantees/{guarantee['id']}/request-call", {
        "requested_on": "2026-09-01", "unpaid": "6431.27", "arrears_list": True, "notice_on": "2026-08-01",
        "attempt": "Incontro senza esito",
    })  # fmt: skip
    (call,) = manager.get("/calls")["items"]
    assert call["amount"] == "5145.02"
    return call


def paid(manager, accountant, call):
    """Two people accept; what comes back is shared."""
    manager.post(f"/calls/{call['id']}/accept")
    manager.post(f"/calls/{call['id']}/accept-second", status=403)
    accountant.post(f"/calls/{call['id']}/accept-second")
    accountant.post(f"/calls/{call['id']}/pay", {"paid_on": "2026-09-20"})
    accountant.post(f"/calls/{call['id']}/recover", {"amount": "1500.00", "on": "2026-10-01"})


def lent(desks, bank, person, amount, months, **terms):
    """A loan of 2026, disbursed on 10 March and due from 10 April."""
    manager, clerk = desks["gestore"], desks["operatore"]
    fund = opened(manager, desks["contabile"], bank)
    guarantee = approved(manager, fund, applied(manager, clerk, fund, bank, person, amount, months))
    manager.post(f"/guarantees/{guarantee['id']}/issue", {"on": "2026-03-03"})
    manager.post(f"/guarantees/{guarantee['id']}/disburse", {
        "disbursed_on": "2026-03-10", "first_due": "2026-04-10", **terms,
    })  # fmt: skip
    (loan,) = manager.get("/loans")["items"]
    return loan["id"]


def plain(page):
    """A page with ordinary spaces."""
    return page.replace("\u00a0", " ")


def test_without_interest_the_last_instalment_takes_the_cents(house):
    desks, bank, person = house
    loan = lent(desks, bank, person, "3000.00", 18, repayment="zero_interest")

    rows = desks["gestore"].get(f"/loans/{loan}/schedule")["instalments"]
    page = plain(desks["gestore"].page(f"/loans/{loan}"))

    assert [row["amount"] for row in rows] == ["166.66"] * 17 + ["166.78"]
    assert page.count("· 166,66 €") == 17
    assert "18 · 166,78 €" in page
    assert rows[-1]["balance"] == "0.00"


def test_a_french_loan_closes_to_the_cent(house):
    desks, bank, person = house
    loan = lent(desks, bank, person, "5000.00", 12, repayment="french", rate="2.40")

    told = desks["gestore"].get(f"/loans/{loan}/schedule")
    page, file = desks["gestore"].page(f"/loans/{loan}"), desks["gestore"].page(f"/loans/{loan}/schedule.csv")

    rows = [[row[name] for name in ("amount", "interest", "principal", "balance")] for row in told["instalments"]]
    assert rows[:2] == [["422.10", "10.00", "412.10", "4587.90"], ["422.10", "9.18", "412.92", "4174.98"]]
    assert rows[11] == ["422.13", "0.84", "421.29", "0.00"]
    assert told["interest"] == "65.23"
    for shown in ("4.587,90", "4.174,98", "422,13", "421,29"):
        assert shown in page
    assert "422,13;0,84;421,29;0,00" in file


def test_a_payment_settles_costs_then_interest_then_principal(house):
    """The interest of GF-6 is what an earlier payment left of two instalments: 0.56 and 9.44."""
    desks, bank, person = house
    clerk = desks["contabile"]
    loan = lent(desks, bank, person, "3000.00", 18, repayment="constant_principal", rate="4")
    clerk.post(f"/loans/{loan}/pay", {"amount": "9.44", "paid_on": "2026-05-15"})

    paid = {"amount": "300.00", "paid_on": "2026-05-20", "costs": "15.00", "default_interest": "4.35"}
    clerk.post(f"/loans/{loan}/pay", paid)

    (payment,) = [one for one in clerk.get("/loan-payments")["items"] if one["amount"] == "300.00"]
    told = clerk.get(f"/loan-payments/{payment['id']}/parts")
    assert [(one["part"], one["instalment"], one["amount"]) for one in told["parts"]] == [
        ("costs", None, "15.00"), ("default_interest", None, "4.35"), ("interest", 1, "0.56"), ("interest", 2, "9.44"),
        ("principal", 1, "166.66"), ("principal", 2, "103.99"),
    ]  # fmt: skip
    second = clerk.get(f"/loans/{loan}/schedule")["instalments"][1]
    assert (second["interest_paid"], second["owed"]) == ("9.44", "62.67")
    assert "103,99" in clerk.page(f"/loan-payments/{payment['id']}")
    assert "62,67" in clerk.page(f"/loans/{loan}")


def granted(manager, clerk, fund, bank, person, amount):
    """A guarantee at 80% that a committee of one approved and the manager issued."""
    asked = applied(manager, clerk, fund, bank, person, amount)
    if not (members := manager.get(f"/members?filter[fund]={fund['id']}")["items"]):
        members = [manager.post("/members", {"fund": fund["id"], "name": "Anna", "valid_from": "2026-01-01"})]
    meeting = manager.post("/sessions", {"fund": fund["id"], "held_on": "2026-03-02"})
    manager.post(f"/sessions/{meeting['id']}/add-item", {"application": asked["id"]})
    (item,) = manager.get(f"/items?filter[meeting]={meeting['id']}")["items"]
    manager.post(f"/sessions/{meeting['id']}/open", {"present": [members[0]["id"]]})
    manager.post(f"/items/{item['id']}/record-vote", {"member": members[0]["id"], "ballot": "for"})
    manager.post(f"/items/{item['id']}/decide")
    guarantee = next(one for one in manager.get("/guarantees")["items"] if one["number"] is None)
    manager.post(f"/guarantees/{guarantee['id']}/issue", {"on": "2026-03-03"})
    return guarantee["id"]


def test_what_can_still_be_guaranteed_is_told_to_the_cent(house):
    """GF-1: B 42,500, P 2,500, m 2, E 8,000 + 12,000 + 4,500."""
    desks, bank, person = house
    manager, clerk = desks["gestore"], desks["operatore"]
    fund = manager.post("/funds", {"name": "Fondo", "leverage": "2", "coverage_default": "80", "coverage_most": "80"})
    given = {"fund": fund["id"], "organisation": bank, "on": "2026-01-10", "amount": "42500.00"}
    desks["contabile"].post("/contributions", given)
    keys = [granted(manager, clerk, fund, bank, person, amount) for amount in ("10000.00", "15000.00", "5625.00")]
    terms = {"disbursed_on": "2026-03-10", "first_due": "2026-04-10", "repayment": "zero_interest"}
    manager.post(f"/guarantees/{keys[2]}/disburse", terms)
    clerk.post(f"/guarantees/{keys[2]}/request-call", {
        "requested_on": "2026-09-01", "unpaid": "3125.00", "arrears_list": True, "notice_on": "2026-08-01",
        "attempt": "Incontro senza esito",
    })  # fmt: skip

    told = manager.get(f"/funds/{fund['id']}/position")
    fits, passes = (applied(manager, clerk, fund, bank, person, amount) for amount in ("69375.00", "69375.01"))

    assert [told[name] for name in ("capital", "provisions", "exposure", "available")] == [
        "42500.00", "2500.00", "24500.00", "55500.00",
    ]  # fmt: skip
    assert "55.500,00" in manager.page(f"/funds/{fund['id']}")
    checked = clerk.get(f"/applications/{fits['id']}/checks")
    assert (checked["amount"], checked["failed"]) == ("55500.00", [])
    (failed,) = clerk.get(f"/applications/{passes['id']}/checks")["failed"]
    assert failed["check"] == "insufficient_capital"
    assert "55.500,01" in failed["detail"]
    assert "55.500,01" in clerk.page(f"/applications/{passes['id']}")


@pytest.mark.parametrize(("before", "fails"), [("625.01", []), ("750.00", ["household_exposure"])])
def test_a_household_keeps_within_its_share_of_the_endowment(house, before, fails):
    """GF-2: 10% of 85,000 is 8,500; 7,999.99 fits beside 500.01 and not beside 600.00."""
    desks, bank, person = house
    manager, clerk = desks["gestore"], desks["operatore"]
    fund = manager.post("/funds", {
        "name": "Fondo", "leverage": "2", "coverage_default": "80", "coverage_most": "80",
        "household_most": "10000", "household_percent": "10",
    })  # fmt: skip
    given = {"fund": fund["id"], "organisation": bank, "on": "2026-01-10", "amount": "85000.00"}
    desks["contabile"].post("/contributions", given)
    granted(manager, clerk, fund, bank, person, before)

    asked = applied(manager, clerk, fund, bank, person)
    told, page = clerk.get(f"/applications/{asked['id']}/checks"), clerk.page(f"/applications/{asked['id']}")

    assert told["amount"] == "7999.99"
    assert [one["check"] for one in told["failed"]] == fails
    assert ("8.599,99" in page and "8.500,00" in page) is bool(fails)


def test_the_funder_sees_the_statement_and_no_names(house):
    desks, _bank, _person = house
    fund = desks["gestore"].post("/funds", {"name": "Fondo"})
    auditor = desks["revisore"]

    assert f"/m/guarantee-fund/funds/{fund['id']}/statement" in auditor.page("/statements")
    assert "Hoxha" not in auditor.page(f"/funds/{fund['id']}/statement")
    paper = auditor.client.get(f"{PAGES}/funds/{fund['id']}/documents/statement/draft.pdf", headers=auditor.headers)
    assert paper.data.startswith(b"%PDF-")
    for collection in ("applications", "guarantees", "loans", "calls", "recoveries", "contributions"):
        answer = auditor.client.get(f"{API}/{collection}", headers=auditor.headers)
        assert answer.status_code == 403, collection

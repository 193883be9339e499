"""From the families to the arrears of a tenant by the JSON API alone, two officers with a token each."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.stories.cast import BONOMETTI, DIOP, FAMILIES, HOXHA, SCHEME, SECRETS, TRECCANI

HOUSING = "/api/v1/housing"


class Answer:
    """What the server said: status, headers, the JSON in its body."""

    def __init__(self, told: Any) -> None:
        self.status, self.headers, self.text = told.status, told.headers, told.read().decode()
        self.body = json.loads(self.text) if "json" in self.headers["Content-Type"] else None

    def __getitem__(self, name: str) -> Any:
        return self.body[name]


class Office:
    """One officer's program: it sends JSON with a bearer token."""

    def __init__(self, address: str, token: str) -> None:
        self.address, self.token = address, token

    def ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        sent = None if body is None else json.dumps(body).encode()
        told = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Accept-Language": "it"}
        request = Request(self.address + path, data=sent, method=method, headers=told | dict(headers or {}))  # noqa: S310
        try:
            return Answer(urlopen(request, timeout=20))  # noqa: S310  our own server
        except HTTPError as refused:
            return Answer(refused)

    def get(self, path: str) -> Answer:
        answer = self.ask("GET", path)
        assert answer.status == 200, answer.text
        return answer

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        answer = self.ask("POST", path, body, headers)
        assert answer.status in {200, 201, 202}, answer.text
        return answer

    def refused(self, path: str, body: Any = None) -> Answer:
        answer = self.ask("POST", path, body)
        assert answer.status == 422, answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"
        return answer

    def move(self, record: Answer, name: str, collection: str, body: Any = None) -> Answer:
        return self.post(f"{HOUSING}/{collection}/{record['id']}/{name}", body)


def test_a_home_is_ranked_let_and_charged_through_the_api(town_hall, clock):
    luca, marta = (Office(town_hall.address, token) for token in _tokens(town_hall))
    families = {one: _registered(luca, one) for one in FAMILIES}
    home, other = (_home(luca, code) for code in ("MON-014", "MON-015"))
    scheme = luca.post(f"{HOUSING}/schemes", {"key": "demo", "title": "Schema dimostrativo", "criteria": SCHEME})
    call = _published_call(luca, scheme, home, other)

    clock.turn_to("2026-03-12 12:00")
    applications = {one: _applied(luca, call, one, families[one], home) for one in FAMILIES}
    _refuses_what_is_wrong(luca, call, families[HOXHA])

    clock.turn_to("2026-04-01 09:00")
    luca.move(call, "close", "calls")
    for one, application in applications.items():
        luca.move(application, "start-review", "applications")
        if one is TRECCANI:
            problem = luca.refused(f"{HOUSING}/applications/{application['id']}/admit")
            assert "R-H1" in problem["detail"]
            luca.move(application, "exclude", "applications")
        else:
            luca.move(application, "admit", "applications")
    drawn = luca.move(call, "draw-up", "calls")
    ranking = luca.get(drawn.headers["Location"])
    _is_the_ranking_of_the_case(luca, ranking, applications)

    clock.turn_to("2026-04-10 09:00")
    publish = {"act": "Determina 112 del 09/04/2026"}
    assert luca.refused(f"{HOUSING}/rankings/{ranking['id']}/publish", publish)["errors"][0]["code"] == "same-person"
    published = marta.move(ranking, "publish", "rankings", publish)
    assert published["requests_until"] == "2026-04-27"
    _shows_the_public_nothing_else(luca, ranking, applications)
    clock.turn_to("2026-04-28 09:00")
    assert marta.move(ranking, "make-final", "rankings", {"act": "Determina 140"})["state"] == "final"

    lease = _let(luca, clock, applications[BONOMETTI], home)
    _charged_and_paid(town_hall, luca, clock, lease)
    _paid_by_instalments(luca, clock, lease)


def _tokens(town_hall):
    return town_hall.token("luca.neri"), town_hall.token("marta.zaniboni")


def _registered(office, family):
    """The household with its children and its ISEE; the ids of person and certificate."""
    born = [("1984-07-09", family.name)] + [(f"201{n}-05-03", f"Figlio {n}") for n in range(family.minors)]
    people = [
        office.post("/api/v1/people", {
            "surname": family.surname, "name": name, "sex": "F", "birth_date": day, "known_to_services": "no",
            "no_codice_fiscale_reason": "unavailable", "confirm_similar": True,
        })
        for day, name in born
    ]  # fmt: skip
    household = office.post("/api/v1/households", {"person": people[0]["id"], "valid_from": "2020-01-01"})
    for child in people[1:]:
        joined = {"person": child["id"], "role": "child", "valid_from": "2020-01-01"}
        office.post(f"/api/v1/households/{household['id']}/add-member", joined)
    certificate = office.post("/api/v1/isee-certificates", {
        "household": household["id"], "kind": "ordinary", "submitted_on": "2026-01-20", "isee": family.isee,
    })  # fmt: skip
    assert certificate["isee"] == family.isee
    return people[0]


def _home(office, code):
    towns = office.get("/api/v1/municipalities?q=Montichiari")["items"]
    return office.post(f"{HOUSING}/dwellings", {
        "code": code, "regime": "sas", "address": f"Via Roma {int(code[-2:])}", "municipality": towns[0]["id"],
        "monthly_rent": "480.00",
    })  # fmt: skip


def _published_call(office, scheme, *homes):
    told = {
        "number": "2026/01", "title": "Alloggi sociali", "regime": "sas", "opens_on": "2026-03-02",
        "closes_on": "2026-03-31", "scheme": scheme["id"],
    }  # fmt: skip
    once = {"Idempotency-Key": "call-1"}
    call = office.post(f"{HOUSING}/calls", told, **once)
    assert office.post(f"{HOUSING}/calls", told, **once)["id"] == call["id"]
    assert (call["isee_limit"], call["residence_required"]) == ("16000.00", True)

    address = f"{HOUSING}/calls/{call['id']}"
    assert office.ask("PATCH", address, {"officer": "Luca Neri"}).status == 428
    amended = office.ask("PATCH", address, {"officer": "Luca Neri"}, {"If-Match": call.headers["ETag"]})
    assert (amended.status, amended["officer"], amended["residence_required"]) == (200, "Luca Neri", True)
    stale = office.ask("PATCH", address, {"officer": "Altri"}, {"If-Match": call.headers["ETag"]})
    assert stale.status == 409

    for home in homes:
        office.move(call, "add-home", "calls", {"dwelling": home["id"]})
    return office.move(call, "publish", "calls")


def _applied(office, call, family, person, home):
    return office.post(f"{HOUSING}/applications", {
        "call": call["id"], "person": person["id"], "received_on": "2026-03-12", "received_at": family.came,
        "first_choice": home["id"], "resident": "yes", "no_property": "yes", "disability": family.disability,
        "answers": {"family": family.family, "housing": family.housing},
    })  # fmt: skip


def _refuses_what_is_wrong(office, call, person):
    told = {"call": call["id"], "person": person["id"], "answers": {"familly": 3}}
    unknown = office.refused(f"{HOUSING}/applications", told)
    assert unknown["errors"][0]["field"] == "answers"
    twice = office.refused(f"{HOUSING}/applications", {**told, "answers": {}})
    assert twice["errors"][0]["field"] == "person"
    assert "ha già presentato" in twice["detail"]


def _is_the_ranking_of_the_case(office, ranking, applications):
    places = office.get(f"{HOUSING}/rankings/{ranking['id']}/places?purpose=application")["items"]
    told = {one["application"]: (one["position"], one["total"]) for one in places}
    assert told == {applications[one]["protocol"]: (one.place, one.total) for one in FAMILIES}

    first, second, third = places[:3]
    assert [(line["points"], line["counted"]) for line in first["lines"]] == [
        ("45.00", "40.00"), ("20.00", "20.00"), ("16.88", "16.88"),
    ]  # fmt: skip
    assert (second["application"], second["ahead_by"]) == (applications[HOXHA]["protocol"], "disability")
    assert (third["application"], third["behind_by"]) == (applications[DIOP]["protocol"], "disability")
    assert (places[-1]["outcome"], places[-1]["rule"]) == ("excluded", "R-H1")


def _shows_the_public_nothing_else(office, ranking, applications):
    public = office.get(f"{HOUSING}/rankings/{ranking['id']}/public")
    assert {tuple(one) for one in public["items"]} == {("position", "application", "total", "outcome", "rule")}
    assert public["items"][0]["application"] == applications[BONOMETTI]["protocol"]
    assert [word for word in SECRETS if word in public.text] == []


def _let(office, clock, application, home):
    clock.turn_to("2026-05-04 09:00")
    offered = office.move(application, "offer", "applications", {"dwelling": home["id"]})
    offer = office.get(offered.headers["Location"])
    assert offer["answer_by"] == "2026-05-14"
    office.move(offer, "accept", "assignments")
    assert "R-H1" in office.refused(f"{HOUSING}/assignments/{offer['id']}/assign", {"decree": "171"})["detail"]
    for rule in ("R-H1", "R-H1.residence", "R-H1.property"):
        told = {"subject": rule, "outcome": "confirmed", "document": "INPS e anagrafe, 06/05/2026"}
        office.move(application, "check", "applications", told)
    clock.turn_to("2026-05-08 09:00")
    office.move(offer, "assign", "assignments", {"decree": "Determina 171", "decree_on": "2026-05-08"})

    told = {
        "assignment": offer["id"], "kind": "sas", "starts_on": "2026-06-01", "ends_on": "2029-05-31",
        "monthly_rent": "480.00", "deposit": "1440.01",
    }  # fmt: skip
    assert office.refused(f"{HOUSING}/leases", told)["errors"][0] == {
        "field": "deposit", "code": "deposit-too-high",
        "message": "Il deposito è al massimo di 3 mensilità: 1.440,00\xa0€.",
    }  # fmt: skip
    lease = office.post(f"{HOUSING}/leases", {**told, "deposit": "1440.00"})
    assert lease["tenant_names"] == BONOMETTI.full_name
    registered = {"registration": "TNM26T001842000", "registered_on": "2026-05-20"}
    clock.turn_to("2026-06-01 09:00")
    office.move(lease, "register", "leases", registered)
    return office.move(lease, "activate", "leases")


def _charge_month(town_hall, office, day):
    """Ask for a month, let a worker do it, and read what came of it."""
    asked = office.post(f"{HOUSING}/charge-month", {"month": day})
    assert (asked.status, asked["state"]) == (202, "waiting")
    town_hall.do_jobs()
    job = office.get(asked.headers["Location"])
    assert job["state"] == "done", job.text
    return job["result"]


def _charged_and_paid(town_hall, office, clock, lease):
    assert _charge_month(town_hall, office, "2026-06-01") == "giugno 2026: 1 addebito aggiunto, 480,00\xa0€"
    assert _charge_month(town_hall, office, "2026-06-20") == "giugno 2026: 0 addebiti aggiunti, 0,00\xa0€"
    clock.turn_to("2026-06-10 09:00")
    paid = {"lease": lease["id"], "amount": "300.00", "paid_on": "2026-06-10", "method": "transfer"}
    once = {"Idempotency-Key": "payment-1"}
    assert (
        office.post(f"{HOUSING}/payments", paid, **once)["id"] == office.post(f"{HOUSING}/payments", paid, **once)["id"]
    )
    clock.turn_to("2026-07-15 09:00")
    _charge_month(town_hall, office, "2026-07-15")

    arrears = office.get(f"{HOUSING}/arrears")
    assert (arrears["on"], arrears["total"]) == ("2026-07-15", "660.00")
    one = arrears["items"][0]
    assert (one["lease"], one["late"], one["days"]) == (lease["id"], "660.00", 40)
    assert one["reasons"] == ["rent_late"]
    buckets = [(bucket["first_day"], bucket["last_day"], bucket["amount"]) for bucket in one["buckets"]]
    assert [bucket for bucket in buckets if bucket[2] != "0.00"] == [(1, 30, "480.00"), (31, 60, "180.00")]


def _paid_by_instalments(office, clock, lease):
    asked = {"lease": lease["id"], "count": 3, "first_due": "2026-08-10"}
    plan = office.post(f"{HOUSING}/plans", asked)
    assert plan["total"] == "660.00"
    assert office.refused(f"{HOUSING}/plans", asked)["detail"]
    for who in ("tenant", "manager"):
        office.move(plan, f"accept-{who}", "plans", {"on": "2026-07-15"})
    assert office.move(plan, "activate", "plans")["state"] == "active"
    clock.turn_to("2026-08-10 10:00")
    paid = {"amount": "220.00", "paid_on": "2026-08-10"}
    office.move(plan, "pay", "plans", paid)
    assert office.get(f"{HOUSING}/plans/{plan['id']}")["left"] == "440.00"

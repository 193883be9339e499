"""Public housing ranked by the region, and a request about a ranking, by the JSON API alone."""

from tests.stories.cast import BONOMETTI, DIOP, FAMILIES, SCHEME
from tests.stories.test_housing_through_the_api import (
    HOUSING,
    Office,
    _applied,
    _home,
    _published_call,
    _registered,
    _tokens,
)

FILE = "ID domanda;ISBAR;Indigente;Alloggi\nLOM-1;45,20;no;MON-014,MON-015\nLOM-2;61,00;sì;MON-014\n"
WRONG = FILE + "LOM-2;dieci;forse;MON-404\n"


def offices(town_hall):
    return (Office(town_hall.address, token) for token in _tokens(town_hall))


def test_the_regions_ranking_is_tried_imported_verified_and_offered_from(town_hall, clock):
    luca, marta = offices(town_hall)
    home, other = (_home(luca, code) for code in ("MON-014", "MON-015"))
    call = luca.post(f"{HOUSING}/calls", {
        "number": "SAP/2026/01", "title": "Avviso SAP", "regime": "sap", "opens_on": "2026-03-02",
        "closes_on": "2026-03-31", "residence_required": "no", "no_property_required": "no",
    })  # fmt: skip
    for one in (home, other):
        luca.move(call, "add-home", "calls", {"dwelling": one["id"]})
    luca.move(call, "publish", "calls")
    address = f"{HOUSING}/calls/{call['id']}/regional-ranking"

    tried = luca.post(address, {"content": WRONG, "dry_run": True})
    assert [(one["row"], one["column"], one["value"]) for one in tried["problems"]] == [
        (4, "ID domanda", "LOM-2"), (4, "ISBAR", "dieci"), (4, "Indigente", "forse"), (4, "Alloggi", "MON-404"),
    ]  # fmt: skip
    assert len(luca.refused(address, {"content": WRONG})["errors"]) == 4
    assert luca.get(f"{HOUSING}/applications")["items"] == []
    first = luca.post(address, {"content": FILE})
    assert (first["created"], luca.post(address, {"content": FILE})["ranking"]) == (2, first["ranking"])

    changed = luca.post(address, {"content": FILE.replace("45,20", "70,00")})
    moves = luca.get(f"{HOUSING}/rankings/{changed['ranking']}/comparison/1")["items"]
    assert [(one["application"], one["movement"]) for one in moves] == [("LOM-1", "up"), ("LOM-2", "down")]
    clock.turn_to("2026-04-10 09:00")
    ranking = luca.get(f"{HOUSING}/rankings/{changed['ranking']}")
    marta.move(ranking, "publish", "rankings", {"act": "Determina 112"})
    clock.turn_to("2026-04-28 09:00")
    marta.move(ranking, "make-final", "rankings", {"act": "Determina 140"})

    best = luca.get(f"{HOUSING}/applications?q=LOM-1")["items"][0]
    assert (
        "richiedente" in luca.refused(f"{HOUSING}/applications/{best['id']}/offer", {"dwelling": home["id"]})["detail"]
    )
    person = _registered(luca, BONOMETTI)
    luca.move(best, "identify", "applications", {"person": person["id"]})
    told = {"subject": "R-H1", "outcome": "confirmed", "document": "INPS 27/04/2026"}
    luca.move(best, "check", "applications", told)
    assert luca.move(best, "offer", "applications", {"dwelling": other["id"]}).status == 200


def test_a_request_in_time_corrects_the_ranking_and_a_late_one_is_kept(town_hall, clock):
    luca, marta = offices(town_hall)
    people = {one: _registered(luca, one) for one in FAMILIES}
    home = _home(luca, "MON-014")
    scheme = luca.post(f"{HOUSING}/schemes", {"key": "demo", "title": "Schema", "criteria": SCHEME})
    call = _published_call(luca, scheme, home)
    clock.turn_to("2026-03-12 12:00")
    applications = {one: _applied(luca, call, one, people[one], home) for one in FAMILIES}
    clock.turn_to("2026-04-01 09:00")
    luca.move(call, "close", "calls")
    for one, application in applications.items():
        luca.move(application, "admit" if one.place else "exclude", "applications")
    ranking = luca.get(luca.move(call, "draw-up", "calls").headers["Location"])
    clock.turn_to("2026-04-10 09:00")
    marta.move(ranking, "publish", "rankings", {"act": "Determina 112"})

    clock.turn_to("2026-04-28 09:00")
    told = {"grounds": "Lo sfratto non è contato", "application": applications[DIOP]["protocol"]}
    in_time = luca.post(f"{HOUSING}/appeals", {**told, "received_on": "2026-04-27"})
    late = luca.post(f"{HOUSING}/appeals", {**told, "received_on": "2026-04-28"})
    assert (in_time["late"], late["late"]) == (False, True)
    unknown = luca.refused(f"{HOUSING}/appeals", {**told, "application": "HOUSING/2026/99999"})
    assert (unknown["errors"][0]["field"], "HOUSING/2026/99999" in unknown["detail"]) == ("application", True)
    waiting = marta.ask("POST", f"{HOUSING}/rankings/{ranking['id']}/make-final", {"act": "Determina 140"})
    assert (waiting.status, waiting["errors"][0]["field"]) == (422, "despite")

    granted = luca.move(in_time, "grant", "appeals", {"reason": "Sfratto convalidato", "answers": {"housing": "40"}})
    assert granted["state"] == "granted"
    versions = luca.get(f"{HOUSING}/rankings?sort=-edition")["items"]
    second = luca.get(f"{HOUSING}/rankings/{versions[0]['id']}")
    moves = luca.get(f"{HOUSING}/rankings/{second['id']}/comparison/1")["items"]
    assert (moves[0]["application"], moves[0]["movement"]) == (applications[DIOP]["protocol"], "up")
    assert marta.move(second, "make-final", "rankings", {"act": "Determina 140"})["state"] == "final"

    edition = luca.move(scheme, "new-edition", "schemes", {"criteria": SCHEME.replace("40;", "10;"), "title": "Nuovo"})
    fresh = edition.headers["Location"].rpartition("/")[2]
    tried = luca.get(f"{HOUSING}/schemes/{fresh}/trial/{call['id']}")["items"]
    assert {one["application"] for one in tried} == {one["protocol"] for one in applications.values()}
    document = luca.get("/api/v1/openapi.json")["paths"]
    for path in ("calls/{key}/regional-ranking", "rankings/{key}/comparison/{edition}", "schemes/{key}/trial/{call}"):
        assert f"{HOUSING}/{path}" in document

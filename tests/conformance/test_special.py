"""Special data on every page: nothing before a purpose is told; afterwards they are shown, and each time leaves a line.

Forty and more values that no page could hold by chance are written into the special fields of the demo's rows.
"""

import html
import io
import re
import zipfile
from itertools import count, product
from typing import Any
from uuid import uuid4

import pytest
from lxml import html as lxml_html
from pypdf import PdfReader
from sqlalchemy import JSON, select, update

from core.config import read_settings
from core.database.field import Chosen, now
from core.database.model import Record
from core.database.scope import Scope
from core.database.trail import Act, Change
from core.people.models import KnownToServices, Person
from core.plugins.loading import load
from core.special.models import ToldPurpose
from core.special.reading import special_fields
from core.testing.demo_network import HEAD_OF_TOWN, RUNNING, hidden
from tests.conformance.test_matrix import rules_of

COLLECTIONS = list(load(read_settings()).collections)
TOWN = RUNNING[0]
CANARY = re.compile(r"canarino-\d+|731[.,]?000[.,]?0\d\d")
EVERYTHING = Scope(operator=True, actor="tests", reason="tests")
ROWS = 8
# What a form offers to be chosen is no value of a record; what is chosen already is.
OFFERED = re.compile(r"<option(?![^>]*selected)[^>]*>.*?</option>", re.DOTALL)


@pytest.fixture(scope="module")
def server(sqlite_folder: Any) -> Any:
    """One kind of database: what pages withhold does not hang on it."""
    return sqlite_folder


def special_models() -> list[Any]:
    """Every mapped class with special fields."""
    kinds, found = [Record], set()
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if hasattr(kind, "__table__") and special_fields(kind):
            found.add(kind)
    return sorted(found, key=lambda kind: kind.__tablename__)


BROADEST = ("people_person", "housing_application")


@pytest.fixture(scope="module")
def planted(app: Any, partner_id: Any, patch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """Table → the keys of the town's rows that hold canaries; of a choice, the word that people read is one."""
    patch.setattr(KnownToServices.YES, "label", "canarino-0")
    town, sown = partner_id(TOWN), {}

    def sow(session: Any) -> int:
        numbers = count(1)
        for model in special_models():
            table, owner = model.__table__, "registered_by_id" if model is Person else "partner_id"
            keys = session.scalars(select(table.c.id).where(table.c[owner] == town).order_by(table.c.id).limit(ROWS))
            sown[table.name] = list(keys)
            for name, key in product(sorted(special_fields(model)), sown[table.name]):
                here = table.c.id == key
                value = _canary(table.c[name], session.scalar(select(table.c[name]).where(here)), next(numbers))
                session.execute(table.update().where(here).values({name: value}))
        return next(numbers)

    assert app.extensions["database"].run(EVERYTHING, sow) > 40
    return sown


def _canary(column: Any, value: Any, n: int) -> Any:
    """The value with a canary in it, of the kind that the column holds."""
    if isinstance(column.type, JSON):
        if isinstance(value, list):
            return [{**one, "datum": f"canarino-{n}"} for one in value]
        return {**value, "canarino": f"731{n:06}"}
    if isinstance(column.type, Chosen):
        return "yes" if column.type.choices is KnownToServices else value
    return f"canarino-{n}"


def addresses(app: Any, planted: dict[str, list[Any]]) -> list[str]:
    """Every page and endpoint that is read, once: of a row with canaries wherever it may be of one."""
    firsts, found = _firsts(app, planted), []
    for (method, rule), made in rules_of(app).items():
        if method != "GET" or rule.startswith(("/static", "/sign-in", "/password", "/agenda/<")):
            continue
        names = {name: type(one).__name__ for name, one in made._converters.items()}
        own = next((c.table for c in COLLECTIONS if rule.startswith((f"{c.url}/<", f"{c.api_url}/<"))), None)
        if "/documents/" in rule and own not in {*planted, "housing_ranking", "housing_call"}:
            continue  # of leases and accounts: a minute of typesetting that could tell nothing
        filled = product(*(_fillings(name, kind, made, own, firsts) for name, kind in names.items()))
        found += [str(made.build(dict(zip(names, keys, strict=True)), append_unknown=False)[1]) for keys in filled]
    return found


def _firsts(app: Any, planted: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Table → the keys to ask for."""
    with app.extensions["database"].session(EVERYTHING, writes=False) as session:
        others = {c.table: c.resource.model.__table__ for c in COLLECTIONS if c.table not in planted}
        firsts = {name: list(session.scalars(select(one.c.id).limit(1))) for name, one in others.items()}
    return firsts | {name: keys[:1] for name, keys in planted.items()}


def _fillings(name: str, kind: str, made: Any, own: str | None, firsts: dict[str, list[Any]]) -> list[Any]:
    """What stands in a place of an address; where it is not said of which table, keys of those with canaries."""
    if kind == "UUIDConverter":
        tables = [own] if own and name == "key" else [f"housing_{name}", f"documents_{name}", *BROADEST]
        return [key for table in tables for key in firsts.get(table, ())] or [uuid4()]
    if kind == "AnyConverter":
        return list(made._converters[name].items)[:1]
    if kind == "IntegerConverter":
        return [1]
    return ["people", "housing.applications"] if made.rule.startswith("/purpose") else ["access", "rights", "housing"]


def canaries_in(answer: Any) -> list[str]:
    """The canaries in an answer, whatever kind of file it is."""
    if answer.mimetype == "application/pdf":
        said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    elif answer.mimetype.endswith("sheet"):
        with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
            said = "".join(book.read(one).decode() for one in book.namelist() if one.endswith(".xml"))
    else:
        said = OFFERED.sub("", answer.get_data(as_text=True))
    return CANARY.findall(said)


def tell(client: Any, collection: str, key: Any) -> None:
    """Say on the page what the data of a record are read for."""
    address = f"/purpose/{collection}/{key}"
    page = client.get(address).text
    answer = client.post(address, data={**hidden(page), "purpose": "application"})
    assert answer.status_code == 303, answer.text


def forget(app: Any) -> None:
    """Let every purpose be over."""
    app.extensions["database"].run(
        EVERYTHING, lambda session: session.execute(update(ToldPurpose).values(expires_at=now()))
    )


def reads(app: Any, partner: Any) -> list[Change]:
    with app.extensions["database"].session(Scope(partner_id=partner), writes=False) as session:
        wanted = select(Change).where(Change.act == Act.READ).order_by(Change.sequence)
        return [one for one in session.scalars(wanted).unique() if "read" in one.told.facts]


def test_without_a_purpose_no_address_tells_any_of_it(app, client_of, planted, partner_id):
    before, found, answered = len(reads(app, partner_id(TOWN))), {}, 0
    for address in addresses(app, planted):
        answer = client_of(HEAD_OF_TOWN).get(address)
        answered += answer.status_code == 200
        if told := canaries_in(answer):
            found[address] = told

    assert found == {}
    assert answered > 250
    assert len(reads(app, partner_id(TOWN))) == before


def test_with_a_purpose_the_pages_of_that_record_tell_it_and_each_leaves_its_line(app, client_of, planted, partner_id):
    client, town = client_of(HEAD_OF_TOWN), partner_id(TOWN)
    person, other = planted["people_person"][:2]
    application = planted["housing_application"][0]
    tell(client, "people", person)
    tell(client, "housing.applications", application)
    asked = [f"/people/{person}", f"/people/{person}/edit", f"/m/housing/applications/{application}"]
    before = len(reads(app, town))

    assert [bool(canaries_in(client.get(address))) for address in asked] == [True] * 3
    assert canaries_in(client.get(f"/people/{other}")) == []
    lines = reads(app, town)[before:]
    assert [line.told.facts["read"] for line in lines] == [
        ["people_person.known_to_services"], ["people_person.known_to_services"], ["housing_application.answers"],
    ]  # fmt: skip
    assert {line.told.facts["purpose"] for line in lines} == {"application"}
    assert not any(CANARY.search(line.told.text) for line in lines)
    forget(app)
    assert [canaries_in(client.get(address)) for address in asked] == [[], [], []]


def test_a_form_without_the_field_leaves_it_as_it_is(app, client_of, planted):
    client, person = client_of(HEAD_OF_TOWN), planted["people_person"][2]
    page = client.get(f"/people/{person}/edit").text
    assert "known_to_services" not in hidden(page)
    assert f"/purpose/people/{person}" in page

    sent = {**form_of(page), "gender": "donna"}
    assert client.post(f"/people/{person}/edit", data=sent).status_code == 303

    with app.extensions["database"].session(EVERYTHING, writes=False) as session:
        kept = session.get_one(Person, person)
        assert (kept.gender, kept.known_to_services) == ("donna", KnownToServices.YES)


def test_a_draft_that_was_kept_with_a_purpose_does_not_outlast_it(app, client_of, planted):
    client, person = client_of(HEAD_OF_TOWN), planted["people_person"][4]
    tell(client, "people", person)
    edit = f"/people/{person}/edit"
    sent = form_of(client.get(edit).text)
    assert sent["known_to_services"] == "yes"
    client.post("/drafts", data={**sent, "draft.page": edit, "gender": "bozza di prova"})
    assert canaries_in(client.get(f"{edit}?draft=resume"))
    forget(app)

    resumed = client.get(f"{edit}?draft=resume")

    assert canaries_in(resumed) == []
    assert "bozza di prova" in resumed.text
    assert '"known_to_services"' not in html.unescape(resumed.text)


def form_of(page: str) -> dict[str, str]:
    """What a browser would send of the page's form."""
    form = next(one for one in lxml_html.fromstring(page).forms if "version" in one.fields)
    return {name: value for name, value in form.form_values() if not name.endswith((".q", "then"))}


def test_a_program_says_what_for_with_each_request(app, client_of, planted, partner_id):
    client, person = client_of(HEAD_OF_TOWN), planted["people_person"][0]
    address, before = f"/api/v1/people/{person}", len(reads(app, partner_id(TOWN)))

    withheld = client.get(address).json
    assert (withheld["known_to_services"], withheld["withheld"]["fields"]) == (None, ["known_to_services"])
    assert "Purpose" in withheld["withheld"]["how"]
    for asked in (
        {"headers": {"Purpose": "application"}},
        {"query_string": {"purpose": "other; Verifica del giudice"}},
    ):
        told = client.get(address, **asked).json
        assert told["known_to_services"] == "yes"
        assert "withheld" not in told
    assert len(reads(app, partner_id(TOWN))) == before + 2
    assert client.get(address).json["known_to_services"] is None


@pytest.mark.parametrize("purpose", ["curiosity", "other", "other; too few", ";"])
def test_a_purpose_that_is_none_is_refused_and_the_problem_says_how(client_of, planted, purpose):
    answer = client_of(HEAD_OF_TOWN).get(
        f"/api/v1/people/{planted['people_person'][0]}", headers={"Purpose": purpose}
    )  # fmt: skip

    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")
    assert "inspection" in answer.json["detail"]


def test_a_change_through_the_api_needs_no_reading(app, client_of, planted):
    client, address = client_of(HEAD_OF_TOWN), f"/api/v1/people/{planted['people_person'][3]}"
    token = hidden(client.get("/").text)["csrf_token"]
    answer = client.patch(address, json={"gender": "uomo"}, headers={"If-Match": "*", "X-CSRFToken": token})

    assert answer.status_code == 200, answer.text
    assert answer.json["known_to_services"] is None


def test_the_question_wants_an_answer_and_is_put_only_where_there_is_something_special(client_of, planted, partner_id):
    client, address = client_of(HEAD_OF_TOWN), f"/purpose/people/{planted['people_person'][0]}"
    page = client.get(address).text

    assert client.post(address, data=hidden(page)).status_code == 422
    assert client.post(address, data={**hidden(page), "purpose": "other", "note": "boh"}).status_code == 422
    assert client.get(f"/purpose/places/{planted['people_person'][0]}").status_code == 404
    assert client.get(f"/purpose/people/{partner_id(TOWN)}").status_code == 404
    assert client.get(f"/purpose/nothing/{partner_id(TOWN)}").status_code == 404

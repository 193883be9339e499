"""Whatever one partner has, another asks for in vain: every kind of record, by every address that takes a key."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, func, select
from uuid_utils.compat import uuid7

from core import requests
from core.access import gate
from core.config import read_settings
from core.database import scope as fence
from core.database.model import Record
from core.database.ownership import ConsentBound, PartnerOwned
from core.database.scope import Scope, ScopedSession
from core.partners.models import Partner
from core.people.models import (
    Household,
    HouseholdMember,
    IseeCertificate,
    Person,
    Relationship,
    RelationshipKind,
)
from core.people.services import relate
from core.plugins.loading import load
from core.sharing import services
from core.sharing.models import LegalGround, Level, Share
from core.testing.demo_network import HEAD_OF_COOPERATIVE, RUNNING
from core.web import errors
from tests.conformance.test_matrix import rules_of, sample

load(read_settings())
OURS, THEIRS = RUNNING
EVERYTHING = Scope(operator=True, actor="tests", reason="tests")
MOST = 3
KEY = "UUIDConverter"


def owned_models() -> list[Any]:
    """Every mapped class whose rows belong to a partner, or hang on a person that one registered."""
    kinds, found = [Record], []
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if hasattr(kind, "__table__") and issubclass(kind, PartnerOwned | ConsentBound):
            found.append(kind)
    return sorted(set(found), key=lambda kind: kind.__tablename__)


OWNED = owned_models()
by_model = pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__tablename__)


@pytest.fixture(scope="module")
def hidden_keys(app: Any, partner_id: Callable[[str], UUID]) -> Callable[[Any], list[UUID]]:
    """Model → the keys of our own rows, as the operator sees them, without those that they may see; asked once."""
    ours, theirs = partner_id(OURS), partner_id(THEIRS)
    known: dict[Any, list[UUID]] = {}

    def keys(model: Any) -> list[UUID]:
        if model not in known:
            owner = model.partner_id if issubclass(model, PartnerOwned) else model.registered_by_id
            wanted = select(model.id).where(owner == ours).order_by(model.id)
            if issubclass(model, ConsentBound):
                wanted = wanted.where(model.person_id.not_in(fence.people_seen_by(theirs)))
            with app.extensions["database"].session(EVERYTHING, writes=False) as session:
                known[model] = list(session.scalars(wanted))
        return known[model]

    return keys


def test_there_are_rows_to_ask_for(hidden_keys):
    assert len([model for model in OWNED if hidden_keys(model)]) > 30


@by_model
def test_no_key_of_ours_is_found_in_their_session(app, partner_id, hidden_keys, model):
    ours = set(hidden_keys(model))
    with app.extensions["database"].session(Scope(partner_id=partner_id(THEIRS)), writes=False) as session:
        theirs = set(session.scalars(select(model.id)))

    assert theirs & ours == set()


@pytest.fixture
def unfenced() -> Iterator[None]:
    """The session's own fence taken down, as by a mistake in it: what is left is the database's."""
    event.remove(ScopedSession, "do_orm_execute", fence.read_within_scope)
    yield
    event.listen(ScopedSession, "do_orm_execute", fence.read_within_scope)


@by_model
def test_with_the_sessions_fence_taken_down_the_database_still_shows_no_foreign_row(
    app, partner_id, hidden_keys, model, unfenced
):
    """On SQLite there is no second wall, and docs/operate.md says so: there the same question shows that this bites."""
    database, theirs = app.extensions["database"], partner_id(THEIRS)
    ours = set(hidden_keys(model))
    with database.session(Scope(partner_id=theirs), writes=False) as session:
        found = set(session.scalars(select(model.id))) | set(session.execute(select(model.__table__.c.id)).scalars())

    if database.engine.dialect.name == "postgresql":
        assert found & ours == set()
    else:
        assert ours <= found


@pytest.fixture(scope="module")
def almighty(app: Any, client_of: Callable[[str], Any], patch: pytest.MonkeyPatch) -> Any:
    """Somebody of the other partner who may do all that a partner's people may, wherever its modules are on."""
    client = client_of(HEAD_OF_COOPERATIVE)

    fill, declared = gate.fill, app.extensions["rights"].declared

    def everything(session: Any, visitor: Any, *given: Any) -> Scope:
        scope = fill(session, visitor, *given)
        allowed = {key for key, module in declared.items() if not module or module in scope.modules}
        session.info["scope"] = replace(scope, permissions=frozenset(allowed) - {"core.network", "core.partners"})
        return session.info["scope"]

    patch.setattr(gate, "fill", everything)
    patch.setattr(gate, "needs_fresh_sign_in", lambda view: False)
    patch.setattr(requests.Application, "_keep", lambda self, session, response: session.rollback())
    patch.setattr(requests.logs, "request_answered", lambda **_told: None)
    patch.setattr(errors, "_page", lambda status, happened: app.response_class(status=status))
    patch.setitem(app.config, "WTF_CSRF_METHODS", set())
    return client


def keyed_rules(app: Any, collection: Any) -> list[tuple[str, str]]:
    """(method, address) of every page and endpoint that takes a key of this collection."""
    starts = (f"{collection.url}/<uuid:key>", f"{collection.api_url}/<uuid:key>")
    return [pair for pair in rules_of(app) if pair[1] in starts or pair[1].startswith(tuple(f"{s}/" for s in starts))]


def collections_owned() -> list[Any]:
    found = load(read_settings()).collections
    return [one for one in found if issubclass(one.resource.model, PartnerOwned | ConsentBound)]


def is_postgresql(app: Any) -> bool:
    return bool(app.extensions["database"].engine.dialect.name == "postgresql")


def asked(client: Any, app: Any, pairs: Iterable[tuple[str, str]], key: UUID, **parts: Any) -> dict[Any, int]:
    """(method, rule) → what is answered when the rule's keys are this one, and its other parts are these or samples."""
    rules, answers = rules_of(app), {}
    for method, rule in pairs:
        values = {
            name: parts.get(name) or (key if type(one).__name__ == KEY else sample(name, one))
            for name, one in rules[method, rule]._converters.items()
        }
        address = str(rules[method, rule].build(values, append_unknown=False)[1])
        headers = {"If-Match": "*"} if method == "PATCH" else {}
        sent = {"json": {}} if address.startswith("/api/") and method != "GET" else {}
        answers[method, rule] = client.open(address, method=method, headers=headers, **sent).status_code
    return answers


@pytest.mark.parametrize("collection", collections_owned(), ids=lambda one: one.key)
def test_every_address_of_a_record_of_ours_is_not_found_by_them(app, almighty, hidden_keys, collection):
    """The page and the endpoint of some records, and of one of them every form, move and action.

    Which views there are is the same on both databases: on PostgreSQL the records themselves are asked for.
    """
    keys = hidden_keys(collection.resource.model)
    answers = {
        (key, api): almighty.get(f"{collection.api_url if api else collection.url}/{key}").status_code
        for key in keys[:: len(keys) // MOST or 1][:MOST] for api in (False, True)
    }  # fmt: skip
    if keys and not is_postgresql(app):
        answers |= asked(almighty, app, keyed_rules(app, collection), keys[0])

    assert {pair: status for pair, status in answers.items() if status != 404} == {}


@pytest.fixture
def tables_looked_in(app: Any) -> Iterator[Callable[[UUID], set[str]]]:
    """Key → the tables that were asked for a row with it."""
    engine, asked_for = app.extensions["database"].engine, []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        asked_for.append((statement, repr(parameters).replace("-", "")))

    event.listen(engine, "before_cursor_execute", note)
    yield (
        lambda key: (
            {word for statement, told in asked_for if key.hex in told for word in re.findall(r"\w+", statement)}
            & {model.__tablename__ for model in OWNED}
        )
    )
    event.remove(engine, "before_cursor_execute", note)


def test_addresses_made_by_hand_find_no_record_of_ours_either(app, almighty, hidden_keys, tables_looked_in):
    """Every other address that takes one key, asked with the first key of each table it looks into, or of all."""
    by_collection = {pair for one in load(read_settings()).collections for pair in keyed_rules(app, one)}
    firsts = {model.__tablename__: hidden_keys(model)[:1] for model in OWNED}
    found, looked_into = {}, set()
    for (method, rule), made in rules_of(app).items():
        if (method, rule) in by_collection or [type(one).__name__ for one in made._converters.values()] != [KEY]:
            continue
        nobodys = uuid7()
        found[method, rule, ""] = asked(almighty, app, [(method, rule)], nobodys)[method, rule]
        tables = tables_looked_in(nobodys)
        looked_into |= tables
        for table in tables or firsts:
            for key in firsts[table]:
                found[method, rule, table] = asked(almighty, app, [(method, rule)], key)[method, rule]

    assert {one: status for one, status in found.items() if status not in {403, 404}} == {}
    assert len(looked_into) > 5


SHARED = Path(__file__).with_name("shared_people.txt")
LEVELS = (Level.L1, Level.L2, Level.L3)


def rules_of_people(app: Any) -> dict[Any, list[tuple[str, str]]]:
    """Model → (method, rule) of whatever takes the key of a person, or of what hangs on one."""
    found = {
        one.resource.model: keyed_rules(app, one)
        for one in load(read_settings()).collections if issubclass(one.resource.model, ConsentBound)
    }  # fmt: skip
    found[Person] += [pair for pair in rules_of(app) if re.search("/people/<uuid:(winner|key)>", pair[1])]
    return {model: list(dict.fromkeys(pairs)) for model, pairs in found.items()}


@pytest.fixture
def known(app: Any, partner_id: Callable[[str], UUID], hidden_keys: Callable[[Any], list[UUID]]) -> dict[Any, UUID]:
    """Somebody of ours whom they do not see, with a household, a certificate and a relationship: model → key."""

    def choose(session: Any) -> dict[Any, UUID]:
        several = select(HouseholdMember.household_id).group_by(HouseholdMember.household_id).having(func.count() > 1)
        certificate = session.scalars(
            select(IseeCertificate).where(
                IseeCertificate.id.in_(hidden_keys(IseeCertificate)), IseeCertificate.household_id.in_(several)
            )
        ).first()
        person = session.get_one(Person, certificate.person_id)
        other = session.scalars(
            select(Person).where(Person.id.in_(hidden_keys(Person)), Person.id != person.id)
        ).first()
        relationship = relate(session, person, kind=RelationshipKind.CAREGIVER, other_person=other)
        return {
            Person: person.id, IseeCertificate: certificate.id, Household: certificate.household_id,
            Relationship: relationship.id,
        }  # fmt: skip

    return app.extensions["database"].run(Scope(partner_id=partner_id(OURS), actor="tests"), choose)


def test_a_shared_person_is_open_as_the_table_says_and_closed_at_once_when_it_ends(
    app, almighty, partner_id, known, monkeypatch
):
    """At each level every page is looked at; at the widest every form is sent too, empty, and once more when revoked.

    shared_people.txt says what is answered at L1, L2 and L3; an address that is not there fails. PostgreSQL's part
    in it is reading: there the forms are not sent again.
    """
    database, mine = app.extensions["database"], Scope(partner_id=partner_id(OURS), actor="tests")
    rules = {model: pairs for model, pairs in rules_of_people(app).items() if model in known}

    def asked_all(*methods: str) -> dict[Any, int]:
        found: dict[Any, int] = {}
        for model, pairs in rules.items():
            wanted = [pair for pair in pairs if pair[0] in methods]
            found |= asked(almighty, app, wanted, known[model], name="access")
        return found

    def give(level: Level) -> UUID:
        def given(session: Any) -> UUID:
            person, taker = session.get_one(Person, known[Person]), session.get_one(Partner, partner_id(THEIRS))
            told = {"legal_ground": LegalGround.PUBLIC_TASK, "module": "housing", "valid_to": fence.today()}
            return services.give(session, person=person, taker=taker, level=level, **told).id

        return database.run(mine, given)

    def revoke(key: UUID) -> None:
        database.run(mine, lambda session: services.revoke(session, session.get_one(Share, key)))

    every = ("GET",) if is_postgresql(app) else ("GET", "POST", "PATCH", "DELETE")
    answers: dict[Any, list[int]] = defaultdict(list)
    for level in LEVELS:
        key = give(level)
        for pair, status in asked_all(*(every if level is Level.L3 else ("GET",))).items():
            answers[pair].append(status)
        revoke(key)
    revoked = asked_all(*every)
    give(Level.L3)
    tomorrow = fence.now() + timedelta(days=1)
    monkeypatch.setattr(fence, "now", lambda: tomorrow)
    expired = asked_all("GET")

    told = {f"{method} {rule} {' '.join(map(str, statuses))}" for (method, rule), statuses in answers.items()}
    written = set(SHARED.read_text().splitlines())
    assert told ^ {line for line in written if line.split(" ")[0] in every} == set(), "read what changed"
    assert {pair: status for pair, status in (revoked | expired).items() if status != 404} == {}

"""Whatever one partner has, another asks for in vain: every kind of record, by every address that takes a key."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select

from core import requests
from core.access import gate
from core.config import read_settings
from core.database import scope as fence
from core.database.model import Record
from core.database.ownership import ConsentBound, PartnerOwned
from core.database.scope import Scope, ScopedSession
from core.plugins.loading import load
from core.testing.demo_network import HEAD_OF_COOPERATIVE, RUNNING
from core.web import errors, logs
from tests.conformance import expectations
from tests.conformance.test_matrix import rules_of

load(read_settings())
OURS, THEIRS = RUNNING
EVERYTHING = Scope(operator=True, actor="tests", reason="tests")
MOST = 12


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


def keys_of(app: Any, model: Any, partner: UUID) -> list[UUID]:
    """The keys of one partner's own rows, as the operator sees them."""
    owner = model.partner_id if issubclass(model, PartnerOwned) else model.registered_by_id
    with app.extensions["database"].session(EVERYTHING, writes=False) as session:
        return list(session.scalars(select(model.id).where(owner == partner).order_by(model.id)))


def shared(app: Any, model: Any, partner: UUID) -> set[UUID]:
    """The rows about people that this partner may see, although another registered them."""
    if not issubclass(model, ConsentBound):
        return set()
    with app.extensions["database"].session(EVERYTHING, writes=False) as session:
        seen = fence.people_seen_by(partner)
        return set(session.scalars(select(model.id).where(model.person_id.in_(seen))))


def test_there_are_rows_to_ask_for(app, partner_id):
    filled = [model for model in OWNED if keys_of(app, model, partner_id(OURS))]

    assert len(filled) > 30


@by_model
def test_no_key_of_ours_is_found_in_their_session(app, partner_id, model):
    ours = set(keys_of(app, model, partner_id(OURS))) - shared(app, model, partner_id(THEIRS))
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
def test_with_the_sessions_fence_taken_down_the_database_still_shows_no_foreign_row(app, partner_id, model, unfenced):
    """On SQLite there is no second wall, and docs/operate.md says so: there the same question shows that this bites."""
    database, theirs = app.extensions["database"], partner_id(THEIRS)
    ours = set(keys_of(app, model, partner_id(OURS))) - shared(app, model, theirs)
    with database.session(Scope(partner_id=theirs), writes=False) as session:
        found = set(session.scalars(select(model.id))) | set(session.execute(select(model.__table__.c.id)).scalars())

    if database.engine.dialect.name == "postgresql":
        assert found & ours == set()
    else:
        assert ours <= found


@pytest.fixture(scope="module")
def almighty(app: Any, client_of: Callable[[str], Any]) -> Iterator[Any]:
    """Somebody of the other partner who may do all that a partner's people may, wherever its modules are on."""
    patch = pytest.MonkeyPatch()
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
    patch.setattr(logs.log, "info", lambda *_told, **_more: None)
    patch.setattr(errors, "_page", lambda status, happened: app.response_class(status=status))
    patch.setitem(app.config, "WTF_CSRF_METHODS", set())
    yield client
    patch.undo()


def keyed_rules(app: Any, collection: Any) -> list[tuple[str, str]]:
    """(method, address) of every page and endpoint that takes a key of this collection."""
    starts = (f"{collection.url}/<uuid:key>", f"{collection.api_url}/<uuid:key>")
    return [pair for pair in rules_of(app) if pair[1] in starts or pair[1].startswith(tuple(f"{s}/" for s in starts))]


def collections_owned() -> list[Any]:
    found = load(read_settings()).collections
    return [one for one in found if issubclass(one.resource.model, PartnerOwned | ConsentBound)]


@pytest.mark.parametrize("collection", collections_owned(), ids=lambda one: one.key)
def test_every_address_of_a_record_of_ours_is_not_found_by_them(app, almighty, partner_id, collection):
    """The pages and endpoints of a dozen records, and of one of them every form, move and action."""
    model = collection.resource.model
    keys = [key for key in keys_of(app, model, partner_id(OURS)) if key not in shared(app, model, partner_id(THEIRS))]
    answers = {}
    for key in keys[:MOST]:
        for address in (f"{collection.url}/{key}", f"{collection.api_url}/{key}"):
            answers["GET", address] = almighty.get(address).status_code
    rules = rules_of(app)
    for method, rule in keyed_rules(app, collection) if keys else ():
        names = {"name": "x", "code": "x", "kind": "x"}
        values = {n: keys[0] if n == "key" else names.get(n, keys[0]) for n in rules[method, rule]._converters}
        address = str(rules[method, rule].build(values, append_unknown=False)[1])
        headers = {"If-Match": "*"} if method == "PATCH" else {}
        sent = {"json": {}} if address.startswith("/api/") and method != "GET" else {}
        answers[method, address] = almighty.open(address, method=method, headers=headers, **sent).status_code

    assert {pair: status for pair, status in answers.items() if status != 404} == {}


def test_addresses_made_by_hand_find_no_record_of_ours_either(app, almighty, partner_id):
    """Every other address that takes one key, asked with the first key of each of our kinds of record."""
    by_collection = {pair for one in load(read_settings()).collections for pair in keyed_rules(app, one)}
    firsts = {}
    for model in OWNED:
        keys = [k for k in keys_of(app, model, partner_id(OURS)) if k not in shared(app, model, partner_id(THEIRS))]
        firsts[model.__tablename__] = keys[:1]
    found = {}
    for (method, rule), made in rules_of(app).items():
        converters = [type(one).__name__ for one in made._converters.values()]
        if (method, rule) in by_collection or converters.count("UUIDConverter") != 1 or len(converters) != 1:
            continue
        module = expectations.module_of(app, made.endpoint)
        for table, keys in firsts.items():
            if not keys or (module and not table.startswith(f"{module}_")):
                continue
            address = str(made.build(dict.fromkeys(made._converters, keys[0]), append_unknown=False)[1])
            status = almighty.open(address, method=method).status_code
            if status not in {403, 404}:
                found[method, address, table] = status

    assert found == {}

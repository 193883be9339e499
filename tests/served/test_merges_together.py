"""Two clerks merge crossing pairs at the same moment on the real server: one is told, nobody meets a fault."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from core.database.scope import Scope
from core.partners.models import Partner
from core.people.models import Duplicate, DuplicateState, Person, PersonState
from core.testing.demo_network import HEAD_OF_TOWN, PASSWORD

EVERYTHING = Scope(operator=True, actor="tests", reason="tests")


@pytest.fixture(scope="module")
def browsers(served):
    return [served.browser().sign_in(HEAD_OF_TOWN, PASSWORD) for _clerk in range(2)]


def pairs(database):
    """The sheets that the municipality has to compare, always in the same order."""
    with database.session(EVERYTHING, writes=False) as session:
        town = select(Partner.id).where(Partner.code == "MONTICHIARI").scalar_subquery()
        waiting = select(Duplicate).where(Duplicate.partner_id == town, Duplicate.state == DuplicateState.WAITING)
        found = session.scalars(waiting.order_by(Duplicate.id)).unique()
        return [(one.person_id, one.other_id) for one in found]


def states(database, keys):
    with database.session(EVERYTHING, writes=False) as session:
        return [session.get_one(Person, key).state for key in keys]


@pytest.mark.parametrize("round_", range(3))
def test_of_two_who_merge_the_same_two_sheets_each_into_the_other_one_is_told(browsers, database, served, round_):
    one, other = pairs(database)[round_]
    addresses = [f"/people/{one}/merge/{other}/preview", f"/people/{other}/merge/{one}/preview"]
    forms = [browser.get(address).hidden for browser, address in zip(browsers, addresses, strict=True)]
    start = Barrier(2)

    def merge(browser, address, hidden):
        start.wait()
        return browser.post(address, {**hidden, "reason": "La stessa persona"})

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(merge, browsers, addresses, forms))

    assert sorted(answer.status for answer in answers) == [303, 422]
    told = next(answer for answer in answers if answer.status == 422)
    assert "nel frattempo" in told.text
    assert sorted(state is PersonState.MERGED for state in states(database, (one, other))) == [False, True]
    assert "Traceback" not in served.written()

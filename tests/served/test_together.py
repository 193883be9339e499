"""Several people at once on the real server: one effect, one winner, and words for whoever comes second."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from core.database.scope import Scope
from core.organisations.models import Organisation
from core.partners.models import Partner
from core.people.models import Household, Person
from core.testing.demo_network import HEAD_OF_TOWN, PASSWORD
from core.testing.serving import Answer, Browser, serving
from plugins.housing.models import Dwelling, DwellingState, Lease

OFFICER = "luca.neri@demo.example"
EVERYTHING = Scope(operator=True, actor="tests", reason="tests")


def at_once(*acts: Callable[[], Answer]) -> list[Answer]:
    """Do all of them at the same moment, each in its own thread; the answers in their order."""
    start = Barrier(len(acts))

    def one(act: Callable[[], Answer]) -> Answer:
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


@pytest.fixture(scope="module")
def giulia(served) -> Browser:
    return served.browser().sign_in(HEAD_OF_TOWN, PASSWORD)


@pytest.fixture(scope="module")
def luca(served) -> Browser:
    return served.browser().sign_in(OFFICER, PASSWORD)


def rows(database, statement) -> list[Any]:
    with database.session(EVERYTHING, writes=False) as session:
        return list(session.scalars(statement).unique())


def of_town(database, model):
    """A statement for the town's own rows."""
    town = select(Partner.id).where(Partner.code == "MONTICHIARI").scalar_subquery()
    owner = model.partner_id if hasattr(model, "partner_id") else model.registered_by_id
    return select(model).where(owner == town)


@pytest.mark.parametrize("round_", range(5))
def test_a_form_sent_five_times_at_once_has_one_effect_and_one_answer(giulia, database, round_):
    name = f"Gruppo del cortile {round_}"
    sent = {**giulia.get("/organisations/new").hidden, "name": name, "legal_type": "informal_group"}

    answers = at_once(*[lambda: giulia.post("/organisations/new", sent)] * 5)

    assert [answer.status for answer in answers] == [303] * 5
    assert len({answer.location for answer in answers}) == 1
    assert len(rows(database, select(Organisation).where(Organisation.name == name))) == 1


def test_the_second_of_two_editors_gets_both_values_and_loses_nothing(giulia, luca, database):
    made = giulia.send("/organisations/new", {"name": "Circolo di mezzo", "legal_type": "informal_group"})
    first, second = (browser.get(f"{made.location}/edit").hidden for browser in (giulia, luca))
    common = {"name": "Circolo di mezzo", "legal_type": "informal_group"}

    kept = giulia.post(f"{made.location}/edit", {**first, **common, "phone": "030 5550101", "notes": "di Giulia"})
    merge = luca.post(f"{made.location}/edit", {**second, **common, "phone": "030 5550202"})
    done = luca.post(f"{made.location}/edit", [*merge.hidden.items(), ("keep.phone", "mine"), ("keep.notes", "theirs")])

    assert (kept.status, merge.status, done.status) == (303, 409, 303)
    assert "+390305550101" in merge.text.replace(" ", "")
    assert "0305550202" in merge.text.replace(" ", "")
    circle = rows(database, select(Organisation).where(Organisation.name == "Circolo di mezzo"))[0]
    assert (circle.phone, circle.notes) == ("+390305550202", "di Giulia")


def test_of_two_who_save_at_the_same_moment_one_merges(giulia, luca, database):
    made = giulia.send("/organisations/new", {"name": "Circolo dei due", "legal_type": "informal_group"})
    address = f"{made.location}/edit"
    for n in range(10):
        both = {browser: browser.get(address).hidden for browser in (giulia, luca)}
        common = {"name": "Circolo dei due", "legal_type": "informal_group"}
        answers = at_once(
            lambda: giulia.post(address, {**both[giulia], **common, "notes": f"Giulia {n}"}),  # noqa: B023  used at once
            lambda: luca.post(address, {**both[luca], **common, "notes": f"Luca {n}"}),  # noqa: B023
        )
        merge = next(answer for answer in answers if answer.status == 409)

        assert sorted(answer.status for answer in answers) == [303, 409]
        assert f"Giulia {n}" in merge.text
        assert f"Luca {n}" in merge.text


def test_of_two_clerks_who_let_the_same_home_one_reads_why_not(giulia, luca, database):
    free = rows(database, of_town(database, Dwelling).where(Dwelling.state == DwellingState.AVAILABLE))[0]
    person = rows(database, of_town(database, Person))[0]
    sent = {
        "dwelling": str(free.id), "tenant": str(person.id), "kind": "agreed", "starts_on": "01/02/2031",
        "ends_on": "31/01/2034", "monthly_rent": "300", "deposit": "0", "due_day": "5",
    }  # fmt: skip
    address = "/m/housing/leases/new"
    hidden = {browser: browser.get(address).hidden for browser in (giulia, luca)}

    answers = at_once(*[lambda b=browser: b.post(address, {**hidden[b], **sent}) for browser in (giulia, luca)])

    refused = next(answer for answer in answers if answer.status != 303)
    assert sorted(answer.status for answer in answers) == [303, 422]
    assert re.search(r"(occupat|affittat|locat|contratto)", refused.text)
    assert 'value="300"' in refused.text
    assert (
        len(rows(database, select(Lease).where(Lease.dwelling_id == free.id, Lease.starts_on == date(2031, 2, 1)))) == 1
    )


def test_two_who_give_the_same_code_at_once_read_the_same_as_one_who_comes_later(giulia, luca, database):
    home = rows(database, of_town(database, Dwelling))[0]
    sent = {"code": "DOPPIO-1", "regime": home.regime.value, "address": "Via Roma 4",
            "municipality": str(home.municipality_id)}  # fmt: skip
    address = "/m/housing/dwellings/new"
    hidden = {browser: browser.get(address).hidden for browser in (giulia, luca)}

    answers = at_once(*[lambda b=browser: b.post(address, {**hidden[b], **sent}) for browser in (giulia, luca)])

    assert sorted(answer.status for answer in answers) == [303, 422]
    assert 'href="#code"' in next(answer for answer in answers if answer.status == 422).text


def test_eight_processes_number_without_gaps(settings, database):
    people = rows(database, of_town(database, Person).limit(24))
    before = rows(database, of_town(database, Household))
    with serving(settings, workers=8, threads=1) as eight:
        browsers = [eight.browser().sign_in(HEAD_OF_TOWN, PASSWORD) for _process in range(8)]

        def compose(browser, person):
            sent = {"person": str(person.id), "kind": "housing", "valid_from": "01/01/2020"}
            return lambda: browser.send("/households/new", sent)

        turns = [people[first : first + 8] for first in range(0, len(people), 8)]
        answers = [answer for turn in turns for answer in at_once(*map(compose, browsers, turn))]

    made = {row.code for row in rows(database, of_town(database, Household))} - {row.code for row in before}
    numbers = sorted(int(code.rpartition("/")[2]) for code in made)
    assert {answer.status for answer in answers} == {303}
    assert len(numbers) == len(people)
    assert numbers == list(range(numbers[0], numbers[0] + len(people)))

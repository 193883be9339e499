"""Lists and searches of people, walked along what the partner sees, on both databases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from core.database import finding
from core.database.scope import Scope, ScopedSession, scope_of, today
from core.database.session import Database
from core.database.visibility import PersonAccess
from core.people.models import NoCodiceFiscale, Person, PersonState, Sex
from core.people.pages import people
from core.resource import lookup, query
from core.resource.collections import Collection, Collections
from core.resource.query import ListState, page_of

from .conftest import register_in

UNCODED = {"no_codice_fiscale_reason": NoCodiceFiscale.UNAVAILABLE}


@pytest.fixture
def collection() -> Collection:
    book = Collections()
    [bound] = book.add("", [people])
    return bound


Names = Callable[..., list[str]]


@pytest.fixture
def listed(session: ScopedSession, collection: Collection) -> Names:
    """The names on a page of the list."""
    return lambda **state: [person.sort_name for person in page_of(session, collection, ListState(**state)).rows]


def register_all(session: ScopedSession, *names: str) -> None:
    for name in names:
        surname, _space, first = name.partition(" ")
        register_in(session, surname=surname, name=first, confirm_similar=True, **UNCODED)


def open_to(session: ScopedSession, person: Person, *, basis: str, days: int = 30, level: int = 1) -> None:
    access = PersonAccess(
        partner_id=scope_of(session).partner_id, person_id=person.id, level=level, basis=basis, valid_from=today(),
        valid_to=today() + timedelta(days=days),
        sort_name=person.sort_name, search=person.search,
    )  # fmt: skip
    session.add(access)
    session.flush()


def test_a_list_is_in_the_order_of_names_page_by_page_there_and_back(
    session: ScopedSession, collection: Collection, listed: Names
) -> None:
    register_all(session, "Zani Ugo", "Bossi Ada", "Rossi Ida", "Rossi Ada", "Conti Eva")

    first = page_of(session, collection, ListState(size=2))
    second = page_of(session, collection, ListState(size=2, after=first.next))
    last = page_of(session, collection, ListState(size=2, after=second.next))

    names = [[person.sort_name for person in page.rows] for page in (first, second, last)]
    assert names == [["bossi ada", "conti eva"], ["rossi ada", "rossi ida"], ["zani ugo"]]
    assert (first.previous, last.next, first.total) == ("", "", 5)
    assert listed(size=2, before=last.previous) == names[1]
    assert listed(sort="-sort_name", size=2) == ["zani ugo", "rossi ida"]


def test_words_are_found_anywhere_whatever_accents_and_case(session: ScopedSession, listed: Names) -> None:
    register_all(session, "Pedrossi Nicolò", "D'Amico Zoë", "Bruni Rosso")

    assert listed(q="ROSS") == ["bruni rosso", "pedrossi nicolo"]
    assert listed(q="nicolo ross") == ["pedrossi nicolo"]
    assert listed(q="d’amico zoe") == ["damico zoe"]
    assert listed(q="zzzq") == []


@pytest.mark.parametrize("sign", ["%", "_", "\\", "a%i", "'); drop table people_access; --"])
def test_signs_of_the_database_are_searched_as_they_are_typed(session: ScopedSession, listed: Names, sign: str) -> None:
    register_all(session, "Rossi Ada")

    assert listed(q=sign) == []
    assert listed() == ["rossi ada"]


def test_a_search_keeps_to_the_filters(session: ScopedSession, collection: Collection, listed: Names) -> None:
    register_in(session, surname="Rossi", name="Ada", **UNCODED)
    register_in(session, surname="Rossi", name="Ugo", sex=Sex.MALE, **UNCODED)

    assert listed(q="rossi", filters={"sex": ("M",)}) == ["rossi ugo"]
    assert page_of(session, collection, ListState(filters={"sex": ("F",)})).total == 1


def test_nobody_finds_the_people_of_another_partner(
    database: Database, session: ScopedSession, collection: Collection, listed: Names, neighbour: Any
) -> None:
    register_all(session, "Rossi Ada")
    session.commit()

    with database.session(Scope(partner_id=neighbour, actor="tests")) as theirs:
        page = page_of(theirs, collection, ListState(q="rossi"))
        everybody = page_of(theirs, collection, ListState())
        found = lookup.find(theirs, collection, "rossi")

    assert (page.rows, page.total, everybody.rows, everybody.total, found) == ([], 0, [], 0, [])
    assert listed(q="rossi") == ["rossi ada"]


def test_who_is_seen_on_two_grounds_stands_in_the_list_once(
    session: ScopedSession, collection: Collection, listed: Names
) -> None:
    register_all(session, "Rossi Ada", "Rossi Ida")
    ada = session.scalars(select(Person).where(Person.sort_name == "rossi ada")).one()
    open_to(session, ada, basis="share-1")
    open_to(session, ada, basis="share-2")

    assert listed() == listed(q="rossi") == ["rossi ada", "rossi ida"]
    assert page_of(session, collection, ListState()).total == 2
    assert page_of(session, collection, ListState(q="rossi")).total == 2


def test_an_access_that_is_over_finds_nobody(session: ScopedSession, listed: Names) -> None:
    register_all(session, "Rossi Ada")
    access = session.scalars(select(PersonAccess)).one()
    access.valid_from, access.valid_to = today() - timedelta(days=9), today() - timedelta(days=1)
    session.flush()

    assert listed() == listed(q="rossi") == []


def test_the_operator_lists_everybody(database: Database, session: ScopedSession, collection: Collection) -> None:
    register_all(session, "Rossi Ada")
    session.commit()

    with database.session(Scope(operator=True, actor="tests", reason="tests")) as operator:
        assert [person.sort_name for person in page_of(operator, collection, ListState(q="rossi")).rows] == [
            "rossi ada"
        ]


@pytest.mark.parametrize("typed", ["rosi nicolo", "rossi nicoló", "rossi nicollo", "rosis Nicolò", "nicolo rossj"])
def test_who_is_mistyped_by_one_letter_is_found_where_nobody_is_called_so(
    session: ScopedSession, collection: Collection, typed: str
) -> None:
    register_all(session, "Rossi Nicolò", "Russo Nicola", "Bianchi Ada")

    assert [person.sort_name for person in lookup.find(session, collection, typed)] == ["rossi nicolo"]
    assert lookup.find(session, collection, "zzzq") == []


def test_the_names_of_another_partner_are_no_help_to_who_mistypes(
    database: Database, session: ScopedSession, collection: Collection, neighbour: Any
) -> None:
    register_all(session, "Rossi Ada")
    session.commit()

    with database.session(Scope(partner_id=neighbour, actor="tests")) as theirs:
        assert list(finding.respelled(theirs, ["rosi"])) == []
        assert lookup.find(theirs, collection, "rosi") == []
    assert lookup.find(session, collection, "rosi") != []


def test_a_long_list_is_counted_once_a_minute_and_a_search_in_it_each_time(
    session: ScopedSession, collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query, "COUNTED", 1)
    register_all(session, "Rossi Ada", "Bianchi Ida")
    asked: list[str] = []
    event.listen(session, "do_orm_execute", lambda state: asked.append(str(state.statement)))

    def total(**state: Any) -> tuple[int | None, int]:
        asked.clear()
        told = page_of(session, collection, ListState(**state)).total
        return told, sum("count(" in statement for statement in asked)

    assert [total(), total(), total(q="rossi")] == [(None, 1), (None, 0), (1, 1)]
    monkeypatch.setattr(query, "COUNTED_EVERY", 0)
    assert total() == (None, 1)


def test_a_sheet_that_went_into_another_is_in_no_list(
    session: ScopedSession, collection: Collection, listed: Names
) -> None:
    register_all(session, "Rossi Ada", "Rossi Ida")
    ida = session.scalars(select(Person).where(Person.sort_name == "rossi ida")).one()
    ida.state = PersonState.MERGED
    session.flush()

    assert listed() == listed(q="rossi") == listed(size=1) == ["rossi ada"]
    assert page_of(session, collection, ListState(size=1)).next == ""
    assert page_of(session, collection, ListState()).total == 1
    assert [person.sort_name for person in lookup.find(session, collection, "rosi")] == ["rossi ada"]

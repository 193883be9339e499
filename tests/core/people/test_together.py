"""Files of people: written together, each row judged as if it had come alone."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from core.database.changes import write_lines
from core.database.scope import Scope, ScopedSession
from core.database.session import Database, finish
from core.database.trail import Change
from core.database.visibility import PersonAccess
from core.people import services
from core.people.models import Person
from core.people.pages import people
from core.people.services import roster
from core.places.plugin import resources as places
from core.resource.collections import Collection, Collections
from core.resource.importing import import_table
from core.resource.reports import Report
from core.resource.tables import read_table

from .conftest import register_in

HEADINGS = "Surname;Name;Registered sex;Date of birth;Codice fiscale;Why there is none;Already known to social services"
BONOMETTI = "Bonometti;Chiara;F;09/07/1984;;unavailable;no"
ROSSI = "Rossi;Ada;F;01/02/1950;RSSDAA50B41F205E;;no"
NERI = "Neri;Ugo;M;03/04/1960;;unavailable;no"
CODED = {"codice_fiscale": "RSSDAA50B41F205E"}


@pytest.fixture
def collection() -> Collection:
    book = Collections()
    [bound] = book.add("", [people])
    return bound


def bring_in(session: ScopedSession, collection: Collection, *rows: str) -> Report:
    return import_table(session, collection, read_table("\n".join([HEADINGS, *rows]).encode()))


def names(session: ScopedSession) -> list[str]:
    return list(session.scalars(select(Person.sort_name).order_by(Person.sort_name)))


def test_every_row_is_registered_seen_and_told(session: ScopedSession, collection: Collection) -> None:
    report = bring_in(session, collection, BONOMETTI, ROSSI, NERI)
    write_lines(session)

    assert (report.created, report.problems) == (3, [])
    assert names(session) == ["bonometti chiara", "neri ugo", "rossi ada"]
    assert sorted(session.scalars(select(PersonAccess.sort_name))) == names(session)
    told = session.scalars(select(Change).where(Change.entity == "people_person").order_by(Change.sequence))
    assert len(list(told)) == 3


def test_a_row_like_one_before_it_in_the_file_is_asked_about_and_the_others_stay(
    session: ScopedSession, collection: Collection
) -> None:
    report = bring_in(session, collection, BONOMETTI, ROSSI, "Chiara;Bonometti;F;09/07/1984;;unavailable;no", NERI)

    assert (report.created, report.rejected) == (3, 1)
    [problem] = report.problems
    assert (problem.line, problem.confirms) == (4, "confirm_similar")
    assert "Bonometti Chiara" in str(problem)


def test_a_row_like_somebody_registered_is_asked_about(session: ScopedSession, collection: Collection) -> None:
    register_in(session, no_codice_fiscale_reason="unavailable", codice_fiscale=None, surname="Bonomeli")

    report = bring_in(session, collection, ROSSI, BONOMETTI.replace("Bonometti", "Bonomelli"))

    assert (report.created, report.rejected) == (1, 1)
    assert "Bonomeli Chiara" in str(report.problems[0])


def test_a_code_of_another_partner_is_refused_alone(
    database: Database, session: ScopedSession, collection: Collection, neighbour: Any
) -> None:
    with database.session(Scope(partner_id=neighbour, actor="tests")) as theirs:
        register_in(theirs, surname="Rossi", name="Ada", birth_date=date(1950, 2, 1), **CODED)
        finish(theirs)

    report = bring_in(session, collection, BONOMETTI, ROSSI, NERI)

    assert (report.created, report.rejected) == (2, 1)
    assert "already known to another partner" in str(report.problems[0])
    assert names(session) == ["bonometti chiara", "neri ugo"]


def test_what_the_database_refuses_at_the_end_is_found_row_by_row(
    database: Database, session: ScopedSession, collection: Collection, neighbour: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.session(Scope(partner_id=neighbour, actor="tests")) as theirs:
        register_in(theirs, surname="Rossi", name="Ada", birth_date=date(1950, 2, 1), **CODED)
        finish(theirs)
    monkeypatch.setattr(roster, "known_among", lambda session, codes: set())  # they register while we look

    report = bring_in(session, collection, BONOMETTI, ROSSI, NERI)
    write_lines(session)

    assert [problem.line for problem in report.problems] == [3]
    assert names(session) == ["bonometti chiara", "neri ugo"]
    assert len(list(session.scalars(select(Change).where(Change.entity == "people_person")))) == 2


def test_people_are_written_when_the_last_of_them_was_handed_over(session: ScopedSession) -> None:
    with services.many_people(session, []):
        person = register_in(session, no_codice_fiscale_reason="unavailable")
        assert person in session.new

    assert person not in session.new
    assert names(session) == ["bonometti chiara"]
    assert list(session.scalars(select(PersonAccess.person_id))) == [person.id]


def test_nothing_of_a_row_is_left_in_the_next(session: ScopedSession) -> None:
    book = Collections()
    [collection, *_others] = book.add("", [people, *places()])
    more = ";Phone;E-mail;Municipality of residence"
    rows = [f"{BONOMETTI};030 5550142;chiara@esempio.it;", f"{ROSSI};many;nobody;Nowhere", f"{NERI};;;"]
    table = read_table("\n".join([HEADINGS + more, *rows]).encode())

    report = import_table(session, collection, table)

    assert {(problem.line, problem.value) for problem in report.problems} == {
        (3, "many"), (3, "nobody"), (3, "Nowhere"),
    }, [str(problem) for problem in report.problems]  # fmt: skip
    reach = select(Person.sort_name, Person.phone, Person.email, Person.residence_municipality_id)
    assert [tuple(row) for row in session.execute(reach.order_by(Person.sort_name))] == [
        ("bonometti chiara", "+390305550142", "chiara@esempio.it", None), ("neri ugo", None, None, None),
    ]  # fmt: skip

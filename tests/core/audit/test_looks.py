"""Who looked at a person: names of one's own partner, of others only which, and only for who registered the person."""

from datetime import timedelta

import pytest

from core.audit.looks import looks_at
from core.database.changes import note_read_of
from core.database.field import now
from core.database.scope import Scope, ScopedSession
from core.database.session import Database, finish
from core.people.models import Person
from core.special.reading import COPY, EMERGENCY, PEOPLE, VIEW


@pytest.fixture
def read(database: Database, session: ScopedSession, person: Person):
    """Let somebody of a partner read something of the person."""
    finish(session)

    def by(partner, actor, *, viewing_as="", **facts):
        scope = Scope(partner_id=partner, actor=actor, viewing_as=viewing_as)
        database.run(scope, lambda opened: note_read_of(opened, PEOPLE, person.id, **facts))

    return by


def looked(session, person, **options):
    return looks_at(session, person, **{"earlier": now() + timedelta(seconds=1), "most": 10, **options})


def test_the_latest_stands_first_with_who_what_and_what_for(session, person, partner, read):
    read(partner, "Luca Neri", read=["people_person.known_to_services"], purpose="case", note="Colloquio")
    read(partner, "Ada Blu", purpose=COPY)
    read(partner, "Ada Blu", purpose=VIEW, viewing_as="operator")

    view, copy, case = looked(session, person)

    assert (case.who, [str(one) for one in case.what], str(case.purpose), case.note) == (
        "Luca Neri", ["Already known to social services"], "Taking care of the person", "Colloquio",
    )  # fmt: skip
    assert (copy.who, [str(one) for one in copy.what], copy.purpose) == ("Ada Blu", ["A copy of all that is kept"], "")
    assert str(view.role) == "Operator"


def test_of_another_partner_the_registrar_reads_which_and_never_who_nor_in_what_words(
    session, person, neighbour, read
):  # fmt: skip
    read(neighbour, "Anna Rossi", read=["people_person.known_to_services"], purpose="other", note="Parole di Anna")
    read(neighbour, "Anna Rossi", purpose=EMERGENCY)

    looks = looked(session, person)

    assert [one.who for one in looks] == ["Ponte", "Ponte"]
    assert [str(what) for one in looks for what in one.what] == [
        "Opened in an emergency", "Already known to social services",
    ]  # fmt: skip
    assert "Anna" not in repr(looks)


def test_who_did_not_register_the_person_reads_of_its_own_people_alone(
    session, neighbours_session, person, partner, neighbour, read
):  # fmt: skip
    read(partner, "Luca Neri", purpose=COPY)
    read(neighbour, "Anna Rossi", purpose=EMERGENCY)

    assert [one.who for one in looked(neighbours_session, person)] == ["Anna Rossi"]
    assert [one.who for one in looked(session, person)] == ["Ponte", "Luca Neri"]


def test_a_page_ends_where_the_next_begins(session, person, partner, neighbour, read):
    for n in range(3):
        read(partner, f"Own {n}", purpose=COPY)
        read(neighbour, f"Other {n}", purpose=EMERGENCY)
    first = looked(session, person, most=4)
    rest = looked(session, person, most=4, earlier=first[-1].at)

    assert [one.who for one in (*first, *rest)] == ["Ponte", "Own 2", "Ponte", "Own 1", "Ponte", "Own 0"]


def test_what_was_erased_is_still_a_look(session, person, partner, read):
    read(partner, "Luca Neri", read=["people_person.gone"], purpose="nothing that is known")

    [look] = looked(session, person)

    assert ([str(one) for one in look.what], look.purpose) == (["gone"], "")

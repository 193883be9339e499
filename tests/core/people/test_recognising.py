"""Who is already registered is recognised: named to whoever may see them, never to anybody else."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import select, text

from core.database.scope import Scope, ScopedSession
from core.database.session import Database, make_engine
from core.people import known
from core.people.known import known_elsewhere
from core.people.models import KnownToServices, NoCodiceFiscale, Person, Sex
from core.people.services import (
    AlreadyRegistered,
    SimilarPeople,
    amend_person,
    look_alikes,
    similar_people,
)
from core.people.services.identity import search_text, sort_key
from core.refusals import Forbidden, Refusal
from core.testing.databases import PostgresqlCluster
from core.testing.two_partners import make_tables
from tests.core.people.conftest import register_in
from tests.core.people.pairs import Pair, labelled_pairs

CHIARA = "BNMCHR84L49F471K"
NAMESAKE = "BNMCHR84L49F47MC"
ASK = "This person is already known to another partner: ask to share."


@pytest.fixture
def known_to_the_neighbour(database: Database, neighbour: UUID) -> UUID:
    scope = Scope(partner_id=neighbour, actor="Ada Blu")
    return database.run(scope, lambda session: register_in(session, codice_fiscale=CHIARA, phone="+390305550142").id)


def test_two_codes_of_one_base_are_two_people_once_confirmed(session: ScopedSession, register: Any) -> None:
    first = register(codice_fiscale=CHIARA)

    with pytest.raises(SimilarPeople) as refused:
        register(codice_fiscale=NAMESAKE)
    assert [one.person for one in refused.value.found] == [first]
    assert "namesake" in str(refused.value.found[0].reasons[0])

    second = register(codice_fiscale=NAMESAKE, confirm_similar=True)
    assert second.id != first.id
    assert (second.birth_date, second.birth_place, second.mismatch_reason) == (date(1984, 7, 9), "F471", None)
    assert len(session.scalars(select(Person)).all()) == 2


def test_the_same_code_is_refused_and_names_who_has_it(register: Any) -> None:
    first = register(codice_fiscale=CHIARA)

    with pytest.raises(AlreadyRegistered) as refused:
        register(codice_fiscale=CHIARA, confirm_similar=True)

    assert (refused.value.person, refused.value.field) == (first, "codice_fiscale")
    assert "Bonometti Chiara" in str(refused.value)


def test_another_partners_person_answers_one_sentence_and_nothing_else(
    session: ScopedSession, register: Any, known_to_the_neighbour: UUID
) -> None:
    with pytest.raises(Refusal) as refused:
        register(surname="Rossi", name="Anna", codice_fiscale=CHIARA, mismatch_reason="Guessing")

    assert (str(refused.value), refused.value.field) == (ASK, "codice_fiscale")
    assert vars(refused.value).keys() == {"message", "field"}
    assert look_alikes(session, codice_fiscale=CHIARA) == ([], True)


def test_another_partners_person_is_in_no_list_and_no_look_alike(
    session: ScopedSession, register: Any, known_to_the_neighbour: UUID
) -> None:
    assert session.scalars(select(Person).where(Person.search.contains("bonometti"))).all() == []
    assert session.get(Person, known_to_the_neighbour) is None
    found = similar_people(
        session, surname="Bonometti", name="Chiara", birth_date=date(1984, 7, 9), codice_fiscale=NAMESAKE,
        phone="+390305550142",
    )  # fmt: skip
    assert found == []
    assert register(codice_fiscale=NAMESAKE).codice_fiscale == NAMESAKE


def test_the_question_over_the_fence_wants_the_whole_code(session: ScopedSession, known_to_the_neighbour: UUID) -> None:
    assert known_elsewhere(session, CHIARA)
    assert not known_elsewhere(session, CHIARA[:15])
    assert not known_elsewhere(session, "%")
    assert not known_elsewhere(session, NAMESAKE)


def test_only_the_registrar_changes_a_person(
    session: ScopedSession, database: Database, known_to_the_neighbour: UUID
) -> None:
    with database.session(Scope(operator=True, reason="tests"), writes=False) as operator:
        foreign = operator.scalars(select(Person)).one()

    with pytest.raises(Forbidden):
        amend_person(session, foreign, surname="Rossi")


def test_a_correction_may_not_take_somebody_elses_code(session: ScopedSession, register: Any) -> None:
    register(codice_fiscale=CHIARA)
    other = register(
        surname="Rossi", name="Mario", sex=Sex.MALE, birth_date=date(1979, 2, 11), codice_fiscale="RSSMRA79B11C566R"
    )

    with pytest.raises(AlreadyRegistered):
        amend_person(session, other, codice_fiscale=CHIARA, mismatch_reason="Mistyped")
    assert amend_person(session, other, codice_fiscale="RSSMRA79B11C566R", gender="man").gender == "man"


def foreigner(register: Any, **given: Any) -> Person:
    person: Person = register(no_codice_fiscale_reason=NoCodiceFiscale.FOREIGNER, **given)
    return person


@pytest.mark.parametrize(
    "given",
    [
        {"surname": "Diop", "name": "Awa", "birth_date": date(1990, 5, 1)},
        {"surname": "DIOP", "name": "Àwa", "birth_date": date(1990, 5, 1)},
        {"surname": "Diop", "name": "A.", "birth_date": date(1991, 1, 1), "phone": "+390305550142"},
    ],
)
def test_who_looks_the_same_is_asked_about(register: Any, given: dict[str, Any]) -> None:
    first = foreigner(register, surname="Diop", name="Awa", birth_date=date(1990, 5, 1), phone="+390305550142")

    with pytest.raises(SimilarPeople) as refused:
        foreigner(register, **given)

    assert refused.value.field == "confirm_similar"
    assert [one.person for one in refused.value.found] == [first]
    assert 0 < refused.value.found[0].score <= 100
    assert foreigner(register, confirm_similar=True, **given).id != first.id


def test_relatives_are_not_taken_for_each_other(register: Any) -> None:
    foreigner(register, surname="Diop", name="Awa", birth_date=date(1990, 5, 1))

    assert foreigner(register, surname="Diop", name="Moussa", birth_date=date(1988, 3, 2))
    assert foreigner(register, surname="Rossi", name="Anna", birth_date=date(1990, 5, 1))


@pytest.mark.postgresql
def test_the_question_belongs_to_the_operator_and_can_be_taken_away(postgresql_cluster: PostgresqlCluster) -> None:
    urls = postgresql_cluster.fresh(postgresql_cluster.template("migrated", make_tables))
    engine = make_engine(urls.owner)
    asked = text("select pg_get_userbyid(proowner), prosecdef from pg_proc where proname = 'people_known'")

    with engine.begin() as connection:
        op = Operations(MigrationContext.configure(connection))
        assert connection.execute(asked).all() == [("generazioni_operator", True)]
        known.uninstall(op)
        assert connection.execute(asked).all() == []
        known.install(op)
        assert connection.execute(asked).all() == [("generazioni_operator", True)]
    engine.dispose()
    postgresql_cluster.drop(urls)


def test_of_a_thousand_labelled_pairs_the_registry_finds_nearly_all(session: ScopedSession) -> None:
    """The first of each pair is registered; the second is typed, as a clerk would."""
    pairs = labelled_pairs()
    known = {pair: _kept(session, pair) for pair in pairs}
    found = {pair: {one.person.id for one in similar_people(session, **_typed(pair))} for pair in pairs}
    asked = [pair for pair in pairs if known[pair] in found[pair]]
    right = sum(pair.same for pair in asked)

    assert right / sum(pair.same for pair in pairs) >= 0.95
    assert right / len(asked) >= 0.60


def _kept(session: ScopedSession, pair: Pair) -> UUID:
    one = pair.one._asdict() | {"sex": Sex(pair.one.sex), "known_to_services": KnownToServices.UNKNOWN}
    person = Person(**one, first_contact_date=date(2026, 1, 1), sort_name=sort_key(one), search=search_text(one))
    session.add(person)
    session.flush()
    return person.id


def _typed(pair: Pair) -> dict[str, Any]:
    return {name: value for name, value in pair.other._asdict().items() if name != "sex"}

"""Special data are read once somebody said what for: who, for whom, for how long, and what the trail keeps of it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from core.database.field import now
from core.database.scope import Scope, ScopedSession
from core.database.session import Database, finish
from core.database.trail import Act, Change
from core.parameters.declaration import declare
from core.parameters.services import set_parameter
from core.people.models import KnownToServices, NoCodiceFiscale, Person, Sex
from core.people.services import register_person
from core.refusals import Forbidden, Refusal
from core.resource.columns import column
from core.special import services
from core.special.models import Purpose, ToldPurpose
from core.special.plugin import parameters
from core.special.reading import READ, is_withheld

KNOWN = column(Person, "known_to_services")
Visit = Callable[..., AbstractContextManager[ScopedSession]]


@pytest.fixture
def visit(database: Database, partner: UUID) -> Visit:
    """A session of a visit of somebody who reads special data."""
    user, first = uuid4(), uuid4()

    @contextmanager
    def opened(
        *, visit: UUID = first, may: bool = True, operator: bool = False, viewing_as: str = ""
    ) -> Iterator[ScopedSession]:
        scope = Scope(
            partner_id=partner, user_id=user, actor="Luca Neri", visit_id=visit, operator=operator,
            viewing_as=viewing_as, permissions=frozenset({READ} if may else ()),
        )  # fmt: skip
        with database.session(scope) as session:
            yield session
            finish(session)

    return opened


@pytest.fixture
def two(visit: Visit) -> list[UUID]:
    """Two people whom the services knew."""
    with visit() as session:
        return [
            register_person(
                session, surname=surname, name="Chiara", sex=Sex.FEMALE, birth_date=date(1984, 7, 9),
                known_to_services=KnownToServices.YES, no_codice_fiscale_reason=NoCodiceFiscale.UNAVAILABLE,
            ).id
            for surname in ("Bonometti", "Zanardi")
        ]  # fmt: skip


def shown(session: ScopedSession, key: UUID) -> str:
    return KNOWN.shown(session.get_one(Person, key))


def tell(session: ScopedSession, key: UUID) -> ToldPurpose:
    return services.tell_purpose(session, key, purpose=Purpose.CASE)


def reads(visit: Visit) -> list[Change]:
    with visit() as session:
        return list(session.scalars(select(Change).where(Change.act == Act.READ).order_by(Change.sequence)).unique())


def test_a_value_is_withheld_until_a_purpose_is_told_and_then_for_that_person_alone(visit, two):
    with visit() as session:
        assert [shown(session, key) for key in two] == ["withheld", "withheld"]
        assert KNOWN.plain(session.get_one(Person, two[0])) is None

        tell(session, two[0])

        assert [shown(session, key) for key in two] == ["Yes", "withheld"]


def test_it_holds_for_that_visit_alone(visit, two):
    with visit() as session:
        tell(session, two[0])
    with visit() as session:
        assert shown(session, two[0]) == "Yes"
    with visit(visit=uuid4()) as session:
        assert shown(session, two[0]) == "withheld"


@pytest.fixture
def declared() -> None:
    declare(parameters())


def test_it_is_over_after_some_minutes_which_a_parameter_says(visit, two, declared):
    with visit() as session:
        told = tell(session, two[0])
        assert timedelta(minutes=14) < told.expires_at - now() <= timedelta(minutes=15)
        session.execute(update(ToldPurpose).values(expires_at=now()))
    with visit() as session:
        assert shown(session, two[0]) == "withheld"
        set_parameter(session, key="purpose_minutes", value="5", valid_from=date(2026, 1, 1), source="DPO")
        assert tell(session, two[1]).expires_at - now() <= timedelta(minutes=5)


def test_what_is_long_over_is_forgotten(visit, two):
    with visit() as session:
        tell(session, two[0])
        session.execute(update(ToldPurpose).values(expires_at=now() - timedelta(days=2)))
        tell(session, two[1])

        assert [one.subject_id for one in session.scalars(select(ToldPurpose))] == [two[1]]


def test_who_lacks_the_permission_reads_nothing_even_of_what_they_told_before(visit, two):
    with visit() as session:
        tell(session, two[0])
    with visit(may=False) as session:
        assert shown(session, two[0]) == "withheld"
        with pytest.raises(Forbidden):
            tell(session, two[1])


@pytest.mark.parametrize("note", [None, "", "perché", "  a  b   c  "])
def test_something_else_wants_its_words(visit, two, note):
    with visit() as session, pytest.raises(Refusal) as refused:
        services.tell_purpose(session, two[0], purpose=Purpose.OTHER, note=note)

    assert refused.value.field == "note"


def test_each_reading_leaves_one_line_with_fields_and_purpose_and_never_the_value(visit, two):
    with visit() as session:
        services.tell_purpose(session, two[0], purpose=Purpose.OTHER, note="Richiesta del tribunale")
    with visit() as session:
        shown(session, two[0])
        shown(session, two[0])
    with visit() as session:
        shown(session, two[0])
        shown(session, two[1])

    lines = reads(visit)
    assert [(line.entity, line.entity_id, line.actor) for line in lines] == [
        ("people_person", two[0], "Luca Neri"), ("people_person", two[0], "Luca Neri"),
    ]  # fmt: skip
    assert [line.told.facts["read"] for line in lines] == [["people_person.known_to_services"]] * 2
    assert lines[0].told.facts["purpose"] == "other"
    assert lines[0].told.facts["note"] == "Richiesta del tribunale"
    assert "yes" not in lines[0].told.text.lower()


def test_what_is_withheld_leaves_no_line(visit, two):
    with visit() as session:
        shown(session, two[0])
        assert is_withheld(session.get_one(Person, two[0]), "known_to_services")
        assert not is_withheld(session.get_one(Person, two[0]), "surname")

    assert reads(visit) == []


def test_a_line_says_as_which_role_one_was_looking(visit, two):
    with visit() as session:
        tell(session, two[0])
    with visit(viewing_as="case_manager") as session:
        shown(session, two[0])

    assert reads(visit)[0].told.facts["viewing_as"] == "case_manager"


def test_work_across_partners_reads_without_a_purpose(visit, two):
    with visit(operator=True) as session:
        assert shown(session, two[0]) == "Yes"


def test_the_trail_tells_that_the_field_changed_and_not_from_what_to_what(visit, two):
    with visit() as session:
        line = session.scalars(
            select(Change).where(Change.act == Act.CREATED, Change.entity_id == two[0])
        ).unique().one()  # fmt: skip

        assert line.fields["known_to_services"] == [None, "•••"]

"""What a share opens, field by field and table by table; nothing that is not listed is open."""

import pytest
from sqlalchemy import event, func, inspect, select
from sqlalchemy.orm import aliased

from core.database.model import mapped
from core.database.ownership import ConsentBound
from core.database.policies import OPENED
from core.database.visibility import FACETS
from core.partners.models import Partner
from core.people.models import (
    Household,
    HouseholdMember,
    IseeCertificate,
    KnownToServices,
    NoCodiceFiscale,
    Person,
    PersonTag,
    Sex,
)
from core.people.models.facets import FIELDS, STRUCTURE, facet_of
from core.people.services import register_person
from core.sharing import services
from core.sharing.models import LegalGround, Level
from tests.core.sharing.conftest import CHIARA, person_at, seen

IDENTITY = ("surname", "birth_date", "codice_fiscale", "phone")
HOUSEHOLD = ("sex", "citizenship")
SUMMARY = ("known_to_services", "first_contact_date")
CONTENT = ("iban", "notes", "gender", "document_number", "photo_consent")


def test_without_a_share_nothing_is_there(quercia, chiara):
    assert person_at(quercia, chiara) is None
    assert seen(quercia) == []


@pytest.mark.parametrize(
    ("level", "module", "closed"),
    [
        (Level.L1, "registry", (*HOUSEHOLD, *SUMMARY, *CONTENT)),
        (Level.L1, "startups", (*HOUSEHOLD, *SUMMARY, *CONTENT)),
        (Level.L1, "housing", (*SUMMARY, *CONTENT)),
        (Level.L2, "registry", CONTENT),
        (Level.L2, "startups", (*HOUSEHOLD, *CONTENT)),
        (Level.L3, "registry", ()),
    ],
)
def test_the_level_and_the_module_say_which_fields_are_open(quercia, chiara, share, level, module, closed):
    share(level=level, module=module)

    person = person_at(quercia, chiara)

    assert (person.codice_fiscale, person.surname) == (CHIARA, "Bonometti")
    assert set(closed) <= person.veiled
    assert person.veiled.isdisjoint({*IDENTITY, *HOUSEHOLD, *SUMMARY, *CONTENT} - set(closed))
    assert all(getattr(person, name) is None for name in closed)


@pytest.mark.parametrize(
    ("level", "module", "households", "certificates", "tags"),
    [
        (Level.L1, "registry", 0, 0, 0),
        (Level.L1, "housing", 1, 1, 0),
        (Level.L2, "registry", 1, 0, 1),
        (Level.L2, "startups", 0, 0, 1),
        (Level.L3, "registry", 1, 0, 1),
        (Level.L3, "housing", 1, 1, 1),
    ],
)
def test_the_level_and_the_module_say_which_tables_are_open(
    quercia, share, level, module, households, certificates, tags
):
    share(level=level, module=module)

    assert [len(quercia.read(select(one))) for one in (Household, HouseholdMember)] == [households] * 2
    assert len(quercia.read(select(IseeCertificate))) == certificates
    assert len(quercia.read(select(PersonTag))) == tags


@pytest.mark.parametrize("level", Level)
def test_the_wall_says_the_same_without_the_sessions_fence(quercia, share, database, level):
    """Straight to the tables: PostgreSQL alone shows what the fence shows; SQLite has no wall, and says so."""
    share(level=level, module="housing")
    with database.session(quercia.scope, writes=False) as session:
        counted = {
            table.__tablename__: session.execute(select(func.count()).select_from(table.__table__)).scalar_one()
            for table in (Person, Household, IseeCertificate, PersonTag)
        }
        walled = session.get_bind().dialect.name == "postgresql"

    tags = int(level is not Level.L1) if walled else 1
    assert counted == {
        "people_person": 1, "people_household": 1, "people_isee_certificate": 1, "people_person_tag": tags
    }  # fmt: skip


def test_the_aliases_of_a_join_show_each_partner_its_own(ponte, quercia, chiara, share):
    one, other = aliased(Person), aliased(Person)
    pairs = select(one.id).join(other, other.id == one.id).where(one.id == chiara)

    def found(desk):
        return desk.do(lambda session: session.scalars(pairs).all())

    assert (found(ponte), found(quercia), found(ponte)) == ([chiara], [], [chiara])
    share(level=Level.L1)
    assert (found(quercia), found(ponte)) == ([chiara], [chiara])


def test_two_shares_add_up(quercia, chiara, share):
    share(level=Level.L1, module="housing")
    share(level=Level.L2, module="startups")

    assert person_at(quercia, chiara).veiled.isdisjoint({*HOUSEHOLD, *SUMMARY})


def test_who_registered_a_person_sees_all_of_them(ponte, chiara):
    assert person_at(ponte, chiara).veiled == frozenset()


def test_what_was_emptied_is_not_written_back(quercia, chiara, share, ponte):
    share(level=Level.L1)
    with quercia.database.session(quercia.scope) as session:
        person = session.get_one(Person, chiara)
        session.refresh(person)
        assert (person.iban, inspect(person).modified) == (None, False)

    assert person_at(ponte, chiara).iban == "IT60X0542811101000000123456"


def test_every_field_of_a_person_has_a_facet_and_a_new_one_is_closed():
    columns = {column.key for column in inspect(Person).column_attrs}
    listed = {name for names in FIELDS.values() for name in names}

    assert listed <= columns
    assert columns >= STRUCTURE
    assert facet_of("a_field_of_tomorrow") == "content"


def test_the_wall_and_the_fence_know_the_same_facets():
    assert set(OPENED) == set(FACETS)
    assert {kind.facet for kind in mapped() if issubclass(kind, ConsentBound)} <= set(FACETS)


@pytest.mark.parametrize("many", [2, 5])
def test_a_list_of_shared_people_asks_a_few_questions_whatever_its_length(ponte, quercia, share, chiara, many):
    def give_many(session):
        for n in range(10 * many):
            person = register_person(
                session, surname=f"Zanola {'abcdefghij'[n % 10] * (n // 10 + 1)}", name="Piera", sex=Sex.FEMALE,
                no_codice_fiscale_reason=NoCodiceFiscale.ANONYMOUS, known_to_services=KnownToServices.NO,
                confirm_similar=True,
            )  # fmt: skip
            services.give(session, person=person, taker=session.get_one(Partner, quercia.partner),
                          legal_ground=LegalGround.PUBLIC_TASK)  # fmt: skip

    ponte.do(give_many)
    asked = []
    event.listen(quercia.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    found = quercia.read(select(Person))

    assert len(found) == 10 * many
    assert len([one for one in asked if "people_access" in one]) <= 5

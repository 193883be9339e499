"""A partner's person with a canary in everything that is written of them, and everybody who is asked."""

from datetime import date
from functools import cache
from io import BytesIO

import pytest
from sqlalchemy import MetaData, select

from core.config import read_settings
from core.database.scope import Scope
from core.database.session import finish, make_engine
from core.documents import retention
from core.files.models import AttachmentCategory
from core.files.services import attach
from core.people.models import (
    Duplicate,
    IseeKind,
    KnownToServices,
    Merge,
    MergedRow,
    NoCodiceFiscale,
    PersonState,
    Sex,
)
from core.people.services import compose_household, record_isee, register_person
from core.plugins.health import mark
from core.plugins.loading import load
from core.testing.two_partners import database, neighbour, partner, settings  # noqa: F401

CANARY = "Kanarienvogel"
WRITTEN = ("gender", "birth_place_name", "mismatch_reason", "residence_address", "domicile_address", "notes",
           "document_number")  # fmt: skip


@cache
def everybody(question):
    """The registry and every module of this repository, as the program asks them."""
    installation = load(read_settings())
    mark(installation, {plugin.key: plugin.head for plugin in installation.loaded()})
    return installation.asked(question)


@pytest.fixture
def scope(partner):  # noqa: F811
    return Scope(partner_id=partner, actor="Luca Neri")


@pytest.fixture
def canary(database, settings, scope):  # noqa: F811
    """The key of a person who is written of in every table of the registry, and in a file."""
    with database.transaction(Scope(operator=True, actor="tests", reason="tests")) as session:
        retention.load_reference(session)
    with database.session(scope) as session:
        person = register_person(
            session, surname=CANARY, name=f"{CANARY}a", sex=Sex.FEMALE, birth_date=date(1984, 7, 9),
            known_to_services=KnownToServices.NO, no_codice_fiscale_reason=NoCodiceFiscale.UNAVAILABLE,
        )  # fmt: skip
        for name in WRITTEN:
            setattr(person, name, f"{CANARY} {name}"[:40])
        household = compose_household(session, person=person)
        household.code = f"{CANARY}-1"
        certificate = record_isee(
            session, household, kind=IseeKind.ORDINARY, submitted_on=date(2026, 3, 10), isee=9000, protocol=CANARY
        )
        certificate.omissions_note = CANARY
        attach(session, person, name=f"{CANARY}.pdf", stream=BytesIO(b"%PDF-1.4\n%%EOF\n"),
               category=AttachmentCategory.OTHER, folder=settings.uploads)  # fmt: skip
        merged = register_person(
            session, surname=f"{CANARY}b", name="Anna", sex=Sex.FEMALE, birth_date=date(1984, 7, 9),
            known_to_services=KnownToServices.NO, no_codice_fiscale_reason=NoCodiceFiscale.UNAVAILABLE,
            confirm_similar=True,
        )  # fmt: skip
        merged.state = PersonState.MERGED
        merge = Merge(person_id=person.id, merged_id=merged.id, merged_by="Luca Neri", reason=CANARY, rows=1)
        session.add(merge)
        session.flush()
        session.add(MergedRow(merge_id=merge.id, place=1, table="people_person", row_id=merged.id,
                              before={"name": CANARY}, fingerprint="0" * 64))  # fmt: skip
        session.add(Duplicate(person_id=person.id, other_id=merged.id, score=90, signs=[], note=CANARY))
        person.notes = f"{CANARY} again"
        finish(session)
        return person.id


@pytest.fixture
def tables_with(settings):  # noqa: F811
    """The tables in whose rows a word stands, read by the database's owner of old: nothing is hidden from this eye."""

    def look(word):
        engine, found = make_engine(settings.operator_database_url), set()
        metadata = MetaData()
        with engine.connect() as connection:
            metadata.reflect(connection)
            for table in metadata.sorted_tables:
                rows = connection.execute(select(table)).all()
                if any(word.lower() in str(value).lower() for row in rows for value in row):
                    found.add(table.name)
        engine.dispose()
        return found

    return look

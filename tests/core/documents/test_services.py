"""Issuing: a number without gaps, the bytes kept, a line that nobody changes."""

import hashlib
import io
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context

import pypdf
import pytest
from sqlalchemy import select, text

from core.database import installed
from core.database.scope import Scope
from core.database.session import Database, make_engine
from core.documents import declaration, services
from core.documents.declaration import Declared, DocumentKind
from core.documents.models import IssuedDocument
from core.documents.printing import CannotPrint
from core.files.models import Attachment
from core.files.services import detach, path_of
from core.organisations.models import Organisation
from core.refusals import Refusal

BROKEN = '#panic("broken")'
LETTER = DocumentKind(
    "trial.letter", "Trial letter", on="organisations", template="letter.typ",
    load=lambda _session, record: {"texts": [record.name]}, permission="organisations.see",
)  # fmt: skip


@pytest.fixture
def folder(settings):
    return settings.uploads


def may(session, *permissions, modules=()):
    """The same session, of somebody with these permissions at a partner that runs these modules."""
    partner = session.info["scope"].partner_id
    session.info["scope"] = Scope(
        partner_id=partner, actor="Luca Neri", permissions=frozenset(permissions), modules=frozenset(modules)
    )


def first_page(made):
    return pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text()


def test_an_issued_document_is_numbered_kept_and_registered(session, kind, organisation, letterhead, folder):
    issued = services.issue(session, kind(), organisation, folder=folder)

    assert issued.number == f"DOCUMENTS/{issued.issued_on.year}/00001"
    assert (issued.label, issued.issued_by, issued.language) == ("Trial letter", "Luca Neri", "it")
    assert (issued.entity, issued.entity_id) == ("organisations_organisation", organisation.id)
    made = services.bytes_of(issued, folder=folder)
    assert hashlib.sha256(made).hexdigest() == issued.sha256 == issued.attachment.sha256
    for words in ("Circolo Arci", issued.number, "Quercia", "25018 Montichiari (BS)", "protocollo@pec.example"):
        assert words in first_page(made)


def test_a_second_issue_takes_a_new_number_and_says_what_it_replaces(session, kind, organisation, folder):
    one = kind()
    first = services.issue(session, one, organisation, folder=folder)
    before = services.bytes_of(first, folder=folder)
    second = services.issue(session, one, organisation, folder=folder)

    assert (first.number[-5:], second.number[-5:]) == ("00001", "00002")
    assert (first.replaces, second.replaces) == ("", first.number)
    assert f"Replaces {first.number}" in first_page(services.bytes_of(second, folder=folder))
    assert services.bytes_of(first, folder=folder) == before


def issue_some(settings, folder, partner, key):
    """What one process of several issues, each document in a transaction of its own."""
    one = Declared(LETTER, "", folder)
    declaration._declared[LETTER.key] = one
    database = Database(settings)

    def issue(session):
        return services.issue(session, one, session.get(Organisation, key), folder=settings.uploads).number

    try:
        return [database.run(Scope(partner_id=partner, actor="Luca Neri"), issue) for _time in range(3)]
    finally:
        database.close()


def test_clerks_who_issue_at_once_get_every_number_once_and_one_chain(settings, session, partner, kind, organisation):
    folder, key = kind().folder, organisation.id
    session.commit()
    with ProcessPoolExecutor(3, mp_context=get_context("fork")) as pool:
        asked = [pool.submit(issue_some, settings, folder, partner, key) for _clerk in range(3)]
        numbers = sorted(number for one in asked for number in one.result())

    year = services.today().year
    assert numbers == [f"DOCUMENTS/{year}/{n:05d}" for n in range(1, 10)]
    issued = session.scalars(select(IssuedDocument).order_by(IssuedDocument.number)).all()
    assert [one.replaces for one in issued] == ["", *numbers[:-1]]


def test_a_series_of_its_own_counts_apart(session, kind, organisation, folder):
    services.issue(session, kind(), organisation, folder=folder)
    issued = services.issue(session, kind(series="DECREES"), organisation, folder=folder)

    assert issued.number == f"DECREES/{issued.issued_on.year}/00001"


def test_a_draft_keeps_nothing_and_takes_no_number(session, kind, organisation, folder):
    made = services.draft(session, kind(), organisation, language="en")
    reader = pypdf.PdfReader(io.BytesIO(made))

    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert "DRAFT" in reader.pages[0].extract_text()
    assert session.scalars(select(IssuedDocument)).all() == []
    assert services.issue(session, kind(), organisation, folder=folder).number.endswith("/00001")


def test_a_document_that_cannot_be_made_gives_its_number_back(session, kind, organisation, folder):
    with pytest.raises(CannotPrint), session.begin_nested():
        services.issue(session, kind(BROKEN), organisation, folder=folder)

    assert services.issue(session, kind(), organisation, folder=folder).number.endswith("/00001")


def test_values_that_cannot_be_loaded_leave_the_session_usable(session, kind, organisation):
    def load(session, record):
        session.execute(text("select nothing from nowhere"))

    with pytest.raises(CannotPrint, match="could not be made"):
        services.draft(session, kind(load=load), organisation)
    assert session.scalars(select(IssuedDocument)).all() == []


def test_a_rule_of_the_loader_is_told_as_it_is(session, kind, organisation):
    def load(session, record):
        raise Refusal("Nothing is owed: there is nobody to remind.")

    with pytest.raises(Refusal, match="nobody to remind"):
        services.draft(session, kind(load=load), organisation)


def test_a_document_out_of_its_time_is_refused(session, kind, organisation, folder):
    one = kind(when=lambda record: False)

    with pytest.raises(Refusal, match="cannot be made now"):
        services.issue(session, one, organisation, folder=folder)
    with pytest.raises(Refusal, match="cannot be made now"):
        services.draft(session, one, organisation)


def test_lost_or_changed_bytes_are_not_made_again(session, kind, organisation, folder):
    issued = services.issue(session, kind(), organisation, folder=folder)
    place = path_of(issued.attachment, folder)

    place.write_bytes(place.read_bytes() + b"\n")
    with pytest.raises(services.Damaged, match="not the one that was issued"):
        services.bytes_of(issued, folder=folder)
    place.unlink()
    with pytest.raises(services.Damaged, match="missing from the archive"):
        services.bytes_of(issued, folder=folder)


def test_the_file_of_an_issued_document_is_not_taken_away(session, kind, organisation, folder):
    services.issue(session, kind(), organisation, folder=folder)
    kept = session.scalars(select(Attachment)).one()

    with pytest.raises(Refusal, match="kept for good"):
        detach(session, kept, folder=folder)


@pytest.mark.parametrize("statement", ["delete from documents_issued", "update documents_issued set number = 'X'"])
def test_the_database_itself_refuses_to_change_the_register(session, kind, organisation, folder, statement):
    services.issue(session, kind(), organisation, folder=folder)

    with pytest.raises(Exception, match=r"append-only|permission denied"), session.begin_nested():
        session.execute(text(statement))


def test_a_neighbour_sees_neither_lines_nor_letterhead(
    session, neighbours_session, kind, organisation, letterhead, folder
):
    services.issue(session, kind(), organisation, folder=folder)
    session.commit()

    assert neighbours_session.scalars(select(IssuedDocument)).all() == []
    assert services.sender_of(neighbours_session, services._partner(neighbours_session)) == {"name": "Ponte"}


def test_the_register_shows_what_one_may_open(session, kind, organisation, folder):
    issued = services.issue(session, kind(permission="secrets.see"), organisation, folder=folder)

    may(session, "organisations.see")
    assert services.issued_of(session, organisation) == []
    may(session, "secrets.see")
    assert services.issued_of(session, organisation) == [issued]


def note_installed(settings, key):
    """Say that a module has its tables, as its migrations do."""
    engine = make_engine(settings.owner_database_url)
    with engine.begin() as connection:
        installed.note(connection, key, title=key, version="1.0", head=f"{key}_0001", by="tests")
    engine.dispose()


def test_the_register_hides_the_lines_of_a_module_that_is_off(session, settings, kind, organisation, folder):
    session.commit()
    note_installed(settings, "trial")
    issued = services.issue(session, kind(module="trial"), organisation, folder=folder)

    may(session, "organisations.see")
    assert services.issued_of(session, organisation) == []
    may(session, "organisations.see", modules=["trial"])
    assert services.issued_of(session, organisation) == [issued]


def test_a_letterhead_is_written_once_and_changed_after(session, letterhead):
    with pytest.raises(Refusal, match="already there"):
        services.write_letterhead(session, address="Elsewhere")

    services.change_letterhead(session, letterhead, address="Via Nuova 2", contacts=None)
    assert services.sender_of(session, services._partner(session))["address"] == ["Via Nuova 2"]


def test_a_document_belongs_to_the_year_of_its_legal_date(session, kind, organisation, folder, monkeypatch):
    monkeypatch.setattr(services, "today", lambda: date(2027, 1, 1))

    assert services.issue(session, kind(), organisation, folder=folder).number == "DOCUMENTS/2027/00001"

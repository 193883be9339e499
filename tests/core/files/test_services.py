"""Attachments stand whole on the disk or not at all, and only their partner sees them."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.config import Settings
from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.files import services
from core.files.models import Attachment, AttachmentCategory
from core.files.services import attach, attachments_of, detach, path_of
from core.organisations.models import LegalType, Organisation
from core.organisations.services import register_organisation
from core.refusals import Refusal

PDF = b"%PDF-1.7\n" + b"x" * 100


def an_organisation(session: ScopedSession, name: str = "La Quercia") -> Organisation:
    return register_organisation(session, name=name, legal_type=LegalType.OTHER_ETS)


def attach_pdf(session: ScopedSession, record: Any, settings: Settings, **given: Any) -> Attachment:
    ordinary = {"name": "statuto.pdf", "stream": io.BytesIO(PDF), "category": AttachmentCategory.STATUTE}
    return attach(session, record, folder=settings.uploads, **(ordinary | given))


def on_the_disk(settings: Settings) -> list[Path]:
    return [path for path in settings.uploads.rglob("*") if path.is_file()]


def test_an_attached_file_is_kept_whole_under_a_random_name(session: ScopedSession, settings: Settings) -> None:
    attachment = attach_pdf(session, an_organisation(session), settings)

    path = path_of(attachment, settings.uploads)
    assert path.read_bytes() == PDF
    assert "statuto" not in str(path)
    assert (attachment.size, attachment.sha256) == (len(PDF), hashlib.sha256(PDF).hexdigest())
    assert attachment.content_type == "application/pdf"


def test_a_record_lists_its_own_files(session: ScopedSession, settings: Settings) -> None:
    oak, bridge = an_organisation(session), an_organisation(session, "Il Ponte")
    first, second = attach_pdf(session, oak, settings), attach_pdf(session, oak, settings, name="bilancio.pdf")
    attach_pdf(session, bridge, settings)

    assert attachments_of(session, oak) == [first, second]


def test_another_partner_sees_no_file_of_ours(
    session: ScopedSession, neighbours_session: ScopedSession, settings: Settings
) -> None:
    organisation = an_organisation(session)
    attach_pdf(session, organisation, settings)
    session.commit()

    assert attachments_of(neighbours_session, neighbours_session.get_one(Organisation, organisation.id)) == []


def test_a_file_too_large_is_refused_and_leaves_nothing(session: ScopedSession, settings: Settings) -> None:
    organisation = an_organisation(session)

    with pytest.raises(Refusal, match="larger"):
        attach_pdf(session, organisation, settings, largest=50)

    assert on_the_disk(settings) == []


@pytest.mark.parametrize("stream", [b"", b"<svg/>"])
def test_an_empty_or_a_false_file_is_refused_and_leaves_nothing(
    session: ScopedSession, settings: Settings, stream: bytes
) -> None:
    with pytest.raises(Refusal):
        attach_pdf(session, an_organisation(session), settings, stream=io.BytesIO(stream))

    assert on_the_disk(settings) == []


def test_a_record_holds_so_much_and_no_more(
    session: ScopedSession, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "LARGEST_RECORD", 2 * len(PDF))
    organisation = an_organisation(session)
    for _ in range(2):
        attach_pdf(session, organisation, settings)

    with pytest.raises(Refusal, match="remove some"):
        attach_pdf(session, organisation, settings)


def test_an_undone_transaction_leaves_no_bytes(database: Database, partner: Any, settings: Settings) -> None:
    def attach_and_stop(session: ScopedSession) -> None:
        attach_pdf(session, an_organisation(session), settings)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        database.run(Scope(partner_id=partner), attach_and_stop)

    assert on_the_disk(settings) == []


def test_a_kept_transaction_keeps_the_bytes(database: Database, partner: Any, settings: Settings) -> None:
    with database.transaction(Scope(partner_id=partner)) as session:
        attach_pdf(session, an_organisation(session), settings)

    assert len(on_the_disk(settings)) == 1


def test_a_removed_file_goes_when_the_removal_is_kept(database: Database, partner: Any, settings: Settings) -> None:
    scope = Scope(partner_id=partner)
    database.run(scope, lambda session: attach_pdf(session, an_organisation(session), settings))

    def remove(session: ScopedSession) -> None:
        detach(session, session.scalars(select(Attachment)).one(), folder=settings.uploads)

    def remove_and_stop(session: ScopedSession) -> None:
        remove(session)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        database.run(scope, remove_and_stop)
    assert len(on_the_disk(settings)) == 1

    database.run(scope, remove)
    assert on_the_disk(settings) == []


def test_without_a_partner_nothing_is_kept(database: Database, settings: Settings) -> None:
    with database.session(Scope(operator=True)) as session, pytest.raises(Refusal, match="partner"):
        attach_pdf(session, Organisation(), settings)

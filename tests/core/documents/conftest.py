"""A partner with a letterhead, and a document of organisations whose template stands in a temporary folder."""

import pytest

from core.documents.declaration import DocumentKind, declare, declared_as
from core.documents.services import write_letterhead
from core.organisations.models import LegalType
from core.organisations.services import register_organisation

LETTER = """#import "@generazioni/letter:1.0.0": *
#show: letter
#paragraphs(values.texts)
"""


@pytest.fixture
def kind(tmp_path, monkeypatch):
    """Declares a document from the source of its template; the declaration is gone after the test."""
    monkeypatch.setattr("core.documents.declaration._declared", {})

    def make(source=LETTER, load=lambda _session, record: {"texts": [record.name]}, module="", **rest):
        folder = tmp_path / "documents"
        folder.mkdir(exist_ok=True)
        (folder / "letter.typ").write_text(source, encoding="utf-8")
        told = {"permission": "organisations.see", **rest}
        one = DocumentKind(
            "trial.letter", "Trial letter", on="organisations", template="letter.typ",
            load=load, **told,
        )  # fmt: skip
        declare([one], module=module, folder=folder)
        return declared_as("trial.letter")

    return make


@pytest.fixture
def organisation(session):
    return register_organisation(session, name="Circolo Arci", legal_type=LegalType.INFORMAL_GROUP)


@pytest.fixture
def letterhead(session):
    return write_letterhead(
        session, address="Piazza Municipio 1\n25018 Montichiari (BS)", contacts="protocollo@pec.example",
        place="Montichiari", signed_by="Ada Verdi", signed_as="Responsible officer",
    )  # fmt: skip

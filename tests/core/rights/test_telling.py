"""The copy of a person: in words, with its amounts, and open even where the database keeps it sealed."""

from sqlalchemy import select

from core.database.sealing import seal
from core.people.models import IseeCertificate, Person
from core.rights.about import Section
from core.rights.asking import Report
from core.rights.telling import as_json, as_parts, special_fields
from tests.core.rights.conftest import CANARY


def report_on(*rows):
    return Report([Section("Rows", type(row), [row]) for row in rows], [])


def shown(session, *rows):
    """Label → value of what the document for people shows."""
    told = as_parts(session, report_on(*rows), person="Chiara")["parts"]
    return {str(label): value for part in told if part["kind"] == "facts" for label, value in part["rows"]}


def test_amounts_are_told_as_amounts(database, scope, canary):
    with database.session(scope, writes=False) as session:
        certificate = session.scalars(select(IseeCertificate)).first()
        [row] = as_json(session, report_on(certificate))["sections"][0]["rows"]

        assert "€" in shown(session, certificate)["ISEE"]
        assert row["isee"] == {"label": "ISEE", "value": str(certificate.isee), "currency": "EUR"}


def test_what_is_kept_sealed_is_told_open(database, scope, canary, monkeypatch):
    monkeypatch.setitem(Person.__table__.c.notes.info, "kind", "sealed")
    with database.session(scope, writes=False) as session:
        person = session.get_one(Person, canary)
        seal(session, person, "notes", CANARY)

        assert CANARY not in person.notes
        assert shown(session, person)["Notes"] == CANARY
        person.notes = f"{person.notes}x"
        assert "could not be opened" in shown(session, person)["Notes"]


def test_what_is_special_is_told_and_named(database, scope, canary):
    with database.session(scope, writes=False) as session:
        person = session.get_one(Person, canary)

        assert shown(session, person)["Already known to social services"] == "No"
        assert special_fields(report_on(person)) == ["people_person.known_to_services"]
        person.known_to_services = None
        assert special_fields(report_on(person)) == []

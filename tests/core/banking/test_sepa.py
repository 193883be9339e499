"""Orders to the bank: exact, valid, in letters that a bank takes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from core.banking.characters import ALLOWED, sepa_text
from core.banking.sepa import (
    Debit,
    DebitSequence,
    Party,
    Transfer,
    credit_transfers,
    direct_debits,
    read_creditor_identifier,
)
from core.refusals import Refusal

OURS, TENANT = "IT60X0542811101000000123456", "IT12H0200801600000012345674"
CREDITOR = Party("Fondazione Abitare Così", OURS, identifier="IT66ZZZA1B2C3D4E5F6G7H8", cuc="SIABC123")
AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def debit(amount="480.00", **rest):
    told = {"name": "Nicolò D’Adda", "iban": TENANT, "mandate": "M-00001", "signed_on": date(2026, 1, 7),
            "end_to_end": "SDD-2026-03-1", "text": "Canone 03/2026", **rest}  # fmt: skip
    return Debit(amount=Decimal(amount), **told)


def written(*debits, **rest):
    return etree.fromstring(
        direct_debits(CREDITOR, list(debits), on=date(2026, 3, 5), message="SDD-2026-03", written_at=AT, **rest)
    )


def texts(root, path):
    return [one.text for one in root.iterfind(".//{*}" + "/{*}".join(path.split("/")))]


def test_a_collection_holds_every_debit_to_the_cent():
    root = written(debit("480.00"), debit("520.10", end_to_end="SDD-2", sequence=DebitSequence.FIRST))

    assert texts(root, "GrpHdr/CtrlSum") == ["1000.10"]
    assert texts(root, "GrpHdr/NbOfTxs") == ["2"]
    assert texts(root, "GrpHdr/MsgId") == ["SDD-2026-03"]
    assert sorted(texts(root, "SeqTp")) == ["FRST", "RCUR"]
    assert sorted(texts(root, "InstdAmt")) == ["480.00", "520.10"]
    assert set(texts(root, "Dbtr/Nm")) == {"Nicolo D'Adda"}
    assert set(texts(root, "MndtRltdInf/DtOfSgntr")) == {"2026-01-07"}
    assert set(texts(root, "ReqdColltnDt")) == {"2026-03-05"}


def test_the_italian_dialect_names_the_sender_and_the_bank_by_their_codes():
    root = written(debit(), dialect="cbi")

    assert etree.QName(root) == "{urn:CBI:xsd:CBISDDReqLogMsg.00.01.00}CBISDDReqLogMsg"
    assert texts(root, "InitgPty/Id/OrgId/Othr/Id") == ["SIABC123"]
    assert texts(root, "InitgPty/Id/OrgId/Othr/Issr") == ["CBI"]
    assert texts(root, "ClrSysMmbId/MmbId") == ["05428"]
    assert texts(root, "PmtInf/CtrlSum") == texts(root, "DbtrAgt") == []
    assert [etree.QName(one).localname for one in root.find(".//{*}PmtId")] == ["InstrId", "EndToEndId"]
    assert {etree.QName(one).namespace for one in root.iter()} == {"urn:CBI:xsd:CBISDDReqLogMsg.00.01.00"}


def test_transfers_are_written_too():
    paid = Transfer(Decimal("12.30"), "Bonomelli Zoë", TENANT, "RIM-1", "Rimborso cauzione")

    content = credit_transfers(CREDITOR, [paid], on=date(2026, 3, 5), message="BON-1", written_at=AT)

    root = etree.fromstring(content)
    assert (texts(root, "InstdAmt"), texts(root, "Cdtr/Nm")) == (["12.30"], ["Bonomelli Zoe"])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"iban": "IT60X0542811101000000123457"}, "IBAN"),
        ({"name": "Ольга"}, "Latin letters"),
        ({"name": " "}, "name"),
        ({"amount": "0.00"}, "cannot be ordered"),
        ({"amount": "1.005"}, "cannot be ordered"),
        ({"mandate": ""}, "identifier"),
        ({"mandate": "M//1"}, "slash"),
        ({"end_to_end": "x" * 36}, "35"),
    ],
)
def test_what_a_bank_would_refuse_is_refused_here(changes, words):
    with pytest.raises(Refusal, match=words):
        written(debit(**changes))


def test_nothing_to_collect_is_no_file():
    with pytest.raises(Refusal, match="nothing"):
        written()


@pytest.mark.parametrize("identifier", ["IT67ZZZA1B2C3D4E5F6G7H8", "", "ITZZZ"])
def test_a_creditor_identifier_that_does_not_check_is_refused(identifier):
    with pytest.raises(Refusal, match="creditor identifier"):
        read_creditor_identifier(identifier)


@pytest.mark.parametrize("cuc", ["", "siabc123", "SIABC12"])
def test_the_dialect_needs_a_cuc(cuc):
    creditor = replace(CREDITOR, cuc=cuc)

    with pytest.raises(Refusal, match="CUC"):
        direct_debits(creditor, [debit()], on=date(2026, 3, 5), message="M", written_at=AT, dialect="cbi")


@given(st.text(alphabet=st.characters(max_codepoint=0x17F), max_size=200))
def test_a_text_is_either_in_the_banks_letters_or_refused(text):
    try:
        plain = sepa_text(text, most=140)
    except Refusal:
        return
    assert ALLOWED.fullmatch(plain)
    assert len(plain) <= 140

"""Statements in CAMT.053, in the versions and wrappers that banks send."""

from datetime import date
from decimal import Decimal

import pytest

from core.banking.reading import read_statement
from core.refusals import Refusal

TENANT = "IT60X0542811101000000123456"
OURS = "IT12H0200801600000012345674"
SECOND = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
EIGHTH = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


def entry(amount="480.00", sign="CRDT", status="<Sts>BOOK</Sts>", details="", text=""):
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{status}'
        f"<BookgDt><Dt>2026-03-05</Dt></BookgDt><ValDt><Dt>2026-03-06</Dt></ValDt>"
        f"<AcctSvcrRef>BANK-77</AcctSvcrRef><NtryDtls>{details}</NtryDtls><AddtlNtryInf>{text}</AddtlNtryInf></Ntry>"
    )


def detail(*, deep=False, amount="", end_to_end="L-1", text="Canone marzo", returned="", name="Arben Hoxha"):
    party = f"<Pty><Nm>{name}</Nm></Pty>" if deep else f"<Nm>{name}</Nm>"
    told = f'<Amt Ccy="EUR">{amount}</Amt>' if amount else ""
    back = f"<RtrInf><Rsn><Cd>{returned}</Cd></Rsn></RtrInf>" if returned else ""
    return (
        f"<TxDtls><Refs><EndToEndId>{end_to_end}</EndToEndId></Refs>{told}"
        f"<RltdPties><Dbtr>{party}</Dbtr><DbtrAcct><Id><IBAN>{TENANT}</IBAN></Id></DbtrAcct></RltdPties>"
        f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf>{back}</TxDtls>"
    )


def document(*entries, namespace=SECOND, balances="", before="", iban=OURS):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<Document xmlns="{namespace}"><BkToCstmrStmt><Stmt>'
        f"<Acct><Id><IBAN>{iban}</IBAN></Id></Acct>{balances}{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


@pytest.mark.parametrize(
    ("namespace", "deep", "status"),
    [(SECOND, False, "<Sts>BOOK</Sts>"), (EIGHTH, True, "<Sts><Cd>BOOK</Cd></Sts>"), ("urn:CBI:xsd:any", False, "")],
)
def test_a_credit_is_read_whatever_the_version(namespace, deep, status):
    told = read_statement(document(entry(status=status, details=detail(deep=deep)), namespace=namespace))

    [line] = told.lines
    assert (line.booked_on, line.value_on, line.amount) == (date(2026, 3, 5), date(2026, 3, 6), Decimal("480.00"))
    assert (line.counterpart, line.counterpart_iban) == ("Arben Hoxha", TENANT)
    assert (line.end_to_end, line.text, line.bank_reference) == ("L-1", "Canone marzo", "BANK-77")
    assert told.account == OURS


def test_a_batch_is_a_line_for_each_transaction_when_they_add_up():
    batch = detail(amount="300.00", end_to_end="A") + detail(amount="180.00", end_to_end="B")

    told = read_statement(document(entry(details=batch)))

    assert [(line.end_to_end, line.amount) for line in told.lines] == [("A", Decimal(300)), ("B", Decimal(180))]


@pytest.mark.parametrize("second", ["179.99", ""])
def test_a_batch_that_does_not_add_up_stays_one_line(second):
    told = read_statement(document(entry(details=detail(amount="300.00") + detail(amount=second, text="B"))))

    assert [(line.amount, line.text) for line in told.lines] == [(Decimal("480.00"), "Canone marzo B")]


def test_a_returned_debit_names_the_tenant_and_the_reason():
    [line] = read_statement(document(entry(sign="DBIT", details=detail(returned="AM04")))).lines

    assert (line.amount, line.return_code, line.counterpart) == (Decimal("-480.00"), "AM04", "Arben Hoxha")


def test_pending_entries_are_counted_and_left_out():
    told = read_statement(document(entry(), entry(status="<Sts>PDNG</Sts>")))

    assert (len(told.lines), told.pending) == (1, 1)


def test_balances_tell_whether_a_movement_is_missing():
    def balance(code, amount):
        return (f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
                f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>')  # fmt: skip

    told = read_statement(document(entry(), balances=balance("OPBD", "100.00") + balance("CLBD", "600.00")))

    assert told.gap == Decimal("20.00")


def test_equal_movements_have_different_fingerprints_that_stay_the_same():
    first, again = (read_statement(document(entry(), entry())).lines for _time in range(2))

    assert first[0].fingerprint != first[1].fingerprint
    assert [line.fingerprint for line in first] == [line.fingerprint for line in again]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (document(entry())[:-40], "damaged"),
        (document(entry()).replace(b'Ccy="EUR"', b'Ccy="USD"'), "only euro"),
        (document(entry(amount="480.001")), "whole cents"),
        (document(entry(amount="NaN")), "whole cents"),
        (document(), "no booked movement"),
        (b"<html><body>Sessione scaduta</body></html>", "not a bank statement"),
        (b"  \n", "empty"),
        (document(entry()).replace(b"2026-03-05", b"2026-13-05"), "not a day"),
    ],
)
def test_what_cannot_be_read_is_said(content, words):
    with pytest.raises(Refusal, match=words):
        read_statement(content)


def test_no_entity_is_opened_and_no_file_is_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    trap = f'<!DOCTYPE Document [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'

    with pytest.raises(Refusal, match="document type"):
        read_statement(document(entry(details=detail(text="&x;")), before=trap))

"""Statements as spreadsheets, with the headings and habits of different banks."""

import io
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter

from core.banking.reading import read_statement
from core.refusals import Refusal, Refusals

EXPECTED = [(date(2026, 3, 5), Decimal("1480.50")), (date(2026, 3, 9), Decimal("-12.30"))]
FILES = {
    "two columns, semicolons, a preamble": (
        "Conto corrente;000012345\nSaldo al 31/03/2026;9.000,00\n\n"
        "Data contabile;Data valuta;Dare;Avere;Descrizione operazione\n"
        "05/03/2026;06/03/2026;;1.480,50;BONIFICO A VOSTRO FAVORE LEASE/2026/00001\n"
        "09/03/2026;09/03/2026;12,30;;COMMISSIONI\n"
    ),
    "signed amount, commas, dots for decimals": (
        'Data,Valuta,Importo,Divisa,Causale,Ordinante\n2026-03-05,2026-03-06,"1480.50",EUR,Canone,Hoxha Arben\n'
        '2026-03-09,2026-03-09,"-12.30",EUR,Spese,Banca\n'
    ),
    "negative debits, short years, tabs": (
        "DATA OPERAZIONE\tVALUTA\tENTRATE\tUSCITE\tCAUSALE\tDESCRIZIONE\n"
        "05/03/26\t06/03/26\t€ 1.480,50\t\tBONIFICO\tCanone di marzo\n09/03/26\t09/03/26\t\t-12,30\tSPESE\t\n"
    ),
    "a sign apart, the currency under Valuta": (
        "Data Mov.;Valuta;Segno;Importo €;Descrizione\n5.3.2026;EUR;A;1480,50;Canone\n9.3.2026;EUR;D;12,30;Spese\n"
        ";;;;\nTotale;;;1468,20;\n"
    ),
    "a minus sign behind": "Data;Importo;Descrizione\n05-03-2026;1.480,50+;Canone\n09-03-2026;12,30-;Spese\n",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("name", FILES)
def test_a_banks_export_is_read(name, encoding):
    told = read_statement(FILES[name].encode(encoding))

    assert [(line.booked_on, line.amount) for line in told.lines] == EXPECTED


def test_texts_are_put_together_and_the_payer_is_told():
    content = ("Data;Importo;Causale;Descrizione;Controparte;IBAN controparte;CRO;End To End Id\n"
               "05/03/2026;480,00;BONIFICO;Canone;Hoxha;it60 x054 2811 1010 0000 0123 456;A123;E-1\n")  # fmt: skip

    [line] = read_statement(content.encode()).lines

    assert (line.text, line.counterpart, line.bank_reference) == ("BONIFICO Canone", "Hoxha", "A123")
    assert (line.counterpart_iban, line.end_to_end) == ("IT60X0542811101000000123456", "E-1")


def test_a_spreadsheet_is_read_like_its_csv():
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, ["Data contabile", "Importo", "Descrizione"])
    for n, (on, amount) in enumerate(EXPECTED, start=1):
        sheet.write_datetime(n, 0, on, day)
        sheet.write_number(n, 1, float(amount))
        sheet.write_string(n, 2, "Canone")
    book.close()

    told = read_statement(stream.getvalue())

    assert [(line.booked_on, line.amount) for line in told.lines] == EXPECTED


def test_opening_and_closing_balances_are_no_movements():
    content = "Data;Importo;Descrizione\n01/03/2026;100,00;Saldo iniziale\n05/03/2026;480,00;Canone\n"

    assert [line.text for line in read_statement(content.encode()).lines] == ["Canone"]


def test_every_wrong_row_is_named():
    content = "Data;Importo;Descrizione\n31/02/2026;480,00;A\n05/03/2026;abc;B\n06/03/2026;10,00;C\n"

    with pytest.raises(Refusals) as told:
        read_statement(content.encode())

    assert [str(one).split(":")[0] for one in told.value.refusals] == ["Row 2", "Row 3"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Nome;Cognome\nArben;Hoxha\n", "headings"),
        ("Data;Importo;Divisa;Descrizione\n05/03/2026;480,00;USD;A\n", "only euro"),
        ("Data;Dare;Avere;Descrizione\n05/03/2026;1,00;2,00;A\n", "both a credit and a debit"),
        ("\x00\x01\x02", "not a CSV"),
        ("Data;Importo;Descrizione\n", "no booked movement"),
    ],
)
def test_what_cannot_be_read_is_said(content, words):
    with pytest.raises(Refusal, match=words):
        read_statement(content.encode())

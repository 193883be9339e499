"""The fund's account: statements read once, movements recorded as what they are, payment files for the bank."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from lxml import etree

from core.files.sent import SentFile
from core.organisations.services import add_iban
from core.refusals import Refusal
from plugins.guarantee_fund.models import BankLineState, LineKind
from plugins.guarantee_fund.rules.journal import Account
from plugins.guarantee_fund.services import bank, calls, funds, journal

IBAN, OTHER = "IT60X0542811101000000123456", "DE89370400440532013000"
HEADINGS = "Data contabile;Importo;Descrizione;Controparte"


def statement(*lines):
    return SentFile("movimenti.csv", "\r\n".join([HEADINGS, *lines]).encode())


@pytest.fixture
def rich(desk, session):
    desk.give("10000")
    desk.fund.iban = IBAN
    session.flush()
    return desk


def test_the_same_movement_of_two_funds_is_two_movements(rich, session):
    other = funds.open_fund(session, name="Altro fondo", coverage_default=Decimal(80), coverage_most=Decimal(80))
    sent = statement("31/03/2026;-3,50;Spese;Banca")

    assert len(bank.read_movements(session, rich.fund, file=sent)) == 1
    assert len(bank.read_movements(session, other, file=sent)) == 1


def test_a_statement_read_twice_has_one_effect(rich, session):
    sent = statement("10/03/2026;1.500,00;Donazione;Fondazione", "11/03/2026;-3,50;Spese;Banca")

    first = bank.read_movements(session, rich.fund, file=sent)
    again = bank.read_movements(session, rich.fund, file=sent)

    assert [line.amount for line in first] == [Decimal("1500.00"), Decimal("-3.50")]
    assert again == []


def test_what_the_bank_said_is_never_edited(rich, session):
    (line,) = bank.read_movements(session, rich.fund, file=statement("10/03/2026;1.500,00;Donazione;Fondazione"))

    line.note = "Da chiedere"
    session.flush()
    line.amount = Decimal(15)
    with pytest.raises(Refusal, match="never edited"):
        session.flush()


def test_movements_become_what_they_are(rich, session):
    loan = rich.lent("1000")
    sent = statement(
        f"10/05/2026;100,00;Rata {loan.guarantee.number};Hoxha", "11/05/2026;500,00;Donazione;Banca",
        "12/05/2026;-12,00;Spese di tenuta conto;Banca",
    )  # fmt: skip
    paid, given, cost = bank.read_movements(session, rich.fund, file=sent)

    assert paid.guarantee is loan.guarantee
    bank.record_loan_payment(session, paid, loan=loan)
    bank.record_contribution(session, given, organisation=rich.bank)
    bank.record_cost(session, cost, reason="Spese di tenuta conto")

    assert loan.outstanding == Decimal(900)
    assert journal.balances(session, rich.fund)[Account.BANK] == Decimal(10000) + 500 - 12
    assert {paid.state, given.state, cost.state} == {BankLineState.RECORDED}
    with pytest.raises(Refusal):
        bank.record_contribution(session, given, organisation=rich.bank)


def test_a_call_is_paid_to_the_cent(rich, session):
    loan = rich.lent("1000")
    call = rich.call(loan.guarantee, unpaid=Decimal(1000))
    with rich.signed_in("manager"):
        calls.accept_as_manager(session, call)
    with rich.signed_in("accountant"):
        calls.accept_as_accountant(session, call)
    wrong, right = bank.read_movements(
        session, rich.fund, file=statement("10/09/2026;-799,99;Escussione;B", "11/09/2026;-800,00;Escussione;B")
    )

    with pytest.raises(Refusal, match="799,99"):
        bank.record_paid_call(session, wrong, call=call)
    bank.record_paid_call(session, right, call=call)

    assert call.paid_on == date(2026, 9, 11)


def test_the_payment_file_holds_what_was_accepted(rich, session):
    line = rich.new_line(LineKind.DEPOSIT, "Cauzioni", coverage=Decimal(100))
    guarantee = rich.approve(rich.ask("600", line=line))
    (order,) = bank.orders_of(session, rich.fund)
    told = {"holder": "La Quercia", "on": date(2026, 3, 5), "written_at": datetime(2026, 3, 3, 9, tzinfo=UTC)}

    with pytest.raises(Refusal, match="has no IBAN"):
        bank.payment_file(rich.fund, [order], **told)
    add_iban(session, rich.bank, iban=OTHER)
    session.expire(rich.bank)
    root = etree.fromstring(bank.payment_file(rich.fund, [order], **told))

    assert root.findtext(".//{*}InstdAmt") == "600.00"
    assert root.findtext(".//{*}CdtrAcct//{*}IBAN") == OTHER
    assert order.record is guarantee

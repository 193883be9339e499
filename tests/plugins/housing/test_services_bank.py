"""Statements imported once, their movements made into payments of the right lease, and undone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from core.database.session import finish
from core.refusals import Refusal
from plugins.housing.models import BankLine, BankLineState, BankStatement, Payment
from plugins.housing.rules.matching import Confidence, MatchReason
from plugins.housing.services import bank, ledger, reconciling
from tests.plugins.housing.test_services_ledger import charged

TENANT = "IT60X0542811101000000123456"
HEADINGS = "Data;Importo;Descrizione;Controparte;IBAN controparte"


def sent(*rows, name="marzo.csv"):
    return bank.SentFile(name, "\n".join([HEADINGS, *rows]).encode())


def row(amount="480,00", text="Canone", name="Rossi", iban="", day="05/03/2026"):
    return f"{day};{amount};{text};{name};{iban}"


@pytest.fixture
def lease(desk):
    return charged(desk, months=3)


def test_a_movement_that_names_the_lease_becomes_its_payment(desk, lease):
    statement = bank.import_statement(desk.session, file=sent(row(text=f"Canone {lease.number}")))
    [line] = statement.lines

    payment = reconciling.confirm_line(desk.session, line)

    assert (line.reason, line.confidence) == (MatchReason.NUMBER, Confidence.SURE)
    assert (payment.amount, payment.paid_on, payment.lease) == (Decimal(480), date(2026, 3, 5), lease)
    assert [one.owed for one in lease.charges] == [0, Decimal(480), Decimal(480)]
    assert line.state is BankLineState.CONFIRMED


def test_the_same_file_again_and_a_longer_one_add_only_what_is_new(desk, lease):
    rows = [row(), row(), row("12,30")]
    bank.import_statement(desk.session, file=sent(*rows))

    again = bank.import_statement(desk.session, file=sent(*rows))
    longer = bank.import_statement(desk.session, file=sent(*rows, row("99,00", day="06/03/2026")))

    assert (again.lines_read, again.lines_known, again.lines) == (3, 3, [])
    assert (longer.lines_read, longer.lines_known, len(longer.lines)) == (4, 3, 1)
    assert desk.session.scalar(select(func.count(BankLine.id))) == 4


def test_the_sure_ones_are_confirmed_together_and_the_others_stay(desk, lease):
    statement = bank.import_statement(desk.session, file=sent(row(text=lease.number), row("33,00")))

    reconciling.confirm_sure(desk.session, statement)

    assert [line.state for line in statement.lines] == [BankLineState.CONFIRMED, BankLineState.OPEN]
    with pytest.raises(Refusal, match="one by one"):
        reconciling.confirm_sure(desk.session, statement)


def test_an_account_that_paid_once_is_recognised_the_next_time(desk, lease):
    first = bank.import_statement(desk.session, file=sent(row(iban=TENANT)))
    reconciling.confirm_line(desk.session, first.lines[0], lease=lease)

    [line] = bank.import_statement(desk.session, file=sent(row(iban=TENANT, day="05/04/2026"))).lines

    assert first.lines[0].reason is MatchReason.HAND
    assert (line.lease_id, line.reason, line.confidence) == (lease.id, MatchReason.IBAN, Confidence.SURE)


def test_a_payment_larger_than_the_debt_is_credit_for_the_next_charge(desk, lease):
    [line] = bank.import_statement(desk.session, file=sent(row("2.000,00", text=lease.number))).lines
    reconciling.confirm_line(desk.session, line)

    ledger.charge_month(desk.session, month=date(2026, 4, 1))

    assert [one.owed for one in lease.charges] == [0, 0, 0, 0]
    assert ledger.credit_of(lease) == Decimal(80)


def test_the_payer_may_declare_which_charges_it_is_for(desk, lease):
    [line] = bank.import_statement(desk.session, file=sent(row(text=lease.number))).lines

    reconciling.confirm_line(desk.session, line, declared=[lease.charges[2].id])

    assert [one.owed for one in lease.charges] == [Decimal(480), Decimal(480), 0]


def test_undoing_a_match_takes_the_payment_back_and_the_movement_waits_again(desk, lease):
    [line] = bank.import_statement(desk.session, file=sent(row(text=lease.number))).lines
    reconciling.confirm_line(desk.session, line)

    reconciling.undo_line(desk.session, line, reason="Era di un altro")
    payment = reconciling.confirm_line(desk.session, line)

    assert [one.amount for one in lease.payments] == [Decimal(480), Decimal(-480), Decimal(480)]
    assert line.payment is payment
    assert sum(one.owed for one in lease.charges) == Decimal(960)


@pytest.mark.parametrize("amount", ["-12,30", "480,00"])
def test_what_is_no_tenants_is_set_aside_and_taken_up_again(desk, lease, amount):
    [line] = bank.import_statement(desk.session, file=sent(row(amount))).lines

    reconciling.set_aside(desk.session, line, reason="Commissioni")
    with pytest.raises(Refusal, match="not waiting"):
        reconciling.confirm_line(desk.session, line, lease=lease)

    assert reconciling.take_up(desk.session, line).state is BankLineState.OPEN


@pytest.mark.parametrize(("amount", "words"), [("-12,30", "went out"), ("480,00", "Choose the lease")])
def test_what_cannot_be_a_payment_is_refused(desk, lease, amount, words):
    [line] = bank.import_statement(desk.session, file=sent(row(amount))).lines

    with pytest.raises(Refusal, match=words):
        reconciling.confirm_line(desk.session, line)


def test_what_the_bank_said_is_not_edited(desk, lease):
    [line] = bank.import_statement(desk.session, file=sent(row())).lines
    line.amount = Decimal(481)

    with pytest.raises(Refusal, match="never edited"):
        desk.session.flush()


def test_a_file_that_cannot_be_read_leaves_nothing(desk):
    with pytest.raises(Refusal):
        bank.import_statement(desk.session, file=bank.SentFile("x.csv", b"Nome;Cognome\na;b\n"))

    assert desk.session.scalar(select(func.count(BankStatement.id))) == 0


def test_two_clerks_importing_and_confirming_at_once_pay_once(desk, database, lease):
    scope, number = desk.session.info["scope"], lease.number
    finish(desk.session)

    def import_and_confirm(name):
        def work(session):
            made = bank.import_statement(session, file=sent(row(text=number), name=name))
            return len(made.lines)

        return database.run(scope, work)

    with ThreadPoolExecutor(2) as pool:
        added = list(pool.map(import_and_confirm, ["a.csv", "b.csv"]))

    def confirm(_time):
        def work(session):
            line = session.scalars(select(BankLine)).one()
            reconciling.confirm_line(session, line)

        try:
            database.run(scope, work)
        except Refusal:
            return 0
        return 1

    with ThreadPoolExecutor(2) as pool:
        confirmed = list(pool.map(confirm, range(2)))
    with database.session(scope, writes=False) as session:
        payments = session.scalar(select(func.count(Payment.id)))
    assert (sorted(added), sorted(confirmed), payments) == ([0, 1], [0, 1], 1)

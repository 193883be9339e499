"""Capital, exposures and limits through the services: GF-1 and GF-2, and what must be refused."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.refusals import Refusal
from plugins.guarantee_fund.models import GuaranteeState, LineKind, Microcredit
from plugins.guarantee_fund.rules.journal import Account
from plugins.guarantee_fund.rules.limits import Check
from plugins.guarantee_fund.services import applications, funds, guarantees, journal
from plugins.guarantee_fund.services.guarantees import LimitsExceeded
from plugins.guarantee_fund.services.position import derivation, position_of
from tests.plugins.guarantee_fund.conftest import DAY, Desk


def euro(told):
    return Decimal(told)


def test_contributions_times_leverage_can_be_guaranteed(session):
    desk = Desk(session, leverage="5")
    desk.give("100000")

    position = position_of(session, desk.fund)

    assert (position.capacity, position.available) == (euro("500000.00"), euro("500000.00"))


def test_the_last_cent_is_guaranteed_and_one_more_is_not(session):
    desk = Desk(session, leverage="2")
    desk.give("27750.00")

    with pytest.raises(LimitsExceeded) as refused:
        desk.approve(desk.ask("55500.01"), coverage=euro(100))
    assert [one.check for one in refused.value.failed] == [Check.CAPITAL]
    assert "55.500,01" in str(refused.value)
    guarantee = desk.approve(desk.ask("55500.00"), coverage=euro(100))

    assert guarantee.amount == euro("55500.00")
    assert position_of(session, desk.fund).available == 0


def test_a_household_keeps_within_its_share_of_the_endowment(session):
    desk = Desk(session, leverage="2", household_most=euro(10000), household_percent=euro(10))
    desk.give("85000")
    first, second = desk.household(), desk.household("Neri")
    desk.approve(desk.ask("500.01", person=first), coverage=euro(100))
    desk.approve(desk.ask("600.00", person=second), coverage=euro(100))

    guarantee = desk.approve(desk.ask("9999.99", person=first))
    with pytest.raises(LimitsExceeded) as refused:
        desk.approve(desk.ask("9999.99", person=second))

    assert guarantee.amount == euro("7999.99")
    assert [one.check for one in refused.value.failed] == [Check.HOUSEHOLD]
    assert "8.599,99" in str(refused.value)
    assert "8.500,00" in str(refused.value)


def test_money_given_for_one_line_stands_behind_no_other(desk, session):
    rents = desk.new_line(LineKind.RENT, "Affitto sicuro")
    desk.give("1000")
    desk.give("500", line=rents)

    with pytest.raises(LimitsExceeded) as refused:
        desk.approve(desk.ask("1200"), coverage=euro(100))

    assert [one.check for one in refused.value.failed] == [Check.RESTRICTION]
    desk.approve(desk.ask("1400", line=rents, monthly_rent=euro(400)), coverage=euro(100))
    assert position_of(session, desk.fund).available == euro(100)


def test_the_derivation_ends_with_what_is_available(desk, session):
    desk.give("10000")
    desk.issued("1000")
    desk.approve(desk.ask("500"))

    steps = {str(step.label): step.amount for step in derivation(session, desk.fund)}

    assert steps["Guarantees issued"] == euro("800.00")
    assert steps["Guarantees approved and not issued"] == euro("400.00")
    assert steps["Can still be guaranteed (A)"] == position_of(session, desk.fund).available == euro("8800.00")


def test_an_approval_that_is_not_issued_lapses_and_frees_its_money(desk, session):
    desk.give("1000")
    guarantee = desk.approve(desk.ask("1000"))

    assert guarantee.valid_until == date(2026, 5, 31)
    assert applications.lapse_overdue(session, on=date(2026, 5, 31)) == []
    assert len(applications.lapse_overdue(session, on=date(2026, 6, 1))) == 1
    assert guarantee.state is GuaranteeState.LAPSED
    assert position_of(session, desk.fund).available == euro(1000)
    with pytest.raises(Refusal):
        guarantees.issue(session, guarantee, on=date(2026, 6, 1))


def test_a_deposit_advance_leaves_the_bank_and_comes_back(desk, session):
    desk.give("1000")
    line = desk.new_line(LineKind.DEPOSIT, "Cauzioni", coverage=euro(100))
    guarantee = desk.approve(desk.ask("600", line=line))
    before = position_of(session, desk.fund)

    guarantees.pay_advance(session, guarantee, on=DAY)
    out = position_of(session, desk.fund)
    with pytest.raises(Refusal, match="between one cent and"):
        guarantees.return_advance(session, guarantee, amount=euro("600.01"))
    guarantees.return_advance(session, guarantee, amount=euro(600), on=date(2026, 5, 1))

    assert (before.capital, before.exposure) == (1000, 600)
    assert (out.capital, out.exposure, out.available) == (400, 0, 400)
    assert position_of(session, desk.fund).available == 1000
    assert guarantee.state is GuaranteeState.REPAID


def test_a_contribution_that_guarantees_stand_on_is_not_taken_back(desk, session):
    given = desk.give("1000")
    desk.give("500")
    desk.approve(desk.ask("1000"))

    with pytest.raises(Refusal, match="already stand on this money"):
        funds.take_back_contribution(session, given, reason="Errore")


def test_a_contribution_is_taken_back_with_a_counter_entry_once(desk, session):
    given = desk.give("1000")

    funds.take_back_contribution(session, given, reason="Bonifico annullato", on=date(2026, 2, 1))

    assert journal.balances(session, desk.fund)[Account.BANK] == 0
    with pytest.raises(Refusal, match="already taken back"):
        funds.take_back_contribution(session, given, reason="Ancora")


def test_a_cost_never_eats_what_stands_behind_guarantees(desk, session):
    desk.give("1000")
    desk.approve(desk.ask("1000"))

    with pytest.raises(Refusal, match="at most 200,00"):
        funds.charge_cost(session, desk.fund, amount=euro("200.01"), on=DAY, reason="Spese")
    funds.charge_cost(session, desk.fund, amount=euro("200.00"), on=DAY, reason="Spese")

    assert position_of(session, desk.fund).available == 0


def test_a_closed_period_takes_no_entry(desk, session):
    desk.give("1000")
    funds.close_accounts(session, desk.fund, until=date(2026, 1, 31))

    with pytest.raises(Refusal, match="closed until 31/01/2026"):
        desk.give("10", on=date(2026, 1, 31))


@pytest.mark.parametrize("statement", [
    "update guarantee_fund_posting set amount = amount + 1",
    "delete from guarantee_fund_posting",
    "update guarantee_fund_entry set text = 'x'",
    "update guarantee_fund_contribution set amount = 1",
])  # fmt: skip
def test_the_database_itself_refuses_to_edit_the_books(desk, session, statement):
    desk.give("1000")

    with pytest.raises(DBAPIError, match=r"append-only|permission denied"), session.begin_nested():
        session.execute(text(statement))


def test_a_microcredit_keeps_within_the_law(desk):
    with pytest.raises(Refusal, match=r"at most 10\.000,00"):
        desk.ask("10000.01", microcredit=Microcredit.SOCIAL)


def test_who_lends_is_asked_for_loans(desk):
    with pytest.raises(Refusal, match="reserved by law"):
        desk.ask("1000", lender=None)


def test_a_fund_takes_twelve_different_restrictions_and_refuses_the_next(desk, session):
    for n in range(12):
        desk.give("100", line=desk.new_line(name=f"Linea {n}"))
    again = desk.new_line(name="Linea 13")

    with pytest.raises(Refusal, match="at most 12 different restrictions") as refused:
        desk.give("100", line=again)

    assert refused.value.field == "line"

"""The arithmetic of the fund with the acceptance cases' own numbers (GF-1 to GF-7)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.api import Refusal
from plugins.guarantee_fund.rules import journal
from plugins.guarantee_fund.rules.calls import RentLimits, loan_call, rent_call, split_recovery
from plugins.guarantee_fund.rules.committee import Ballot, Verdict, is_valid, verdict
from plugins.guarantee_fund.rules.exposure import FREE, Position, Use, loan_exposure, rent_exposure, usable
from plugins.guarantee_fund.rules.indicators import History, default_rate, leverage_used, net_loss_rate, processing_days
from plugins.guarantee_fund.rules.limits import Check, FundLimits, LineLimits, Wanted, failures, household_limit
from plugins.guarantee_fund.rules.schedules import Repayment, Terms, schedule
from plugins.guarantee_fund.rules.settlement import Due, Part, settle

NO_LIMITS = LineLimits(None, None, None)
DAY = date(2026, 1, 31)


def euro(text):
    return Decimal(text)


def limits(**given):
    wide = {
        "available": euro("1000000"), "usable": euro("1000000"), "endowment": euro("1000000"),
        "household_exposure": euro(0), "household_most": None, "household_percent": None, "coverage_most": euro(100),
    }  # fmt: skip
    return FundLimits(**{**wide, **given})


def failed(wanted, line=NO_LIMITS, **given):
    return [one.check for one in failures(wanted, line, limits(**given))]


def test_an_untouched_fund_guarantees_its_capital_times_the_leverage():
    position = Position(euro("100000"), euro(0), euro(5), euro(0))

    assert position.capacity == position.available == euro("500000.00")


def test_a_guarantee_passes_up_to_the_last_cent_that_is_available():
    position = Position(euro("42500"), euro("2500"), euro(2), euro(8000) + 12000 + 4500)

    assert position.available == euro("55500.00")
    for amount, expected in ((euro("55500.00"), []), (euro("55500.01"), [Check.CAPITAL])):
        wanted = Wanted(amount, principal=euro("100000"), months=12)
        assert failed(wanted, available=position.available, usable=position.available) == expected


def test_a_household_may_not_pass_the_lower_of_its_two_limits():
    guaranteed = loan_exposure(euro("9999.99"), euro(80))
    told = {"endowment": euro("85000"), "household_most": euro("10000"), "household_percent": euro(10)}

    assert guaranteed == euro("7999.99")
    assert household_limit(limits(**told)) == euro("8500.00")
    wanted = Wanted(guaranteed, principal=euro("9999.99"), months=12)
    assert failed(wanted, household_exposure=euro("500.01"), **told) == []
    refused = failures(wanted, NO_LIMITS, limits(household_exposure=euro("600.00"), **told))
    assert [one.check for one in refused] == [Check.HOUSEHOLD]
    assert "8.599,99" in str(refused[0])
    assert "8.500,00" in str(refused[0])


def test_a_refusal_lists_every_check_that_fails():
    wanted = Wanted(euro(900), principal=euro(1000), months=61)
    line = LineLimits(lowest=euro(1500), highest=euro(5000), months=60)

    told = failed(wanted, line, available=euro(800), usable=euro(700), household_most=euro(500), coverage_most=euro(80))

    assert told == [Check.CAPITAL, Check.HOUSEHOLD, Check.COVERAGE, Check.LINE, Check.LINE]


def test_restricted_money_stands_behind_what_its_donor_meant_alone():
    given_by = {FREE: euro(1000), "line:rent": euro(500)}
    rents, loans = frozenset({"line:rent"}), frozenset()

    assert usable(euro(1500), given_by, [], rents) == euro(1500)
    assert usable(euro(1500), given_by, [], loans) == euro(1000)
    # Rents use their own money first: 600 of them leave 900 in all, and 900 of it for loans.
    assert usable(euro(1500), given_by, [Use(rents, euro(600))], loans) == euro(900)
    assert usable(euro(1500), given_by, [Use(rents, euro(200))], loans) == euro(1000)
    assert usable(euro(1500), given_by, [Use(loans, euro(1000))], rents) == euro(500)


def test_losses_weigh_on_restricted_and_free_money_alike():
    assert usable(euro(750), {FREE: euro(1000), "town:a": euro(500)}, [], frozenset()) == euro(500)


def test_a_call_pays_the_covered_part_and_shares_what_comes_back():
    assert loan_call(euro("6431.27"), coverage=euro(80), exposure=euro("5145.02")) == euro("5145.02")
    assert split_recovery(euro("1500.00"), euro(80)) == (euro("1200.00"), euro("300.00"))


def test_a_call_never_passes_what_the_guarantee_still_covers():
    with pytest.raises(Refusal, match="more than the guarantee still covers"):
        loan_call(euro("6431.28"), coverage=euro(80), exposure=euro("5145.01"))


def test_a_rent_is_called_from_the_third_unpaid_month_and_for_twelve_at_most():
    terms = RentLimits(first_month=3, months=12, cap=None)

    with pytest.raises(Refusal, match="number 3"):
        rent_call(2, euro(450), limits=terms)
    assert rent_call(3, euro(450), limits=terms) == euro(1350)
    assert rent_call(20, euro(450), limits=terms) == euro(5400)
    assert rent_call(5, euro(450), limits=RentLimits(3, 12, euro(2000)), paid=euro(1350)) == euro(650)


def test_the_exposure_of_a_rent_is_its_callable_months_within_the_cap_less_what_was_paid():
    assert rent_exposure(euro(450), 12, euro(5000)) == euro(5000)
    assert rent_exposure(euro(450), 12, None, paid=euro(1350)) == euro(4050)
    assert rent_exposure(euro(450), 12, euro(5000), paid=euro(6000)) == 0


def test_a_loan_without_interest_in_equal_instalments():
    rows = schedule(Terms(euro(3000), euro(0), 18, DAY, Repayment.ZERO_INTEREST))

    assert [row.amount for row in rows] == [euro("166.66")] * 17 + [euro("166.78")]
    assert rows[1].due == date(2026, 2, 28)
    assert rows[-1].balance == 0


def test_a_french_loan_of_twelve_months():
    rows = schedule(Terms(euro(5000), euro("2.40"), 12, DAY, Repayment.FRENCH))

    assert (rows[0].amount, rows[0].interest, rows[0].principal, rows[0].balance) == tuple(
        map(euro, ("422.10", "10.00", "412.10", "4587.90"))
    )
    assert (rows[1].interest, rows[1].principal, rows[1].balance) == tuple(map(euro, ("9.18", "412.92", "4174.98")))
    assert (rows[11].amount, rows[11].interest, rows[11].principal) == tuple(map(euro, ("422.13", "0.84", "421.29")))
    assert sum(row.interest for row in rows) == euro("65.23")


def test_grace_months_bear_interest_alone():
    rows = schedule(Terms(euro(1200), euro(12), 2, DAY, Repayment.CONSTANT_PRINCIPAL, grace=1))

    assert [(row.interest, row.principal) for row in rows] == [(12, 0), (12, 600), (6, 600)]


@given(
    principal=st.decimals("0.01", "75000", places=2), rate=st.decimals(0, 12, places=2), count=st.integers(1, 120),
    grace=st.integers(0, 12), repayment=st.sampled_from(Repayment),
)  # fmt: skip
def test_every_schedule_repays_the_principal_to_the_cent(principal, rate, count, grace, repayment):
    rows = schedule(Terms(principal, rate, count, DAY, repayment, grace))

    assert sum(row.principal for row in rows) == principal
    assert rows[-1].balance == 0
    assert all(row.principal >= 0 and row.interest >= 0 for row in rows)


def test_a_payment_settles_costs_then_interest_then_principal_oldest_first():
    dues = [Due(1, DAY, euro("10.00"), euro("166.66")), Due(2, date(2026, 2, 28), euro(0), euro("166.66"))]

    parts, left = settle(
        euro("300.00"), on=date(2026, 3, 5), costs=euro("15.00"), default_interest=euro("4.35"), dues=dues
    )

    assert [(one.part, one.number, one.amount) for one in parts] == [
        (Part.COSTS, 0, euro("15.00")), (Part.DEFAULT_INTEREST, 0, euro("4.35")), (Part.INTEREST, 1, euro("10.00")),
        (Part.PRINCIPAL, 1, euro("166.66")), (Part.PRINCIPAL, 2, euro("103.99")),
    ]  # fmt: skip
    assert euro("166.66") - parts[-1].amount == euro("62.67")
    assert left == 0


def test_all_overdue_interest_comes_before_any_overdue_principal():
    dues = [
        Due(1, DAY, euro(10), euro(100)),
        Due(2, DAY, euro(9), euro(100)),
        Due(3, date(2027, 1, 1), euro(8), euro(1)),
    ]

    parts, left = settle(euro(230), on=date(2026, 3, 5), costs=euro(0), default_interest=euro(0), dues=dues)

    assert [(one.part, one.number) for one in parts] == [
        (Part.INTEREST, 1), (Part.INTEREST, 2), (Part.PRINCIPAL, 1), (Part.PRINCIPAL, 2),
        (Part.INTEREST, 3), (Part.PRINCIPAL, 3),
    ]  # fmt: skip
    assert left == euro(2)


def test_a_committee_needs_the_majority_and_the_presidents_vote_breaks_a_tie():
    assert not is_valid(5, 2)
    assert is_valid(5, 3)
    ballots = {"anna": Ballot.FOR, "bruno": Ballot.AGAINST, "carla": Ballot.CONFLICT}
    assert verdict(ballots, president="anna") is Verdict.APPROVED
    assert verdict(ballots, president="bruno") is Verdict.REJECTED
    assert verdict(ballots, president="carla") is Verdict.UNDECIDED


def test_a_call_that_is_paid_ends_guarantee_and_provision():
    accounts = {}
    for posting in [*journal.issue(euro(100)), *journal.provision(euro(80)), *journal.call_paid(euro(80)),
                    *journal.reduction(euro(20))]:  # fmt: skip
        accounts[posting.debit] = accounts.get(posting.debit, 0) + posting.amount
        accounts[posting.credit] = accounts.get(posting.credit, 0) - posting.amount

    assert {account.value: balance for account, balance in accounts.items() if balance} == {"3000": 80, "1000": -80}


def test_what_cannot_be_divided_is_not_told():
    fresh = History(0, euro(0), 0, euro(0), euro(0), 0, 0)

    assert default_rate(fresh) is net_loss_rate(fresh) is processing_days(fresh) is None
    assert leverage_used(Position(euro(0), euro(0), euro(5), euro(0))) is None


def test_the_figures_of_a_fund():
    history = History(40, euro(200000), 3, euro(15000), euro(4000), 60, 1290)

    assert (default_rate(history), net_loss_rate(history), processing_days(history)) == (
        euro("7.5"), euro("5.5"), euro("21.5"),
    )  # fmt: skip
    assert leverage_used(Position(euro("42500"), euro("2500"), euro(2), euro("24500"))) == euro("0.61")

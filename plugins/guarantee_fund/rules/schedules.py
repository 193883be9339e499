"""How a loan is paid back, month by month (R-G6)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from core.api import Choice, _, add_months, half_up, instalments
from plugins.guarantee_fund.rules.exposure import NOTHING

MONTHS_AND_PERCENT = 1200


class Repayment(Choice):
    """How principal and interest are spread."""

    ZERO_INTEREST = "zero_interest", _("Without interest")
    FRENCH = "french", _("French: equal instalments")
    CONSTANT_PRINCIPAL = "constant_principal", _("Constant principal")


@dataclass(frozen=True)
class Row:
    """One instalment, and what is left to repay after it."""

    number: int
    due: date
    interest: Decimal
    principal: Decimal
    balance: Decimal

    @property
    def amount(self) -> Decimal:
        """What is paid that day."""
        return self.interest + self.principal


@dataclass(frozen=True)
class Terms:
    """A loan: rate in percent a year, instalments after `grace` months of interest alone."""

    principal: Decimal
    rate: Decimal
    count: int
    first_due: date
    repayment: Repayment
    grace: int = 0


def schedule(terms: Terms) -> list[Row]:
    """Every instalment; the last closes the balance to the cent. Days follow from the first one (R-INST)."""
    constant = [part.amount for part in instalments(terms.principal, terms.count, terms.first_due)]
    rows, balance = [], terms.principal
    for place in range(terms.grace + terms.count):
        interest, step = _interest(terms, balance), place - terms.grace
        if step < 0:
            principal = NOTHING
        elif terms.repayment is Repayment.FRENCH:
            principal = balance if step == terms.count - 1 else _french_principal(terms, balance, interest)
        else:
            principal = constant[step]
        balance -= principal
        rows.append(Row(place + 1, add_months(terms.first_due, place), interest, principal, balance))
    return rows


def french_instalment(principal: Decimal, rate: Decimal, count: int) -> Decimal:
    """P·i / (1 − (1 + i)^−n), half-up to the cent; i is a twelfth of the yearly rate."""
    if rate == 0:
        return half_up(Fraction(principal) / count)
    monthly = Fraction(rate) / MONTHS_AND_PERCENT
    return half_up(Fraction(principal) * monthly / (1 - (1 + monthly) ** -count))


def _french_principal(terms: Terms, balance: Decimal, interest: Decimal) -> Decimal:
    return min(french_instalment(terms.principal, terms.rate, terms.count) - interest, balance)


def _interest(terms: Terms, balance: Decimal) -> Decimal:
    if terms.repayment is Repayment.ZERO_INTEREST:
        return NOTHING
    return half_up(Fraction(balance) * Fraction(terms.rate) / MONTHS_AND_PERCENT)

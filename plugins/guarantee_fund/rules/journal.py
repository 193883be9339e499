"""The accounts of a fund and what each event writes in them (R-G8).

A posting moves one amount from an account (credit) to another (debit): the journal balances by
construction, at every date.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.api import Choice, _


class Account(Choice):
    """An account of the fund; those that begin with 9 are memorandum accounts."""

    BANK = "1000", _("Bank")
    ENDOWMENT = "2000", _("Endowment")
    RISK_FUND = "2100", _("Risk fund")
    RECOURSE = "3000", _("Recourse credits")
    ADVANCES = "3100", _("Deposit advances")
    LOSSES = "4000", _("Losses")
    PROVISIONS = "4100", _("Provisions")
    COSTS = "4200", _("Costs charged")
    RECOVERED_LOSSES = "5000", _("Recoveries of losses")
    GUARANTEES = "9000", _("Guarantees issued")
    COUNTERPART = "9001", _("Counterpart of guarantees")


@dataclass(frozen=True)
class Posting:
    """An amount above zero, from the credited account to the debited one."""

    debit: Account
    credit: Account
    amount: Decimal


def contribution(amount: Decimal) -> list[Posting]:
    """Money given to the endowment."""
    return [Posting(Account.BANK, Account.ENDOWMENT, amount)]


def issue(exposure: Decimal) -> list[Posting]:
    """A guarantee leaves the house."""
    return [Posting(Account.GUARANTEES, Account.COUNTERPART, exposure)]


def reduction(amount: Decimal) -> list[Posting]:
    """A guarantee covers less: repaid, expired, revoked or paid."""
    return [Posting(Account.COUNTERPART, Account.GUARANTEES, amount)]


def provision(amount: Decimal) -> list[Posting]:
    """A call came in and is not paid yet."""
    return [Posting(Account.PROVISIONS, Account.RISK_FUND, amount)]


def release(amount: Decimal) -> list[Posting]:
    """A provision is no longer needed."""
    return [Posting(Account.RISK_FUND, Account.PROVISIONS, amount)]


def call_paid(amount: Decimal) -> list[Posting]:
    """The fund pays a call: it may claim the money back, and guarantees and provision end."""
    return [Posting(Account.RECOURSE, Account.BANK, amount), *reduction(amount), *release(amount)]


def recovery(amount: Decimal, *, written_off: bool) -> list[Posting]:
    """The fund's share of money that came back."""
    return [Posting(Account.BANK, Account.RECOVERED_LOSSES if written_off else Account.RECOURSE, amount)]


def write_off(amount: Decimal) -> list[Posting]:
    """What will not come back."""
    return [Posting(Account.LOSSES, Account.RECOURSE, amount)]


def advance(amount: Decimal) -> list[Posting]:
    """A deposit paid in advance for a tenant."""
    return [Posting(Account.ADVANCES, Account.BANK, amount)]


def advance_returned(amount: Decimal) -> list[Posting]:
    """A deposit advance that came back."""
    return [Posting(Account.BANK, Account.ADVANCES, amount)]


def advance_lost(amount: Decimal) -> list[Posting]:
    """A deposit advance that will not come back."""
    return [Posting(Account.LOSSES, Account.ADVANCES, amount)]


def opposite(postings: Iterable[Posting]) -> list[Posting]:
    """What takes the postings back."""
    return [Posting(one.credit, one.debit, one.amount) for one in postings]


def cost(amount: Decimal) -> list[Posting]:
    """A cost that the regulation lets the fund bear."""
    return [Posting(Account.COSTS, Account.BANK, amount)]

"""What a new guarantee must respect; a refusal lists every check that fails, with its figures (R-G3)."""

from dataclasses import dataclass
from decimal import Decimal

from core.api import Choice, Words, _, half_up, show_money
from plugins.guarantee_fund.rules.exposure import PERCENT


class Check(Choice):
    """One of the limits of a guarantee."""

    CAPITAL = "insufficient_capital", _("Insufficient capital")
    HOUSEHOLD = "household_exposure", _("Highest exposure of a household")
    COVERAGE = "coverage", _("Highest coverage")
    LINE = "line", _("Limits of the line")
    RESTRICTION = "restriction", _("Restriction of the contributions")


@dataclass(frozen=True)
class Failure:
    """A check that fails, in words with its figures."""

    check: Check
    words: Words

    def __str__(self) -> str:
        return f"{self.check.label}: {self.words}"


@dataclass(frozen=True)
class Wanted:
    """The guarantee that is asked: its amount G, the principal behind it and how long it lasts."""

    amount: Decimal
    principal: Decimal
    months: int


@dataclass(frozen=True)
class LineLimits:
    """Between which amounts of principal, and for how many months, a line may be used."""

    lowest: Decimal | None
    highest: Decimal | None
    months: int | None


@dataclass(frozen=True)
class FundLimits:
    """What fund and regulation allow: percents of coverage and endowment, euro for a household."""

    available: Decimal
    usable: Decimal
    endowment: Decimal
    household_exposure: Decimal
    household_most: Decimal | None
    household_percent: Decimal | None
    coverage_most: Decimal


def household_limit(limits: FundLimits) -> Decimal | None:
    """The lower of the absolute limit and of the share of the endowment."""
    share = None if limits.household_percent is None else half_up(limits.endowment * limits.household_percent / PERCENT)
    given = [limit for limit in (limits.household_most, share) if limit is not None]
    return min(given) if given else None


def failures(wanted: Wanted, line: LineLimits, limits: FundLimits) -> list[Failure]:
    """Every check that the guarantee fails, none when it may be given."""
    told = [
        _capital(wanted, limits),
        _household(wanted, limits),
        _coverage(wanted, limits),
        *_line(wanted, line),
        _restriction(wanted, limits),
    ]
    return [one for one in told if one is not None]


def _capital(wanted: Wanted, limits: FundLimits) -> Failure | None:
    if wanted.amount <= limits.available:
        return None
    return Failure(Check.CAPITAL, _exceeds(wanted.amount, limits.available))


def _household(wanted: Wanted, limits: FundLimits) -> Failure | None:
    most, total = household_limit(limits), limits.household_exposure + wanted.amount
    return None if most is None or total <= most else Failure(Check.HOUSEHOLD, _exceeds(total, most))


def _coverage(wanted: Wanted, limits: FundLimits) -> Failure | None:
    most = half_up(wanted.principal * limits.coverage_most / PERCENT)
    return None if wanted.amount <= most else Failure(Check.COVERAGE, _exceeds(wanted.amount, most))


def _line(wanted: Wanted, line: LineLimits) -> list[Failure]:
    told: list[Words] = []
    if line.lowest is not None and wanted.principal < line.lowest:
        told.append(_("%(amount)s is under the lowest of %(limit)s",
                      amount=show_money(wanted.principal), limit=show_money(line.lowest)))  # fmt: skip
    if line.highest is not None and wanted.principal > line.highest:
        told.append(_exceeds(wanted.principal, line.highest))
    if line.months is not None and wanted.months > line.months:
        told.append(_("%(months)s months are more than %(limit)s", months=wanted.months, limit=line.months))
    return [Failure(Check.LINE, words) for words in told]


def _restriction(wanted: Wanted, limits: FundLimits) -> Failure | None:
    if wanted.amount <= limits.usable or wanted.amount > limits.available:
        return None
    return Failure(Check.RESTRICTION, _exceeds(wanted.amount, limits.usable))


def _exceeds(amount: Decimal, limit: Decimal) -> Words:
    return _("%(amount)s is more than %(limit)s", amount=show_money(amount), limit=show_money(limit))

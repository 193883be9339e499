"""Morosità incolpevole (R-H12): which conditions of the fund are met, as a checklist and never as a decision."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.api import Choice, Words, _, add_months, show_date, show_money

DECREE = "DL 102/2013 art. 6 c. 5; DM 30/3/2016"


class Met(Choice):
    """How a condition stands."""

    YES = "yes", _("Fulfilled"), "ok"
    NO = "no", _("Not fulfilled"), "bad"
    ASK = "ask", _("To be asked"), "warn"


class Cause(Choice):
    """Why income was lost, as the decree lists it."""

    DISMISSAL = "dismissal", _("Dismissal")
    REDUCED_HOURS = "reduced_hours", _("Reduced hours")
    LAYOFF = "layoff", _("Temporary lay-off (CIG)")
    NOT_RENEWED = "not_renewed", _("Contract not renewed")
    CLOSURE = "closure", _("End of an own business")
    ILLNESS = "illness", _("Serious illness, accident or death in the household")


@dataclass(frozen=True)
class BlamelessLimits:
    """Limits and caps of the fund; all are dated parameters."""

    ise: Decimal
    isee: Decimal
    residence_years: int
    excluded_categories: Container[str]
    most: Decimal
    most_settling: Decimal
    most_deferring: Decimal
    years_left: int


@dataclass(frozen=True)
class Situation:
    """What is known of a household and its lease; None is what nobody told yet."""

    on: date
    debt: Decimal
    ise: Decimal | None = None
    isee: Decimal | None = None
    work_income: bool | None = None
    cause: Cause | None = None
    summoned_on: date | None = None
    registration: str | None = None
    resident_since: date | None = None
    category: str | None = None
    renounces: bool | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class Condition:
    """One line of the checklist: the condition, the datum that answers it, its source."""

    title: Words
    datum: Words
    met: Met
    source: str = DECREE


@dataclass(frozen=True)
class Amounts:
    """The most that the fund could give: to settle the debt when the landlord renounces, or to defer the eviction."""

    settling: Decimal
    deferring: Decimal
    most: Decimal


def checklist(told: Situation, limits: BlamelessLimits) -> list[Condition]:
    """Every condition with its datum: who reads it decides, the program does not."""
    return [
        _income(told, limits),
        Condition(_("A loss of income that the law recognises"), told.cause.label if told.cause else _("not told"),
                  Met.YES if told.cause else Met.ASK),
        Condition(_("Eviction notice with summons to court"), _day(told.summoned_on),
                  Met.ASK if told.summoned_on is None else _is(told.summoned_on <= told.on)),
        Condition(_("Registered lease"), told.registration or _("not told"), Met.YES if told.registration else Met.ASK),
        _residence(told, limits),
        _category(told, limits),
    ]  # fmt: skip


def amounts(told: Situation, limits: BlamelessLimits) -> Amounts:
    """The caps: settling asks that the landlord renounces and that years of the lease are left."""
    lasts = told.ends_on is None or told.ends_on >= add_months(told.on, 12 * limits.years_left)
    settling = min(told.debt, limits.most_settling) if told.renounces and lasts else Decimal("0.00")
    return Amounts(settling, limits.most_deferring, limits.most)


def standing(conditions: list[Condition]) -> Met:
    """All in one word: not met when one is not, else to be asked while one is."""
    states = {one.met for one in conditions}
    return next(state for state in (Met.NO, Met.ASK, Met.YES) if state in states)


def _income(told: Situation, limits: BlamelessLimits) -> Condition:
    """ISE within its limit, or income from work with ISEE within its own."""
    by_ise = None if told.ise is None else told.ise <= limits.ise
    by_isee = None if told.isee is None or told.work_income is None else told.work_income and told.isee <= limits.isee
    met = Met.YES if by_ise or by_isee else Met.ASK if by_ise is None or by_isee is None else Met.NO
    title = _("ISE up to %(ise)s, or income from work with ISEE up to %(isee)s",
              ise=show_money(limits.ise), isee=show_money(limits.isee))  # fmt: skip
    datum = _("ISE %(ise)s, ISEE %(isee)s", ise=_money(told.ise), isee=_money(told.isee))
    return Condition(title, datum, met)


def _residence(told: Situation, limits: BlamelessLimits) -> Condition:
    title = _("Resident in the home for at least %(n)s year(s)", n=limits.residence_years)
    if told.resident_since is None:
        return Condition(title, _("not told"), Met.ASK)
    enough = add_months(told.resident_since, 12 * limits.residence_years) <= told.on
    return Condition(title, _("since %(day)s", day=show_date(told.resident_since)), _is(enough))


def _category(told: Situation, limits: BlamelessLimits) -> Condition:
    title = _("A home that is not of category A/1, A/8 or A/9")
    if not told.category:
        return Condition(title, _("not told"), Met.ASK)
    return Condition(
        title, told.category, _is(told.category.upper().replace(" ", "") not in limits.excluded_categories)
    )


def _is(holds: bool) -> Met:  # noqa: FBT001  a fact becomes a word
    return Met.YES if holds else Met.NO


def _money(amount: Decimal | None) -> Words:
    return _("not told") if amount is None else show_money(amount)


def _day(day: date | None) -> Words:
    return _("not told") if day is None else show_date(day)

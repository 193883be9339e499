"""Funds and their lines; contributions, costs, and accounts closed."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import Refusal, _, show_money, today
from plugins.guarantee_fund.models import Contribution, EntryKind, Fund, FundLine, JournalEntry, LineKind
from plugins.guarantee_fund.rules import journal as postings
from plugins.guarantee_fund.rules.exposure import FREE, MOST_RESTRICTIONS
from plugins.guarantee_fund.services import journal
from plugins.guarantee_fund.services.position import contributed, exposure_of, position_of

PERCENT = Decimal(100)


def open_fund(session: Session, *, name: str, **rest: Any) -> Fund:
    """Open a fund; `rest` are its limits as the regulation says them."""
    fund = Fund(name=name, **_checked_fund(rest))
    session.add(fund)
    session.flush()
    return fund


def amend_fund(session: Session, fund: Fund, **changes: Any) -> Fund:
    """Change a fund's limits; what is already guaranteed must stay within a new leverage."""
    held = journal.lock_fund(session, fund)
    for name, value in _checked_fund(changes).items():
        setattr(held, name, value)
    position = position_of(session, held)
    if position.exposure and position.available < 0:
        raise Refusal(
            _("With this leverage the fund could guarantee %(capacity)s, and %(exposure)s are already promised.",
              capacity=show_money(position.capacity), exposure=show_money(position.exposure)), field="leverage",
        )  # fmt: skip
    session.flush()
    return held


def add_line(session: Session, *, fund: Fund, kind: LineKind, name: str, **rest: Any) -> FundLine:
    """Add a line to a fund."""
    line = FundLine(fund=fund, kind=kind, name=name, **_checked_line(rest))
    session.add(line)
    session.flush()
    return line


def amend_line(session: Session, line: FundLine, **changes: Any) -> FundLine:
    """Change a line's limits: they hold for what is approved from now on."""
    if changes.pop("fund", line.fund) is not line.fund:
        raise Refusal(_("A line stays in its fund: add one to the other."), field="fund")
    for name, value in _checked_line(changes).items():
        setattr(line, name, value)
    session.flush()
    return line


def receive_contribution(session: Session, *, fund: Fund, on: date, amount: Decimal, **rest: Any) -> Contribution:
    """Write down money given to a fund: one donor, at most one restriction."""
    if amount <= 0:
        raise Refusal(_("Write an amount above zero."), field="amount")
    if (rest.get("organisation") is None) == (rest.get("person") is None):
        raise Refusal(_("Write who gives: an organisation or a person, one of the two."), field="organisation")
    if rest.get("line") is not None and rest.get("municipality") is not None:
        raise Refusal(_("A contribution has one restriction: a line or a municipality."), field="municipality")
    if rest.get("line") is not None and rest["line"].fund_id != fund.id:
        raise Refusal(_("This line is of another fund."), field="line")
    given = Contribution(fund=fund, on=on, amount=amount, **rest)
    session.add(given)
    session.flush()
    if len(contributed(session, fund).keys() - {FREE}) > MOST_RESTRICTIONS:
        raise Refusal(_("A fund keeps at most %(n)s different restrictions.", n=MOST_RESTRICTIONS), field="line")
    journal.record(
        session, fund, EntryKind.CONTRIBUTION, postings.contribution(amount), on=on,
        text=_("Contribution of %(donor)s", donor=given.donor), source=given.id,
    )  # fmt: skip
    return given


def take_back_contribution(
    session: Session, given: Contribution, *, reason: str, on: date | None = None
) -> Contribution:
    """Take a contribution back with a counter-entry, as long as what it stands behind still fits."""
    if given.reverses_id is not None:
        raise Refusal(_("This takes another contribution back: it cannot be taken back itself."))
    fund = journal.lock_fund(session, given.fund)
    if session.scalars(select(Contribution.id).where(Contribution.reverses_id == given.id)).first():
        raise Refusal(_("This contribution is already taken back."))
    left = position_of(session, fund).available - fund.leverage * given.amount
    if left < 0 and exposure_of(session, fund) > 0:
        raise Refusal(_("Guarantees already stand on this money: %(amount)s are missing.", amount=show_money(-left)))
    day = on or today()
    counter = Contribution(
        fund=fund, on=day, amount=-given.amount, organisation_id=given.organisation_id, person_id=given.person_id,
        line_id=given.line_id, municipality_id=given.municipality_id, note=reason, reverses_id=given.id,
    )  # fmt: skip
    session.add(counter)
    session.flush()
    entry = session.scalars(select(JournalEntry).where(JournalEntry.source_id == given.id)).one()
    journal.take_back(session, entry, on=day, reason=reason)
    return counter


def charge_cost(session: Session, fund: Fund, *, amount: Decimal, on: date, reason: str) -> JournalEntry:
    """Charge a cost that the regulation lets the fund bear; what it leaves must still cover the guarantees."""
    if amount <= 0:
        raise Refusal(_("Write an amount above zero."), field="amount")
    held = journal.lock_fund(session, fund)
    position = position_of(session, held)
    if position.available < held.leverage * amount:
        raise Refusal(
            _("Guarantees already stand on this money: at most %(amount)s may be charged.",
              amount=show_money(max(position.available / held.leverage, Decimal(0)))), field="amount",
        )  # fmt: skip
    entry = journal.record(session, held, EntryKind.COST, postings.cost(amount), on=on, text=reason)
    assert entry is not None  # noqa: S101  the amount is above zero
    return entry


def close_accounts(session: Session, fund: Fund, *, until: date) -> Fund:
    """Close the accounts until a day: no entry may be dated on it or before."""
    held = journal.lock_fund(session, fund)
    if held.closed_until is not None and until < held.closed_until:
        raise Refusal(_("Accounts that were closed stay closed."), field="until")
    if until >= today():
        raise Refusal(_("Close the accounts until a day that has passed."), field="until")
    held.closed_until = until
    session.flush()
    return held


def _checked_fund(values: dict[str, Any]) -> dict[str, Any]:
    if (leverage := values.get("leverage")) is not None and leverage < 1:
        raise Refusal(_("The leverage is at least 1."), field="leverage")
    for name in ("coverage_default", "coverage_most", "household_percent"):
        _check_percent(values.get(name), name)
    usual, most = values.get("coverage_default"), values.get("coverage_most")
    if usual is not None and most is not None and usual > most:
        raise Refusal(_("The usual coverage is at most the highest one."), field="coverage_default")
    # What was left empty keeps the column's own value.
    kept = ("leverage", "coverage_default", "coverage_most", "approval_days", "state")
    return {name: value for name, value in values.items() if value is not None or name not in kept}


def _checked_line(values: dict[str, Any]) -> dict[str, Any]:
    _check_percent(values.get("coverage"), "coverage")
    lowest, highest = values.get("lowest"), values.get("highest")
    if lowest is not None and highest is not None and lowest > highest:
        raise Refusal(_("The lowest amount is above the highest."), field="lowest")
    kept = ("rent_months", "order", "open")
    return {name: value for name, value in values.items() if value is not None or name not in kept}


def _check_percent(value: Decimal | None, name: str) -> None:
    if value is not None and not 0 <= value <= PERCENT:
        raise Refusal(_("A percentage is between 0 and 100."), field=name)

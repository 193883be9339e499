"""ISTAT's index: the months shipped, those that come later, and the series that updates read."""

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import Refusal, _, show_month, show_number, today
from plugins.housing.models import IndexLink, IndexValue
from plugins.housing.rules.indexation import Point, Series, series_of

HERE = Path(__file__).parent.parent / "reference"
SHIPPED_WITH = "ISTAT, FOI senza tabacchi (foi.csv)"
LINKED_BY = "ISTAT, coefficienti di raccordo (foi_links.csv)"


def shipped_values() -> Iterator[tuple[date, int, Decimal, str]]:
    """Month, base, value and source of every index shipped."""
    with (HERE / "foi.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield date.fromisoformat(f"{row['month']}-01"), int(row["base"]), Decimal(row["value"]), SHIPPED_WITH


def shipped_links() -> Iterator[tuple[int, int, Decimal, str]]:
    """Earlier base, later base, coefficient and source of every link shipped."""
    with (HERE / "foi_links.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield int(row["from_base"]), int(row["to_base"]), Decimal(row["coefficient"]), LINKED_BY


def add_index_value(session: Session, *, month: date, base: int, value: Decimal, source: str) -> IndexValue:
    """Add the index of a month that was not known; the same again changes nothing, another value is refused.

    All partners read these rows, so what is there is corrected by whoever runs the network alone.
    """
    first = month.replace(day=1)
    if first > today():
        raise Refusal(_("The index of a month to come is not published yet."), field="month")
    if value <= 0:
        raise Refusal(_("Write a number above zero."), field="value")
    there = session.scalars(select(IndexValue).where(IndexValue.month == first, IndexValue.base == base)).first()
    if there is not None and there.value != value:
        raise Refusal(
            _("The index of %(month)s in base %(base)s is already there: %(value)s.", month=show_month(first),
              base=base, value=show_number(there.value)),
            field="value",
        )  # fmt: skip
    if there is None:
        there = IndexValue(month=first, base=base, value=value, source=source)
        session.add(there)
        session.flush()
    return there


def add_index_link(session: Session, *, from_base: int, to_base: int, coefficient: Decimal, source: str) -> IndexLink:
    """Link a new base to an earlier one."""
    if to_base <= from_base:
        raise Refusal(_("The later base comes after the earlier one."), field="to_base")
    there = select(IndexLink).where(IndexLink.from_base == from_base, IndexLink.to_base == to_base)
    if session.scalars(there).first() is not None:
        raise Refusal(_("These bases are already linked."), field="to_base")
    link = IndexLink(from_base=from_base, to_base=to_base, coefficient=coefficient, source=source)
    session.add(link)
    session.flush()
    return link


def series(session: Session) -> Series:
    """All the months and links known."""
    values = session.scalars(select(IndexValue))
    links = session.scalars(select(IndexLink))
    return series_of(
        [Point(one.month, one.base, one.value) for one in values],
        [(one.from_base, one.to_base, one.coefficient) for one in links],
    )

"""Protocol numbers, one after the other, for each partner, series and year."""

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.database.scope import scope_of
from core.language import _
from core.numbering.models import Counter
from core.refusals import Refusal


def next_number(session: Session, series: str, *, on: date) -> str:
    """The next number of the series in the year of that day, such as `HOUSING/2026/00001`.

    The counter's row stays locked until the transaction ends: who undoes it gives the number back,
    and whoever waits gets the one after. Ask for it as late as possible.
    """
    partner = scope_of(session).partner_id
    if partner is None:
        raise Refusal(_("Numbers are given in the name of a partner: choose one first."))
    wanted = {"partner_id": partner, "series": series, "year": on.year}
    _make_sure(session, wanted)
    counter = session.scalars(
        select(Counter).filter_by(**wanted).with_for_update().execution_options(populate_existing=True)
    ).one()
    counter.last += 1
    session.flush()
    return f"{series}/{on.year}/{counter.last:05d}"


def _make_sure(session: Session, wanted: dict[str, Any]) -> None:
    """Make the counter unless it is there; two first numbers at once would otherwise collide."""
    session.execute(_first(session.get_bind().dialect.name), {**wanted, "last": 0, "version": 1})


@cache
def _first(database: str) -> Any:
    table: Table = Counter.__table__  # type: ignore[assignment]
    insert = postgresql.insert(table) if database == "postgresql" else sqlite.insert(table)
    return insert.on_conflict_do_nothing(index_elements=["partner_id", "series", "year"])

"""Work on many rents and deposits at once, in steps that a stop loses nothing of."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from core.api import Refusal, Words, Work, plural
from plugins.housing.models import Lease, RentUpdate
from plugins.housing.services import deposits, indexation

AT_ONCE = 50


def index_rents(work: Work, *, month: str, requested_on: str = "") -> Words:
    """Confirm every update proposed for a month; one that cannot be confirmed is named and left as it is."""
    request = date.fromisoformat(requested_on) if requested_on else None
    with work.step() as session:
        keys = indexation.waiting(session, date.fromisoformat(month))
    keys = [key for key in keys if str(key) not in set(work.kept.get("refused", ()))]
    work.out_of(work.done + len(keys))
    for batch in _batches(keys):
        with work.step(len(batch)) as session:
            for key in batch:
                try:
                    with session.begin_nested():
                        update = session.get_one(RentUpdate, key)
                        indexation.confirm_update(session, update, requested_on=request)
                except Refusal as refusal:
                    work.say(refusal.message)
                    work.kept["refused"] = [*work.kept.get("refused", ()), str(key)]
    made = work.done - len(work.kept.get("refused", ()))
    return plural("%(n)s rent updated", "%(n)s rents updated", made)


def pay_deposit_interest(work: Work, *, year: int) -> Words:
    """Pay the legal interest of every deposit held, up to the end of a year."""
    with work.step() as session:
        keys = deposits.leases_with_deposit(session)[work.done :]
    work.out_of(work.done + len(keys))
    for batch in _batches(keys):
        with work.step(len(batch)) as session:
            paid = [deposits.pay_interest(session, session.get_one(Lease, key), year=year) for key in batch]
            work.kept["paid"] = work.kept.get("paid", 0) + sum(one is not None for one in paid)
    return plural("Interest paid on %(n)s deposit", "Interest paid on %(n)s deposits", work.kept.get("paid", 0))


def _batches(keys: list[UUID]) -> Iterator[list[UUID]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]

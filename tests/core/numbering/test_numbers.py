"""Protocol numbers follow each other without gaps, for each partner, series and year."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date
from multiprocessing import get_context
from uuid import UUID

import pytest

from core.config import Settings
from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.numbering.services import next_number
from core.refusals import Refusal

DAY = date(2026, 7, 13)
EACH = 10


def test_the_first_number_of_a_series_is_one(session: ScopedSession) -> None:
    assert next_number(session, "HOUSING", on=DAY) == "HOUSING/2026/00001"


def test_numbers_follow_each_other(session: ScopedSession) -> None:
    given = [next_number(session, "HOUSING", on=DAY) for _ in range(3)]

    assert given == ["HOUSING/2026/00001", "HOUSING/2026/00002", "HOUSING/2026/00003"]


def test_each_year_and_each_series_starts_again(session: ScopedSession) -> None:
    next_number(session, "HOUSING", on=DAY)

    assert next_number(session, "HOUSING", on=date(2027, 1, 1)) == "HOUSING/2027/00001"
    assert next_number(session, "CARE", on=DAY) == "CARE/2026/00001"


def test_each_partner_counts_for_itself(database: Database, partner: UUID, neighbour: UUID) -> None:
    first = database.run(Scope(partner_id=partner), lambda session: next_number(session, "HOUSING", on=DAY))
    second = database.run(Scope(partner_id=neighbour), lambda session: next_number(session, "HOUSING", on=DAY))

    assert first == second == "HOUSING/2026/00001"


def test_a_number_that_was_undone_is_given_again(database: Database, partner: UUID) -> None:
    def ask_and_stop(session: ScopedSession) -> None:
        next_number(session, "HOUSING", on=DAY)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        database.run(Scope(partner_id=partner), ask_and_stop)

    kept = database.run(Scope(partner_id=partner), lambda session: next_number(session, "HOUSING", on=DAY))

    assert kept == "HOUSING/2026/00001"


def test_without_a_partner_there_is_no_number(database: Database) -> None:
    with database.session(Scope(operator=True)) as session, pytest.raises(Refusal, match="partner"):
        next_number(session, "HOUSING", on=DAY)


def test_numbers_pass_five_digits_whole(session: ScopedSession) -> None:
    from core.numbering.models import Counter  # noqa: PLC0415

    session.add(Counter(series="HOUSING", year=2026, last=99_999))
    session.flush()

    assert next_number(session, "HOUSING", on=DAY) == "HOUSING/2026/100000"


def take_numbers(settings: Settings, partner: UUID) -> list[str]:
    """What one process of many takes, each number in a transaction of its own."""
    database = Database(settings)
    try:
        scope = Scope(partner_id=partner)
        return [database.run(scope, lambda session: next_number(session, "HOUSING", on=DAY)) for _ in range(EACH)]
    finally:
        database.close()


def test_processes_that_ask_at_once_get_every_number_once(
    settings: Settings, database: Database, partner: UUID
) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("fork")) as pool:
        taken = [number for numbers in pool.map(take_numbers, [settings] * 4, [partner] * 4) for number in numbers]

    assert sorted(taken) == [f"HOUSING/2026/{n:05d}" for n in range(1, 4 * EACH + 1)]


def test_threads_that_ask_at_once_get_every_number_once(database: Database, partner: UUID) -> None:
    scope = Scope(partner_id=partner)

    with ThreadPoolExecutor(4) as pool:
        asked = [
            pool.submit(database.run, scope, lambda session: next_number(session, "HOUSING", on=DAY)) for _ in range(20)
        ]
        taken = [one.result() for one in asked]

    assert sorted(taken) == [f"HOUSING/2026/{n:05d}" for n in range(1, 21)]

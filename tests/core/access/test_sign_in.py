"""Signing in: one sentence for every failure, slower for who guesses, closed for nobody for good."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from sqlalchemy import delete, select, update

from core.access import passwords, sessions
from core.access.models import Attempt, Membership, Role, SignIn, User
from core.access.secret import hash_of
from core.access.sign_in import WrongSignIn, sign_in
from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.refusals import NotFound, TooOften

from .conftest import NOON, PASSWORD, Join

SECOND = timedelta(seconds=1)


def attempt(
    session: ScopedSession, email: str = "maria@ponte.example", password: str = PASSWORD, **more: object
) -> str:
    more.setdefault("at", NOON)
    return sign_in(session, email=email, password=password, **{"address": "192.0.2.7", **more})[1]  # type: ignore[arg-type]


def fail(session: ScopedSession, times: int, **more: object) -> None:
    for _ in range(times):
        with pytest.raises(WrongSignIn):
            attempt(session, password="wrong", **more)


def test_the_right_password_begins_a_visit_at_the_users_partner(session: ScopedSession, partner: UUID) -> None:
    visit, token = sign_in(session, email=" Maria@Ponte.example ", password=PASSWORD, address="192.0.2.7", at=NOON)

    assert visit.partner_id == partner
    assert visit.token_hash == hash_of(token) != token


def test_two_sign_ins_have_different_tokens(session: ScopedSession) -> None:
    assert attempt(session) != attempt(session)


def sentence(session: ScopedSession, email: str, password: str) -> str:
    with pytest.raises(WrongSignIn) as refused:
        attempt(session, email, password)
    return str(refused.value)


def test_every_failure_has_the_same_sentence(session: ScopedSession, join: Join, user: User) -> None:
    wrong = sentence(session, "maria@ponte.example", "wrong")
    unknown = sentence(session, "nobody@ponte.example", PASSWORD)
    user.active = False
    closed = sentence(session, "maria@ponte.example", PASSWORD)
    user.active = True
    session.execute(delete(Membership))
    without_partner = sentence(session, "maria@ponte.example", PASSWORD)

    assert wrong == unknown == closed == without_partner


def test_a_system_administrator_needs_no_partner(session: ScopedSession, user: User) -> None:
    user.network_admin = True
    session.execute(delete(Membership))
    session.flush()

    visit, _token = sign_in(session, email=user.email, password=PASSWORD, address="192.0.2.7", at=NOON)

    assert visit.partner_id is not None  # may act in any


@pytest.mark.parametrize("email", ["maria@ponte.example", "nobody@ponte.example"])
def test_after_five_failures_not_even_the_right_password_is_tried(session: ScopedSession, email: str) -> None:
    for _ in range(5):
        with pytest.raises(WrongSignIn):
            attempt(session, email, "wrong")

    with pytest.raises(TooOften) as refused:
        attempt(session, email)

    assert refused.value.seconds == 31


def test_four_failures_close_nothing(session: ScopedSession) -> None:
    fail(session, 4)

    attempt(session)


def test_each_failure_after_a_pause_doubles_the_next_one_up_to_a_quarter_of_an_hour(session: ScopedSession) -> None:
    fail(session, 5)
    at, pauses = NOON, []
    for _ in range(6):
        with pytest.raises(TooOften) as refused:
            attempt(session, at=at)
        pauses.append(refused.value.seconds - 1)
        at += timedelta(seconds=pauses[-1])
        fail(session, 1, at=at)

    assert pauses == [30, 60, 120, 240, 480, 900]


def test_once_the_longest_pause_is_served_the_count_begins_again(session: ScopedSession) -> None:
    fail(session, 5)
    at = NOON
    for seconds in (30, 60, 120, 240, 480):
        at += timedelta(seconds=seconds)
        fail(session, 1, at=at)
    at += timedelta(seconds=900)

    fail(session, 4, at=at)

    attempt(session, at=at)


def test_failures_older_than_five_minutes_no_longer_count(session: ScopedSession) -> None:
    fail(session, 4)

    fail(session, 4, at=NOON + timedelta(minutes=5))

    attempt(session, at=NOON + timedelta(minutes=5))


def test_the_right_password_forgives_the_failures_before_it(session: ScopedSession) -> None:
    fail(session, 4)
    attempt(session)

    fail(session, 4)

    attempt(session)


def test_thirty_failures_from_an_address_close_it_for_an_hour(session: ScopedSession) -> None:
    for n in range(30):
        with pytest.raises(WrongSignIn):
            attempt(session, f"guess{n}@ponte.example", "wrong")

    with pytest.raises(TooOften) as refused:
        attempt(session)
    attempt(session, address="192.0.2.8")
    attempt(session, at=NOON + timedelta(hours=1))

    assert refused.value.seconds == 3601


def test_twenty_nine_failures_from_an_address_close_nothing(session: ScopedSession) -> None:
    for n in range(29):
        with pytest.raises(WrongSignIn):
            attempt(session, f"guess{n}@ponte.example", "wrong")

    attempt(session)


def test_workers_that_try_at_once_try_five_passwords_together(database: Database, maria: UUID) -> None:
    def guess(n: int) -> type[Exception]:
        def work(session: ScopedSession) -> type[Exception]:
            try:
                attempt(session, password=f"guess {n}")
            except (WrongSignIn, TooOften) as refusal:
                return type(refusal)
            raise AssertionError

        return database.run(Scope(), work)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(16)))

    assert answers.count(WrongSignIn) == 5
    assert answers.count(TooOften) == 11


def test_counts_a_day_old_are_thrown_away_at_the_next_sign_in(session: ScopedSession) -> None:
    fail(session, 1, email="nobody@ponte.example")

    attempt(session, at=NOON + timedelta(days=1, seconds=1))

    assert len(session.scalars(select(Attempt)).all()) == 1


def test_counts_hold_neither_address_nor_account_in_words(session: ScopedSession) -> None:
    fail(session, 1)

    assert all(len(one.key) == 64 for one in session.scalars(select(Attempt)))


def test_signing_in_renews_an_outdated_hash(
    session: ScopedSession, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = user.password_hash
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))

    attempt(session)

    assert user.password_hash != before
    assert passwords.matches(user.password_hash, PASSWORD)


def test_who_works_for_two_partners_starts_where_they_were_last(
    session: ScopedSession, join: Join, maria: UUID, partner: UUID, neighbour: UUID, database: Database
) -> None:
    session.rollback()
    join(neighbour, "maria@ponte.example")
    with database.session(Scope()) as other:
        visit, _token = sign_in(other, email="maria@ponte.example", password=PASSWORD, address="", at=NOON)
        assert visit.partner_id == partner
        sessions.change_partner(other, visit.id, neighbour)

        later, _token = sign_in(other, email="maria@ponte.example", password=PASSWORD, address="", at=NOON + SECOND)

        assert later.partner_id == neighbour


def test_changing_partner_changes_the_token_and_keeps_the_beginning(
    session: ScopedSession, join: Join, maria: UUID, neighbour: UUID, database: Database
) -> None:
    session.rollback()
    join(neighbour, "maria@ponte.example", Role.AUDITOR)
    with database.session(Scope()) as other:
        visit, old = sign_in(other, email="maria@ponte.example", password=PASSWORD, address="", at=NOON)

        new = sessions.change_partner(other, visit.id, neighbour)

        assert new != old
        assert other.scalars(select(SignIn.token_hash)).all() == [hash_of(new)]
        assert visit.began_at == NOON


def test_nobody_changes_to_a_partner_that_is_not_theirs(session: ScopedSession, database: Database) -> None:
    stranger = UUID(int=7)
    visit, _token = sign_in(session, email="maria@ponte.example", password=PASSWORD, address="", at=NOON)

    with pytest.raises(NotFound, match="no such partner"):
        sessions.change_partner(session, visit.id, stranger)


def test_open_visits_are_neither_ended_nor_idle_nor_old(session: ScopedSession, maria: UUID) -> None:
    for _ in range(4):
        attempt(session)
    ended, idle, old, still = session.scalars(select(SignIn)).all()
    session.execute(update(SignIn).where(SignIn.id == ended.id).values(ended_at=NOON))
    session.execute(update(SignIn).where(SignIn.id == idle.id).values(seen_at=NOON - timedelta(minutes=30)))
    session.execute(update(SignIn).where(SignIn.id == old.id).values(began_at=NOON - timedelta(hours=12)))

    assert sessions.open_visits(session, maria, at=NOON) == [still]

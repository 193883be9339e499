"""Links to set a password: for one use, for an hour, killed by a newer one; and what a new password ends."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from core.access import passwords, resets, sessions, users
from core.access.models import Reset, User
from core.access.secret import hash_of
from core.access.sign_in import sign_in
from core.database.scope import ScopedSession
from core.refusals import NotFound, Refusal, TooOften

from .conftest import NOON, PASSWORD, Join

NEW = "lanterna ombrello 42"


def asked(session: ScopedSession, email: str = "maria@ponte.example", **more: object) -> str | None:
    more.setdefault("at", NOON)
    found = resets.ask_reset(session, email=email, **{"address": "192.0.2.7", **more})  # type: ignore[arg-type]
    return found[1] if found else None


def token(session: ScopedSession, **more: object) -> str:
    return str(asked(session, **more))


def test_a_link_sets_the_password_once(session: ScopedSession, user: User) -> None:
    link = token(session)

    resets.use_reset(session, link, password=NEW, at=NOON)

    assert passwords.matches(user.password_hash, NEW)
    with pytest.raises(NotFound):
        resets.use_reset(session, link, password="another lantern 43", at=NOON)


def test_a_link_lasts_an_hour(session: ScopedSession) -> None:
    link = token(session)

    resets.open_reset(session, link, at=NOON + timedelta(minutes=59))

    with pytest.raises(NotFound):
        resets.open_reset(session, link, at=NOON + timedelta(minutes=60))


def test_a_newer_link_kills_the_older(session: ScopedSession) -> None:
    older, newer = token(session), token(session)

    with pytest.raises(NotFound):
        resets.open_reset(session, older, at=NOON)
    resets.open_reset(session, newer, at=NOON)


def test_a_new_password_kills_the_links_still_out(session: ScopedSession, user: User) -> None:
    link = token(session)
    users.set_password(session, user, password=NEW, at=NOON)

    with pytest.raises(NotFound):
        resets.open_reset(session, link, at=NOON)


def test_a_refused_password_leaves_the_link_usable(session: ScopedSession) -> None:
    link = token(session)

    with pytest.raises(Refusal, match="characters"):
        resets.use_reset(session, link, password="short", at=NOON)

    resets.use_reset(session, link, password=NEW, at=NOON)


def test_a_link_is_kept_as_a_hash(session: ScopedSession) -> None:
    link = token(session)

    assert session.scalars(select(Reset.token_hash)).one() == hash_of(link)


def test_an_unknown_or_closed_account_is_sent_nothing(session: ScopedSession, user: User) -> None:
    assert asked(session, "nobody@ponte.example") is None
    user.active = False

    assert asked(session) is None


def test_somebody_is_sent_three_links_an_hour_at_most(session: ScopedSession) -> None:
    sent = [asked(session) for _ in range(4)]

    assert [bool(one) for one in sent] == [True, True, True, False]
    assert asked(session, at=NOON + timedelta(hours=1))


def test_an_address_that_asks_for_many_is_closed(session: ScopedSession) -> None:
    for n in range(30):
        asked(session, f"nobody{n}@ponte.example")

    with pytest.raises(TooOften):
        asked(session, "nobody30@ponte.example")


def test_a_new_password_ends_every_visit_but_the_one_it_was_set_from(session: ScopedSession, user: User) -> None:
    visits = [sign_in(session, email=user.email, password=PASSWORD, address="", at=NOON)[0] for _ in range(3)]

    users.change_password(session, user, current=PASSWORD, password=NEW, visit_id=visits[0].id, at=NOON)

    assert sessions.open_visits(session, user.id, at=NOON) == [visits[0]]


def test_a_reset_ends_every_visit_and_signs_nobody_in(session: ScopedSession, user: User) -> None:
    sign_in(session, email=user.email, password=PASSWORD, address="", at=NOON)

    resets.use_reset(session, token(session), password=NEW, at=NOON)

    assert sessions.open_visits(session, user.id, at=NOON) == []


def test_who_guesses_the_current_password_is_slowed_down(session: ScopedSession, user: User) -> None:
    def guess() -> None:
        users.change_password(session, user, current="guess", password=NEW, visit_id=None, at=NOON)

    for _ in range(5):
        with pytest.raises(Refusal, match="not your current"):
            guess()
    with pytest.raises(TooOften):
        guess()


def test_an_invited_member_chooses_the_first_password_within_three_days(session: ScopedSession, user: User) -> None:
    guest = users.register_user(session, email="Ada@Ponte.example", name=" Ada  Blu ")
    link = resets.new_link(session, guest, lasting=resets.INVITED, at=NOON)

    resets.use_reset(session, link, password=NEW, at=NOON + timedelta(days=2, hours=23))

    assert (guest.email, guest.name) == ("ada@ponte.example", "Ada Blu")
    sign_in_refused = pytest.raises(Refusal)
    with sign_in_refused:  # no partner yet
        sign_in(session, email=guest.email, password=NEW, address="", at=NOON)


def test_heads_need_fourteen_characters(session: ScopedSession, join: Join, user: User, partner: UUID) -> None:
    from core.access.members import set_roles  # noqa: PLC0415
    from core.access.models import Role  # noqa: PLC0415

    users.set_password(session, user, password="vela melo 12", at=NOON)
    set_roles(session, user.id, roles=[Role.ORG_MANAGER])

    with pytest.raises(Refusal, match="14 characters"):
        users.set_password(session, user, password="vela melo 13", at=NOON)


@pytest.mark.parametrize(
    "email", ["maria", "maria@", "@ponte.example", "maria@ponte .example", "a\n@ponte.example", ""]
)
def test_what_is_no_address_is_refused(session: ScopedSession, email: str) -> None:
    with pytest.raises(Refusal) as refused:
        users.register_user(session, email=email, name="Maria")

    assert refused.value.field == "email"


def test_two_users_do_not_share_an_address(session: ScopedSession) -> None:
    with pytest.raises(Refusal, match="Another user"):
        users.register_user(session, email="MARIA@ponte.example", name="Maria")

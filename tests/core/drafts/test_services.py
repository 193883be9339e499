"""Drafts are each user's own, sealed, and last thirty days."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from core.access.users import register_user
from core.database.field import now
from core.database.scope import Scope
from core.database.sealing import Seals
from core.drafts.models import Draft
from core.drafts.services import discard_draft, draft_of, keep_draft, typed_in
from core.refusals import Refusal

PAGE = "/people/new"
TYPED = [("surname", "Bonometti"), ("notes", "prima\nseconda"), ("tag", "a"), ("tag", "b")]


@pytest.fixture
def users(database, partner, neighbour):
    def register(session):
        return [register_user(session, email=f"{name}@example.org", name=name).id for name in ("ada", "luca")]

    return database.run(Scope(partner_id=partner), register)


@pytest.fixture
def ada(database, partner, users):
    with database.session(Scope(partner_id=partner, user_id=users[0])) as session:
        yield session


def keep(session, fields=TYPED, page=PAGE):
    return keep_draft(session, page, fields=fields)


def test_what_was_typed_comes_back_as_it_was(ada):
    keep(ada)

    assert typed_in(ada, draft_of(ada, PAGE)) == TYPED


def test_a_page_has_one_draft_the_last(ada):
    keep(ada)
    keep(ada, [("surname", "Bonomi")])

    assert ada.scalar(select(func.count(Draft.id))) == 1
    assert typed_in(ada, draft_of(ada, PAGE)) == [("surname", "Bonomi")]


def test_nobody_else_has_it_neither_a_colleague_nor_another_partner(ada, database, partner, neighbour, users):
    keep(ada)
    ada.commit()

    for scope in (Scope(partner_id=partner, user_id=users[1]), Scope(partner_id=neighbour, user_id=users[0])):
        with database.session(scope) as session:
            assert draft_of(session, PAGE) is None
            discard_draft(session, PAGE)
            session.commit()
    assert draft_of(ada, PAGE) is not None


def test_the_table_tells_nothing_of_what_was_typed(ada):
    keep(ada)

    assert "Bonometti" not in ada.scalar(text("select sealed from drafts_draft"))


def test_with_another_key_there_is_nothing_to_read(ada):
    draft = keep(ada)
    ada.info["seals"] = Seals((bytes(32),))

    assert typed_in(ada, draft) == []


def test_after_thirty_days_it_is_gone(ada):
    keep(ada).kept_at = now() - timedelta(days=30, minutes=1)
    ada.flush()
    assert draft_of(ada, PAGE) is None

    keep(ada, page="/places/new")

    assert ada.scalars(select(Draft.page)).all() == ["/places/new"]


def test_thrown_away_it_is_gone(ada):
    keep(ada)

    discard_draft(ada, PAGE)

    assert draft_of(ada, PAGE) is None


def test_without_a_partner_there_is_no_draft(database):
    with database.session(Scope()) as session, pytest.raises(Refusal, match="partner"):
        keep(session)

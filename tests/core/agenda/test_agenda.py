"""Months as weeks, sources that may fail, calendars of whole days, secret addresses that are revoked."""

from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar
from sqlalchemy import select

from core.access.models import User
from core.access.secret import hash_of
from core.agenda import rules, services
from core.agenda.collecting import Entry, collect, offered
from core.agenda.icalendar_file import calendar_of
from core.agenda.models import AgendaFeed
from core.agenda.sources import AgendaItem, AgendaSource
from core.database.scope import Scope

MAY = date(2026, 5, 1)


def source(key, *items, permission="core.partner", error=None):
    def load(_session, first, last):
        if error:
            raise error
        return [item for item in items if first <= item.day <= last]

    return AgendaSource(key, key.title(), load, permission)


def item(day, title="Scadenza contratto LEASE/2026/00012"):
    return AgendaItem(day, title, "/m/housing/leases/1")


@pytest.mark.parametrize(
    ("text", "first"), [("2026-05", MAY), ("2026-13", None), ("2026-5", None), ("", None), ("9999-01", None)]
)
def test_a_month_is_read_as_year_and_month(text, first):
    assert rules.month_of(text) == first


def test_a_month_is_shown_as_whole_weeks_from_monday():
    weeks = rules.weeks_of(MAY)

    assert (weeks[0][0], weeks[-1][-1]) == (date(2026, 4, 27), date(2026, 5, 31))
    assert {len(week) for week in weeks} == {7}
    assert (rules.neighbours(MAY), rules.last_day(MAY)) == ((date(2026, 4, 1), date(2026, 6, 1)), date(2026, 5, 31))


def test_only_sources_of_modules_that_are_on_and_may_be_seen_are_offered():
    mine, others, forbidden = source("a"), source("b"), source("c", permission="core.audit")
    declared = [("", [mine]), ("care", [others]), ("housing", [forbidden])]
    scope = Scope(permissions=frozenset({"core.partner"}), modules=frozenset({"housing"}))

    assert offered(declared, scope) == [mine]


def test_what_falls_on_the_days_comes_in_order_and_a_broken_source_is_named(session):
    late, early = item(date(2026, 5, 31)), item(MAY)
    sources = [source("a", late, item(date(2026, 6, 1))), source("broken", error=LookupError()), source("b", early)]

    found = collect(session, sources, MAY, date(2026, 5, 31))

    assert [entry.item for entry in found.entries] == [early, late]
    assert found.missing == ["Broken"]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 31)])
def test_a_calendar_has_whole_days_that_no_change_of_clocks_moves(day):
    written = calendar_of(
        [Entry(source("leases"), item(day))], name="Agenda", address="https://rete.example",
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip

    [event] = Calendar.from_ical(written).walk("VEVENT")
    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}".encode() in written
    assert event["DTSTART"].dt == day
    assert event["URL"] == "https://rete.example/m/housing/leases/1"
    assert event["SUMMARY"] == "Scadenza contratto LEASE/2026/00012"


def test_the_same_deadline_keeps_its_identity_when_its_day_moves():
    uids = {
        Calendar.from_ical(
            calendar_of([Entry(source("leases"), item(day))], name="", address="", at=datetime(2026, 1, 1, tzinfo=UTC))
        ).walk("VEVENT")[0]["UID"]
        for day in (MAY, date(2026, 5, 2))
    }

    assert len(uids) == 1


@pytest.fixture
def user(session):
    made = User(email="luca.neri@example.org", name="Luca Neri")
    session.add(made)
    session.flush()
    return made


def test_only_the_hash_of_an_address_is_kept_and_a_new_one_ends_the_old(session, user, partner):
    first = services.open_feed(session, user_id=user.id, partner_id=partner)
    second = services.open_feed(session, user_id=user.id, partner_id=partner)

    kept = session.scalars(select(AgendaFeed.token_hash)).all()
    assert set(kept) == {hash_of(first), hash_of(second)}
    assert services.feed_at(session, first) is None
    assert services.feed_at(session, second).user_id == user.id


def test_a_revoked_address_stops_at_once_and_the_other_partners_goes_on(session, user, partner, neighbour):
    mine = services.open_feed(session, user_id=user.id, partner_id=partner)
    theirs = services.open_feed(session, user_id=user.id, partner_id=neighbour)

    services.revoke_feed(session, user_id=user.id, partner_id=partner)

    assert services.feed_at(session, mine) is None
    assert services.feed_at(session, theirs) is not None

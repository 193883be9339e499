"""What people ask about their data is answered within a month, or the month is extended in time and with a reason."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from core.data_requests import agenda, services
from core.data_requests.models import DataRequest, RequestState, Right
from core.data_requests.rules import last_day
from core.data_requests.subject import ABOUT
from core.database import scope as scopes
from core.database.session import finish
from core.refusals import Refusal
from core.rights import services as rights
from core.rights.about import steps
from core.rights.models import RestrictionGround


@pytest.fixture
def on_day(monkeypatch):
    """Let it be noon of a day."""

    def set_clock(day):
        monkeypatch.setattr(scopes, "now", lambda: datetime(day.year, day.month, day.day, 12, tzinfo=UTC))

    set_clock(date(2026, 3, 2))
    return set_clock


@pytest.fixture
def request_on(session, person, on_day):
    return services.receive(session, right=Right.ACCESS, person=person)


@pytest.mark.parametrize(("received", "extended", "last"), [
    (date(2026, 3, 2), False, date(2026, 4, 2)),
    # The month is shorter, a Sunday, Christmas and the day after.
    (date(2026, 1, 31), False, date(2026, 2, 28)),
    (date(2026, 4, 17), False, date(2026, 5, 18)),
    (date(2026, 11, 25), False, date(2026, 12, 28)),
    (date(2026, 3, 2), True, date(2026, 6, 3)),
])  # fmt: skip
def test_the_term_is_a_month_three_when_extended_and_no_holiday_ends_it(received, extended, last):
    assert last_day(received, extended=extended) == last


def test_a_request_runs_from_the_day_it_came_and_waits_in_the_agenda(session, request_on, on_day):
    on_day(date(2026, 4, 1))
    [item] = agenda.requests_due(session, date(2026, 4, 1), date(2026, 4, 30))

    assert (str(request_on), request_on.due_on, str(request_on.term)) == (
        "DATA/2026/00001",
        date(2026, 4, 2),
        "1 day left",
    )
    assert (item.day, item.url, item.tone) == (date(2026, 4, 2), f"/data-requests/{request_on.id}", "warn")
    assert "Bonometti" not in str(item.title)
    on_day(date(2026, 4, 4))
    assert str(request_on.term) == "2 days late"
    assert agenda.requests_due(session, date(2026, 4, 1), date(2026, 4, 30))[0].tone == "bad"


def test_what_was_answered_waits_no_more_and_is_not_answered_twice(session, request_on, on_day):
    on_day(date(2026, 3, 12))
    services.grant(session, request_on, answer="The copy was handed over")

    assert (request_on.state, request_on.answered_on, str(request_on.term)) == (
        RequestState.GRANTED, date(2026, 3, 12), "answered after 10 days",
    )  # fmt: skip
    assert agenda.requests_due(session, date(2026, 4, 1), date(2026, 4, 30)) == []
    for again in (services.grant, services.refuse):
        with pytest.raises(Refusal, match="answered already"):
            again(session, request_on, answer="Again")


def test_the_term_is_extended_once_in_the_first_month_with_its_reason(session, request_on, on_day):
    on_day(date(2026, 4, 2))
    services.extend(session, request_on, reason="Records of ten years")

    assert (request_on.due_on, request_on.extended_because) == (date(2026, 6, 3), "Records of ten years")
    with pytest.raises(Refusal, match="cannot be extended twice"):
        services.extend(session, request_on, reason="Again")


def test_a_term_that_is_over_is_not_extended(session, request_on, on_day):
    on_day(date(2026, 4, 3))

    assert not request_on.may_be_extended
    with pytest.raises(Refusal, match="only be extended while it runs"):
        services.extend(session, request_on, reason="Too late")


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 3, 3)])
def test_nobody_is_answered_before_they_asked_nor_tomorrow(session, request_on, day):
    with pytest.raises(Refusal, match="between the request and today"):
        services.refuse(session, request_on, answer="No", answered_on=day)


def test_somebody_asks_and_not_tomorrow(session, on_day):
    with pytest.raises(Refusal, match="Say who asks"):
        services.receive(session, right=Right.ERASURE)
    with pytest.raises(Refusal, match="day to come"):
        services.receive(session, right=Right.ERASURE, asked_by="Anna Rossi", received_on=date(2026, 3, 3))
    assert services.receive(session, right=Right.ERASURE, asked_by="Anna Rossi").person_id is None


def test_who_restricted_their_data_asks_and_is_answered(session, person, on_day):
    rights.restrict(session, person.id, ground=RestrictionGround.ACCURACY)
    asked = services.receive(session, right=Right.RECTIFICATION, person=person)

    assert services.grant(session, asked, answer="Corrected").state is RequestState.GRANTED


def test_another_partner_does_not_see_what_was_asked(session, neighbours_session, request_on):
    finish(session)

    assert neighbours_session.scalars(select(DataRequest)).all() == []


def test_of_who_is_erased_it_stays_that_they_asked(session, person, request_on):
    [step] = steps(session, person.id, ABOUT)

    assert step.keys == [request_on.id]
    assert set(step.blank) == {"asked_by", "answer", "note", "extended_because"}

"""When schedules fall due over the days on which Italian clocks change, and how long a failed job waits."""

from datetime import UTC, datetime, time, timedelta

import pytest

from core.jobs.rules import daily, next_daily, pause_after, periodic


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "at", "due", "occasion"),
    [
        # winter: one hour before Greenwich's six; a second before, it is yesterday's
        ("06:00", "2026-11-25 05:00:00", "2026-11-25 05:00:00", "2026-11-25"),
        ("06:00", "2026-11-25 04:59:59", "2026-11-24 05:00:00", "2026-11-24"),
        # after midnight in Italy it is still yesterday in Greenwich
        ("00:30", "2026-11-24 23:45:00", "2026-11-24 23:30:00", "2026-11-25"),
        # 28 March 2027: six comes an hour earlier than the day before
        ("06:00", "2027-03-28 04:00:00", "2027-03-28 04:00:00", "2027-03-28"),
        ("06:00", "2027-03-28 03:59:59", "2027-03-27 05:00:00", "2027-03-27"),
        # half past two is skipped: half past three stands for it
        ("02:30", "2027-03-28 01:29:59", "2027-03-27 01:30:00", "2027-03-27"),
        ("02:30", "2027-03-28 01:30:00", "2027-03-28 01:30:00", "2027-03-28"),
        # 31 October 2027: half past two comes twice, the first counts
        ("02:30", "2027-10-31 00:30:00", "2027-10-31 00:30:00", "2027-10-31"),
        ("02:30", "2027-10-31 01:30:00", "2027-10-31 00:30:00", "2027-10-31"),
        ("06:00", "2027-10-31 05:00:00", "2027-10-31 05:00:00", "2027-10-31"),
        ("06:00", "2028-02-29 12:00:00", "2028-02-29 05:00:00", "2028-02-29"),
    ],
)
def test_an_hour_in_italy_falls_due(hour, at, due, occasion):
    found = daily(time.fromisoformat(hour), at=utc(at))

    assert (found.at, found.occasion) == (utc(due), occasion)


@pytest.mark.parametrize("day", ["2027-03-28", "2027-10-31", "2028-02-29", "2026-12-31"])
@pytest.mark.parametrize("hour", ["00:00", "02:00", "02:30", "03:00", "06:00", "23:59"])
def test_looked_at_every_minute_a_day_has_its_hour_once(day, hour):
    start = utc(f"{day} 00:00:00") - timedelta(hours=12)
    moments = [start + timedelta(minutes=n) for n in range(48 * 60)]
    dues = {daily(time.fromisoformat(hour), at=moment) for moment in moments}

    assert len({due.occasion for due in dues}) == len({due.at for due in dues}) == len(dues)
    assert [due.occasion for due in dues].count(day) == 1


@pytest.mark.parametrize(
    ("at", "following"),
    [
        ("2026-11-25 06:29:59", "2026-11-25 06:30:00"),
        ("2026-11-25 06:30:00", "2026-11-26 06:30:00"),
        ("2027-03-27 07:00:00", "2027-03-28 05:30:00"),
        ("2027-10-30 07:00:00", "2027-10-31 06:30:00"),
    ],
)
def test_the_next_half_past_seven(at, following):
    assert next_daily(time(7, 30), at=utc(at)) == utc(following)


def test_an_interval_does_not_care_about_clocks():
    every = timedelta(minutes=90)
    start = utc("2027-03-27 22:00:00")
    dues = {periodic(every, at=start + timedelta(minutes=n)).at for n in range(9 * 60)}

    assert len(dues) == 7
    assert {b - a for a, b in zip(sorted(dues), sorted(dues)[1:], strict=False)} == {every}


@pytest.mark.parametrize(("tries", "seconds"), [(0, 10), (1, 10), (2, 40), (3, 160), (4, 640), (9, 3600), (500, 3600)])
def test_each_try_waits_longer_up_to_an_hour(tries, seconds):
    assert pause_after(tries, spread=1) == timedelta(seconds=seconds)


def test_jobs_that_failed_together_do_not_come_back_together():
    pauses = {pause_after(1) for _job in range(20)}

    assert len(pauses) > 1
    assert all(timedelta(seconds=5) <= pause <= timedelta(seconds=15) for pause in pauses)

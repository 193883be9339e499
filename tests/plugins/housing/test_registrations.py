"""Who registers leases is told once, the morning after, of all that wait."""

from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from core.access.members import add_member
from core.access.models import Role
from core.database.field import now
from core.database.scope import Scope
from core.events.services import deliver_events
from core.jobs.models import Job, JobState
from core.jobs.worker import Lent, Worker
from core.modules.switching import turn_off, turn_on
from core.partners.services import switch_on
from core.plugins.loading import load
from plugins.housing.rules.registration import register_by
from plugins.housing.services.registrations import REMINDER
from tests.desk import Desk as Office
from tests.plugins.housing.conftest import Desk


@pytest.mark.parametrize(
    ("signed", "starts", "last"),
    [
        (date(2026, 5, 4), date(2026, 6, 1), date(2026, 6, 3)),
        # it began before it was signed
        (date(2026, 6, 10), date(2026, 6, 1), date(2026, 7, 1)),
        # the thirtieth day is a Sunday
        (date(2026, 9, 4), date(2026, 10, 1), date(2026, 10, 5)),
    ],
)
def test_a_lease_is_registered_within_thirty_days(signed, starts, last):
    assert register_by(signed, starts) == last


def test_a_days_signatures_make_one_mail_for_each_who_registers_and_name_nobody(settings, database, partner, tmp_path):
    rights = load(settings).rights
    office = Office(database, settings, partner)

    def sign_two(session):
        switch_on(session, "housing", known=["housing"])
        add_member(session, email="marta@example.org", name="Marta Zaniboni", roles=[Role.MUNICIPAL])
        add_member(session, email="ada@example.org", name="Ada Blu", roles=[Role.AUDITOR])
        desk = Desk(session)
        for code in ("MON-001", "MON-002"):
            desk.lease(home=desk.home(code), tenant=desk.person(f"Hoxha {code}"))

    database.run(Scope(operator=True, partner_id=partner, actor="Luca Neri", reason="tests"), sign_two)
    told = replace(settings, mail_url=f"file://{tmp_path}/mail")
    worker = Worker(Lent(database, told, rights), chores=[lambda: deliver_events(database)])
    worker._looked = float("inf")
    while worker.turn():
        pass
    [reminder] = office.read(select(Job).where(Job.kind == "housing.remind-registrations"))
    office.hurry()
    while worker.turn():
        pass

    assert reminder.state is JobState.WAITING
    assert reminder.due_at > now()
    [mail] = (tmp_path / "mail").glob("*.eml")
    message = message_from_bytes(mail.read_bytes(), policy=policy.default)
    text = message.get_content()
    assert (message["To"], message["Subject"]) == ("marta@example.org", "2 leases to register")
    assert "/m/housing/leases?f.state=signed" in text
    assert "Hoxha" not in text


def test_a_reminder_is_dropped_when_housing_goes_off_and_planned_again_when_it_comes_back(settings, database, partner):
    house, unloaded = load(settings), load(replace(settings, safe_mode=True))
    office = Office(database, settings, partner)
    worker = Worker(Lent(database, settings, house.rights), chores=[lambda: deliver_events(database)])
    worker._looked = float("inf")

    def work():
        while worker.turn():
            pass
        return [one.state for one in office.read(select(Job).where(Job.once == REMINDER).order_by(Job.id))]

    def sign(session):
        desk = Desk(session)
        desk.lease(home=desk.home("MON-001"), tenant=desk.person("Hoxha"))

    office.do(lambda session: turn_on(session, house, "housing"))
    office.do(sign)
    assert work() == [JobState.WAITING]

    office.do(lambda session: turn_off(session, unloaded, "housing"))  # as the command does, which imports no plugin
    assert work() == [JobState.CANCELLED]

    office.do(lambda session: turn_on(session, house, "housing"))
    assert work() == [JobState.CANCELLED, JobState.WAITING]

    office.do(lambda session: turn_off(session, house, "housing"))
    office.do(lambda session: turn_on(session, house, "housing"))
    assert work() == [JobState.CANCELLED, JobState.WAITING], "it is on again by the time it would clean up"

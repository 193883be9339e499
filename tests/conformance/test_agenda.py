"""The agenda's pages, and the calendar at a secret address: who sees what, and until when."""

import re

from icalendar import Calendar
from sqlalchemy import event, select

from core.agenda import pages as agenda_pages
from core.agenda.sources import AgendaSource
from core.database.scope import Scope
from core.people.models import Person
from core.testing.demo_network import AUDITOR, HEAD_OF_COOPERATIVE, HEAD_OF_TOWN, hidden


def address_of(client):
    page = client.post("/agenda/feed", data=hidden(client.get("/agenda").text))
    return re.search(r"/agenda/[^/\"]+\.ics", page.text)[0]


def test_the_agenda_opens_for_every_member_as_list_and_as_month(client_of):
    for who in (HEAD_OF_TOWN, AUDITOR):
        for address in ("/agenda", "/agenda?view=month&month=2026-12", "/agenda?month=nothing&source=housing.leases"):
            assert client_of(who).get(address).status_code == 200, address


def test_the_months_before_and_after_are_one_link_away(client_of):
    page = client_of(HEAD_OF_TOWN).get("/agenda?month=2026-12&view=month").text

    assert "/agenda?month=2026-11&amp;view=month" in page or "/agenda?month=2026-11&view=month" in page
    assert "/agenda?month=2027-01&amp;view=month" in page or "/agenda?month=2027-01&view=month" in page


def test_a_calendar_program_reads_the_agenda_without_signing_in_until_the_address_is_revoked(app, client_of):
    client, program = client_of(HEAD_OF_TOWN), app.test_client()
    address = address_of(client)

    read = program.get(address)
    assert read.status_code == 200
    assert read.mimetype == "text/calendar"
    assert Calendar.from_ical(read.data).walk("VEVENT")

    client.post("/agenda/feed/revoke", data=hidden(client.get("/agenda").text))
    assert program.get(address).status_code == 404
    assert program.get("/agenda/whatever.ics").status_code == 404


def test_a_calendar_that_lacks_a_source_is_not_given_out(app, client_of, monkeypatch):
    def broken(session, first, last):
        raise ZeroDivisionError

    address = address_of(client_of(HEAD_OF_TOWN))
    source = AgendaSource("test.broken", "Broken", broken, "core.account")
    monkeypatch.setattr(agenda_pages, "_sources", lambda scope: [source])

    assert app.test_client().get(address).status_code == 503


def test_a_calendar_names_nobody(app, client_of, partner_id):
    read = app.test_client().get(address_of(client_of(HEAD_OF_TOWN)))
    with app.extensions["database"].session(Scope(partner_id=partner_id("MONTICHIARI")), writes=False) as session:
        surnames = {one.surname for one in session.scalars(select(Person)) if len(one.surname) > 3}

    told = " ".join(str(one["SUMMARY"]) for one in Calendar.from_ical(read.data).walk("VEVENT")).casefold().split()
    assert not {name.casefold() for name in surnames} & set(told)


def test_a_calendar_tells_what_its_user_may_see_in_that_partner(app, client_of):
    town, cooperative = (
        Calendar.from_ical(app.test_client().get(address_of(client_of(who))).data)
        for who in (HEAD_OF_TOWN, HEAD_OF_COOPERATIVE)
    )
    urls = [{str(one["URL"]) for one in calendar.walk("VEVENT")} for calendar in (town, cooperative)]
    leases = [{url for url in found if "/leases/" in url} for found in urls]

    assert leases[0].isdisjoint(leases[1])
    auditor = Calendar.from_ical(app.test_client().get(address_of(client_of(AUDITOR))).data)
    assert auditor.walk("VEVENT") == []


def test_the_agenda_asks_few_questions(app, client_of):
    client = client_of(HEAD_OF_TOWN)
    client.get("/agenda")
    asked = []
    engine = app.extensions["database"].engine

    def note(connection, cursor, statement, *rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE")):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        client.get("/agenda?view=month")
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert len(asked) <= 15, "\n".join(asked)

"""Asking for access, answering, and the emergency that does not wait."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text, update

from core.database.field import now
from core.database.scope import Scope, today
from core.database.visibility import PersonAccess
from core.partners.models import Partner
from core.people.known import holder_of
from core.people.models import (
    Household,
    IseeCertificate,
    KnownToServices,
    Merge,
    NoCodiceFiscale,
    Person,
    PersonState,
    Sex,
)
from core.people.services import register_person
from core.refusals import Forbidden, Refusal
from core.sharing import services
from core.sharing.models import Emergency, LegalGround, Level, RequestState, Share, ShareRequest
from core.sharing.services import requests
from core.sharing.services.requests import expire_requests
from core.testing.two_partners import new_partner
from tests.core.sharing.conftest import CHIARA, desk_of, person_at

NOBODY = "RSSMRA79B11C566R"


def ask(desk, **told):
    return desk.do(lambda session: services.ask(session, **({"codice_fiscale": CHIARA} | told)).id)


def act(desk, service, key, **told):
    return desk.do(lambda session: service(session, session.get_one(ShareRequest, key), **told))


def test_core_6_who_asks_learns_nothing_until_the_answer(quercia, ponte, chiara):
    key = ask(quercia, level=Level.L2, module="housing")

    with quercia.database.session(quercia.scope, writes=False) as session:
        request = session.get_one(ShareRequest, key)
        assert (request.person, str(request.direction), request.state) == (None, "Sent", RequestState.WAITING)
    assert person_at(quercia, chiara) is None
    with ponte.database.session(ponte.scope, writes=False) as session:
        received = session.get_one(ShareRequest, key)
        assert (str(received.person), str(received.direction)) == ("Bonometti Chiara", "Received")


def test_a_request_is_answered_with_a_share_as_narrow_as_the_giver_decides(quercia, ponte, chiara):
    key = ask(quercia, level=Level.L3)

    act(ponte, services.give_as_asked, key, legal_ground=LegalGround.PUBLIC_TASK, level=Level.L1)

    assert person_at(quercia, chiara).iban is None
    [share] = quercia.read(select(Share))
    assert (share.level, share.request_id) == (Level.L1, key)
    assert quercia.read(select(ShareRequest.state)) == [RequestState.GIVEN]


def test_a_refusal_says_why_and_opens_nothing(quercia, ponte, chiara):
    key = ask(quercia)

    act(ponte, services.refuse, key, reason="The person does not agree")

    [request] = quercia.read(select(ShareRequest))
    assert (request.state, request.answer) == (RequestState.REFUSED, "The person does not agree")
    assert person_at(quercia, chiara) is None


def test_who_asked_does_not_answer_even_when_they_work_for_both(quercia, ponte, chiara):
    key = ask(quercia)
    ponte.scope = replace(ponte.scope, user_id=quercia.scope.user_id)

    for service, told in (
        (services.refuse, {"reason": "No"}),
        (services.give_as_asked, {"legal_ground": LegalGround.CONTRACT}),
    ):
        with pytest.raises(Refusal, match="a colleague has to answer"):
            act(ponte, service, key, **told)

    def behind_the_service(session):
        session.get_one(ShareRequest, key).answered_by_id = quercia.scope.user_id

    with pytest.raises(Exception, match="four_eyes"):
        ponte.do(behind_the_service)


def test_the_asker_cannot_answer_and_the_other_cannot_withdraw(quercia, ponte, chiara):
    key = ask(quercia)

    with pytest.raises(Forbidden):
        act(quercia, services.give_as_asked, key, legal_ground=LegalGround.PUBLIC_TASK)
    with pytest.raises(Forbidden):
        act(ponte, services.withdraw_request, key)
    act(quercia, services.withdraw_request, key)
    with pytest.raises(Refusal, match="answered, or is over"):
        act(ponte, services.refuse, key, reason="Too late")


def test_one_request_about_a_person_waits_at_a_time(quercia, chiara):
    ask(quercia)

    with pytest.raises(Refusal, match="asked this already"):
        ask(quercia)


def test_requests_of_a_day_are_counted(quercia, chiara, monkeypatch):
    monkeypatch.setattr(requests, "MOST_A_DAY", 1)
    act(quercia, services.withdraw_request, ask(quercia))

    with pytest.raises(Refusal, match="go on tomorrow"):
        ask(quercia)


def test_one_asks_for_somebody_known_to_others_alone(quercia, ponte, chiara):
    with pytest.raises(Refusal, match="No partner has registered"):
        ask(quercia, codice_fiscale=NOBODY)
    with pytest.raises(Refusal, match="registered by your own organisation"):
        ask(ponte)
    with pytest.raises(Refusal):
        ask(quercia, codice_fiscale="BNMCHR84L49F471J")


def test_a_request_that_nobody_answers_expires(quercia, chiara, on_day):
    ask(quercia)
    on_day(today() + timedelta(days=31))

    assert quercia.do(lambda session: expire_requests(session, today())) == 1
    assert quercia.read(select(ShareRequest.state)) == [RequestState.EXPIRED]


def test_the_other_partner_is_written_to_without_a_name(quercia, ponte, chiara, settings, tmp_path):
    quercia.settings = replace(settings, mail_url=f"file://{tmp_path}/mail", public_url="https://rete.example")
    ponte.do(lambda session: session.execute(
        text("update partners_partner set email = 'privacy@ponte.example' where code = 'PONTE'")))  # fmt: skip
    ask(quercia)
    urgent(quercia)
    quercia.work()

    mails = [file.read_text() for file in (tmp_path / "mail").iterdir()]
    assert len(mails) == 2
    assert all("To: privacy@ponte.example" in mail for mail in mails)
    assert not [mail for mail in mails if "Bonometti" in mail or CHIARA in mail or "door at night" in mail]


def urgent(desk, reason="At the door at night, with fever"):
    return desk.do(lambda session: services.open_emergency(session, codice_fiscale=CHIARA, reason=reason).id)


def test_an_emergency_opens_summaries_for_a_day(quercia, chiara, monkeypatch):
    urgent(quercia)

    person = person_at(quercia, chiara)
    assert (person.surname, person.iban) == ("Bonometti", None)
    assert len(quercia.read(select(Household))) == 1
    assert quercia.read(select(IseeCertificate)) == []
    assert quercia.read(select(PersonAccess.sort_name)) == ["bonometti chiara"]

    at = now() + timedelta(hours=24, minutes=1)
    monkeypatch.setattr("core.database.scope.now", lambda: at)
    assert person_at(quercia, chiara) is None


def test_an_emergency_wants_a_reason_and_somebody_closed(quercia, chiara, share):
    with pytest.raises(Refusal, match="at least 10 characters"):
        urgent(quercia, reason="quick")
    share()
    with pytest.raises(Refusal, match="You see Bonometti Chiara already"):
        urgent(quercia)


def test_the_registrar_reads_the_emergency_and_ends_it(quercia, ponte, chiara):
    key = urgent(quercia)

    def end(session):
        services.end_emergency(session, session.get_one(Emergency, key))

    assert [one.reason for one in ponte.read(select(Emergency))] == ["At the door at night, with fever"]
    with pytest.raises(Forbidden):
        quercia.do(end)
    ponte.do(end)
    assert person_at(quercia, chiara) is None
    with pytest.raises(Refusal, match="over already"):
        ponte.do(end)


@pytest.mark.parametrize("wider", [{"level": 3}, {"isee": True}, {"expires_at": now() + timedelta(days=9)}])
def test_the_wall_lets_no_emergency_be_wider_or_longer_than_what_was_written_down(quercia, chiara, wider):
    urgent(quercia)

    def widen(session):
        row = update(PersonAccess).where(PersonAccess.partner_id == quercia.partner).values(**wider)
        session.execute(row.execution_options(synchronize_session=False))

    if quercia.database.engine.dialect.name == "postgresql":
        with pytest.raises(Exception, match="row-level security"):
            quercia.do(widen)


def test_whom_to_ask_is_found_by_the_exact_code_alone(quercia, chiara, neighbour):
    with quercia.database.session(quercia.scope, writes=False) as session:
        assert holder_of(session, CHIARA) == (chiara, neighbour)
        assert holder_of(session, NOBODY) is None
        assert holder_of(session, CHIARA[:-1]) is None
        assert session.get(Person, chiara) is None


@pytest.fixture
def merge(ponte, quercia):
    """Two sheets become one: the second stays behind."""

    def become(winner, loser):
        def write(session):
            stays, goes = session.get_one(Person, winner), session.get_one(Person, loser)
            goes.state = PersonState.MERGED
            session.add(Merge(
                registered_by_id=stays.registered_by_id, person_id=winner, merged_id=loser, merged_by="Ada Blu",
                reason="One person", rows=0,
            ))  # fmt: skip
            session.add(PersonAccess(
                partner_id=goes.registered_by_id, giver_id=stays.registered_by_id, person_id=winner, level=3,
                basis="merged", valid_from=today(), sort_name=stays.sort_name, search=stays.search,
            ))  # fmt: skip

        ponte.database.run(Scope(operator=True, reason="tests"), write)

    return become


def another(session):
    return register_person(
        session, surname="Bonometti", name="Clara", sex=Sex.FEMALE, birth_date=date(1984, 7, 9),
        no_codice_fiscale_reason=NoCodiceFiscale.UNAVAILABLE, known_to_services=KnownToServices.NO,
        confirm_similar=True,
    ).id  # fmt: skip


def test_of_a_code_on_a_merged_sheet_the_person_that_stayed_is_asked_for_and_shared(quercia, ponte, chiara, merge):
    merge(ponte.do(another), chiara)
    key = ask(quercia)

    share = act(ponte, services.give_as_asked, key, legal_ground=LegalGround.PUBLIC_TASK)

    assert quercia.read(select(Person.name)) == ["Clara"]
    assert share.request_id == key


def test_a_request_of_before_the_merge_is_answered_with_the_person_that_stayed(quercia, ponte, chiara, merge):
    key = ask(quercia)
    merge(stays := ponte.do(another), chiara)

    with pytest.raises(Refusal, match="asked this already"):
        ask(quercia)
    share = act(ponte, services.give_as_asked, key, legal_ground=LegalGround.PUBLIC_TASK)

    assert share.person_id == stays


def test_who_no_longer_registers_the_person_does_not_share_them(quercia, ponte, chiara, neighbour, settings, merge):
    key = ask(quercia)
    third = desk_of(ponte.database, settings, new_partner(ponte.database, "rovere"), "Ivo Verdi")
    merge(third.do(another), chiara)

    with pytest.raises(Refusal, match="another partner registered"):
        act(ponte, services.give_as_asked, key, legal_ground=LegalGround.PUBLIC_TASK)
    assert quercia.read(select(Share)) == []


def test_a_merged_sheet_is_not_shared_and_what_was_given_of_it_counts(ponte, quercia, chiara, share, merge):
    share(level=Level.L2)
    merge(stays := ponte.do(another), chiara)

    def give(session, key):
        person, taker = session.get_one(Person, key), session.get_one(Partner, quercia.partner)
        services.give(session, person=person, taker=taker, legal_ground=LegalGround.PUBLIC_TASK)

    with pytest.raises(Refusal, match="became part of another sheet"):
        ponte.do(lambda session: give(session, chiara))
    with pytest.raises(Refusal, match="sees as much already"):
        ponte.do(lambda session: give(session, stays))

"""Giving a share and taking it back: who may, on what ground, until when, and what it changes for reading."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.database.changes import Change
from core.database.field import now
from core.database.scope import today
from core.database.visibility import PersonAccess
from core.events import declaration as events
from core.events.declaration import Listener
from core.events.services import deliver_events
from core.jobs import declaration as jobs
from core.partners.models import Partner
from core.people.models import Person
from core.people.services import amend_person
from core.refusals import Forbidden, NotFound, Refusal
from core.sharing import services
from core.sharing.models import ConsentBy, LegalGround, Level, Notice, Purpose, Share, Standing
from core.sharing.services.accesses import remove_ended
from core.sharing.services.giving import CONSENT_WITHDRAWN
from core.testing.two_partners import new_partner
from tests.core.sharing.conftest import desk_of, person_at, seen


def revoke(desk, key, **told):
    return desk.do(lambda session: services.revoke(session, session.get_one(Share, key), **told))


def test_core_6_a_share_until_30_june_shows_nothing_on_1_july(quercia, share, on_day):
    on_day(date(2026, 6, 1))
    share(level=Level.L1, valid_from=date(2026, 6, 1), valid_to=date(2026, 6, 30))
    assert seen(quercia) == ["Bonometti"]

    on_day(date(2026, 6, 30))
    assert seen(quercia) == ["Bonometti"]

    on_day(date(2026, 7, 1))
    assert seen(quercia) == []


def test_a_share_that_begins_tomorrow_shows_nothing_today(quercia, share):
    share(valid_from=today() + timedelta(days=1))

    assert seen(quercia) == []


def test_a_revoked_share_shows_nothing_from_the_next_question_on(ponte, quercia, chiara, share):
    key = share()
    assert person_at(quercia, chiara) is not None

    revoke(ponte, key, reason="The project is over")

    assert person_at(quercia, chiara) is None
    [row] = quercia.read(select(Share))
    assert (row.standing, row.revoked_by, row.person) == (Standing.REVOKED, "Ada Blu", None)


def test_the_taker_reads_the_share_and_a_third_partner_does_not(quercia, share, database, settings):
    share()
    third = desk_of(database, settings, new_partner(database, "TERZA"), "Eva Rosa")

    assert len(quercia.read(select(Share))) == 1
    assert third.read(select(Share)) == []
    assert third.read(select(Person)) == []
    with database.session(third.scope, writes=False) as session:
        walled = session.get_bind().dialect.name == "postgresql"
        assert len(session.execute(select(Share.__table__)).all()) == (0 if walled else 1)


def test_who_holds_a_share_cannot_pass_it_on(quercia, chiara, share, neighbour):
    share(level=Level.L3)

    def pass_on(session):
        person, back = session.get_one(Person, chiara), session.get_one(Partner, neighbour)
        return services.give(session, person=person, taker=back, legal_ground=LegalGround.PUBLIC_TASK)

    with pytest.raises(Forbidden, match="Only the partner that registered"):
        quercia.do(pass_on)


def test_who_holds_a_share_can_neither_end_nor_lengthen_it(quercia, share):
    key = share()

    with pytest.raises(Forbidden, match="Only the partner that gave"):
        revoke(quercia, key)

    def lengthen(session):
        session.get_one(Share, key).valid_to = today() + timedelta(days=4000)

    walled = quercia.database.engine.dialect.name == "postgresql"
    if walled:  # the wall itself: the fence lets both sides of a row through
        with pytest.raises(Exception, match=r"row-level security|StaleData|expected to update"):
            quercia.do(lengthen)


def test_nobody_opens_a_person_for_themselves(quercia, chiara, neighbour):
    def open_it(session):
        session.add(PersonAccess(
            partner_id=quercia.partner, giver_id=quercia.partner, person_id=chiara, level=3, basis="registered",
            valid_from=today(), sort_name="", search="",
        ))  # fmt: skip

    def open_in_their_name(session):
        session.execute(PersonAccess.__table__.insert(), [{
            "id": chiara, "partner_id": quercia.partner, "giver_id": neighbour, "person_id": chiara, "level": 3,
            "household": True, "isee": True, "basis": "share:mine", "valid_from": today(), "sort_name": "",
            "search": "", "version": 1, "created_at": None,
        }])  # fmt: skip

    if quercia.database.engine.dialect.name == "postgresql":
        for forged in (open_it, open_in_their_name):
            with pytest.raises(Exception, match="row-level security"):
                quercia.do(forged)


def test_a_stranger_is_refused_to_write_between_two_others(database, settings, quercia, neighbour, chiara):
    third = desk_of(database, settings, new_partner(database, "TERZA"), "Eva Rosa")

    def forge(session):
        session.add(Share(
            giver_id=neighbour, taker_id=quercia.partner, person_id=chiara, legal_ground=LegalGround.CONTRACT,
            given_by="Eva", valid_to=today(),
        ))  # fmt: skip

    with pytest.raises(NotFound):
        third.do(forge)


@pytest.mark.parametrize(
    ("told", "field", "sentence"),
    [
        ({"valid_to": date(2020, 1, 1), "valid_from": date(2019, 1, 1)}, "valid_to", "over already"),
        ({"valid_to": date(2019, 1, 1)}, "valid_to", "before the first"),
        ({"valid_to": date(2045, 1, 1)}, "valid_to", "five years"),
        ({"legal_ground": LegalGround.JOINT_CONTROLLERS}, "document", "which contract or agreement"),
        ({"purpose": Purpose.OTHER}, "purpose_note", "purpose in words"),
        ({"module": "nowhere"}, "module", "no such module"),
        ({"legal_ground": LegalGround.CONSENT}, "privacy_notice", "No privacy notice was in use"),
    ],
)
def test_a_share_without_its_reasons_is_refused(share, told, field, sentence):
    with pytest.raises(Refusal, match=sentence) as refused:
        share(**told)

    assert refused.value.field == field


def test_a_partner_does_not_share_with_itself_nor_twice(ponte, chiara, share, neighbour):
    def to_itself(session):
        person, own = session.get_one(Person, chiara), session.get_one(Partner, neighbour)
        return services.give(session, person=person, taker=own, legal_ground=LegalGround.PUBLIC_TASK)

    with pytest.raises(Refusal, match="sees this person already"):
        ponte.do(to_itself)
    share(level=Level.L2)
    with pytest.raises(Refusal, match="sees as much already"):
        share(level=Level.L1)
    assert share(level=Level.L3)


def write(desk, text, **told):
    return desk.do(lambda session: services.write_notice(session, title="Informativa", text=text, **told).edition)


def test_a_consent_is_kept_with_the_edition_of_the_notice_it_was_given_on(ponte, share):
    write(ponte, "First text", valid_from=date(2026, 1, 1))
    key = share(legal_ground=LegalGround.CONSENT, consent_on=today())
    assert write(ponte, "Second text") == 2

    [row] = ponte.read(select(Share).where(Share.id == key))
    [first] = ponte.read(select(Notice).where(Notice.id == row.notice_id))

    assert (first.edition, first.text, row.consent_by) == (1, "First text", ConsentBy.PERSON)


def test_a_consent_cannot_be_older_than_its_notice_nor_of_tomorrow(ponte, share):
    write(ponte, "First text", valid_from=today())

    with pytest.raises(Refusal, match="No privacy notice was in use"):
        share(legal_ground=LegalGround.CONSENT, consent_on=today() - timedelta(days=1))
    with pytest.raises(Refusal, match="in the future"):
        share(legal_ground=LegalGround.CONSENT, consent_on=today() + timedelta(days=1))


def test_under_fourteen_somebody_else_consents(ponte, chiara, share):
    write(ponte, "First text")
    born = today().replace(day=1) - timedelta(days=365 * 10)
    ponte.do(lambda session: amend_person(
        session, session.get_one(Person, chiara), birth_date=born, mismatch_reason="Register corrected",
    ))  # fmt: skip

    with pytest.raises(Refusal, match="Under 14"):
        share(legal_ground=LegalGround.CONSENT)
    assert share(legal_ground=LegalGround.CONSENT, consent_by=ConsentBy.PARENT)


def test_the_same_text_makes_no_edition(ponte):
    write(ponte, "First text")

    with pytest.raises(Refusal, match="same as in edition 1"):
        write(ponte, " First text ")


def test_a_withdrawn_consent_is_heard_by_the_modules_of_both(ponte, quercia, chiara, share, monkeypatch):
    monkeypatch.setattr(events, "_listening", {})
    heard = []
    listener = Listener(CONSENT_WITHDRAWN, "core.hears-withdrawals", lambda session, **facts: heard.append(
        (session.info["scope"].partner_id, facts["person_id"])))  # fmt: skip
    jobs.declare("", [listener.kind])
    events.declare("", [listener])
    write(ponte, "First text")
    key = share(legal_ground=LegalGround.CONSENT)

    ponte.do(lambda session: services.withdraw_consent(session, session.get_one(Share, key)))
    assert person_at(quercia, chiara) is None
    deliver_events(ponte.database)
    deliver_events(ponte.database)
    ponte.work()

    assert sorted(heard, key=str) == sorted([(ponte.partner, chiara), (quercia.partner, chiara)], key=str)


def test_a_consent_withdrawn_after_the_last_day_says_who_wrote_it_down(ponte, share, on_day):
    ponte.do(lambda session: services.write_notice(session, title="Notice", text="What we do."))
    key = share(legal_ground=LegalGround.CONSENT, valid_to=today())
    on_day(today() + timedelta(days=2))

    ponte.do(lambda session: services.withdraw_consent(session, session.get_one(Share, key), reason="By letter"))

    [ended] = ponte.read(select(Share))
    assert (ended.revoked_by, ended.revoked_because, ended.standing) == ("Ada Blu", "By letter", Standing.REVOKED)
    assert ended.consent_withdrawn_at is not None


def test_what_does_not_stand_on_a_consent_has_none_to_withdraw(ponte, share):
    key = share()

    with pytest.raises(Refusal, match="does not stand on a consent"):
        ponte.do(lambda session: services.withdraw_consent(session, session.get_one(Share, key)))


def test_a_share_that_is_over_cannot_be_revoked_again(ponte, share):
    key = share()
    revoke(ponte, key)

    with pytest.raises(Refusal, match="over already"):
        revoke(ponte, key)


def test_giving_and_revoking_stand_in_the_givers_trail(ponte, share):
    revoke(ponte, share(), reason="The project is over")

    lines = ponte.read(select(Change).where(Change.entity == "sharing_share").order_by(Change.sequence))

    assert [str(line.act.value) for line in lines] == ["created", "changed"]
    assert lines[1].reason == "The project is over"


def test_a_new_name_reaches_everybody_who_sees_the_person(ponte, quercia, chiara, share):
    share()
    ponte.do(lambda session: amend_person(
        session, session.get_one(Person, chiara), surname="Zanola", mismatch_reason="Married"))  # fmt: skip

    assert quercia.read(select(PersonAccess.sort_name)) == ["zanola chiara"]


def test_what_is_over_is_removed_by_night(ponte, share, on_day):
    share(valid_to=today() + timedelta(days=1))
    on_day(today() + timedelta(days=2))

    gone = ponte.do(lambda session: remove_ended(session, ponte.partner, on=today(), at=now()))

    assert gone == 1
    assert len(ponte.read(select(PersonAccess))) == 1

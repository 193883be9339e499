"""Direct debits from the mandate to the return, and charges under their IUV."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from lxml import etree
from sqlalchemy import select, update

from core.api import SentFile, today
from core.parameters.models import PartnerParameter
from core.partners.models import Partner, PartnerKind
from core.refusals import Refusal
from plugins.housing.models import (
    BankLineState,
    CollectionState,
    DebitState,
    Position,
    SequenceKind,
)
from plugins.housing.rules.iuv import checks, make_iuv, notice_number
from plugins.housing.rules.ledger import ChargeKind
from plugins.housing.rules.matching import MatchReason
from plugins.housing.services import bank, collections, positions, reconciling
from tests.plugins.housing.test_services_ledger import charged

TENANT, OURS = "IT60X0542811101000000123456", "IT12H0200801600000012345674"
MARCH, LATER = date(2026, 3, 1), today() + timedelta(days=5)


def put(desk, **values):
    told = {"valid_from": date(2020, 1, 1), "source": "Contratto"}
    desk.session.add_all(PartnerParameter(key=f"housing.{name}", value=value, **told) for name, value in values.items())
    desk.session.flush()


@pytest.fixture
def lease(desk):
    put(
        desk, sdd_name="Fondazione Abitare", sdd_iban=OURS, sdd_identifier="IT66ZZZA1B2C3D4E5F6G7H8", sdd_cuc="SIABC123"
    )
    return charged(desk, months=3, charges_advance=Decimal("40.00"))


def mandate(desk, lease, reference="M-00001", **rest):
    told = {"holder": "Arben Hoxha", "iban": TENANT, "signed_on": date(2026, 1, 7), **rest}
    return collections.sign_mandate(desk.session, lease=lease, reference=reference, **told)


def collection(desk, lease, **rest):
    mandate(desk, lease)
    return collections.prepare_collection(desk.session, **{"month": MARCH, "collect_on": LATER, **rest})


def test_a_collection_asks_each_mandate_for_all_that_is_owed(desk, lease):
    made = collection(desk, lease)

    [debit] = made.debits
    assert (debit.amount, debit.sequence, len(debit.charges)) == (Decimal("1560.00"), SequenceKind.FIRST, 6)
    assert sum(one.amount for one in debit.charges) == debit.amount
    root = etree.fromstring(collections.order_file(desk.session, made))
    assert root.findtext(".//{*}CtrlSum") == "1560.00"
    assert [one.text for one in root.iter("{*}EndToEndId")] == [debit.end_to_end]


def test_the_file_is_the_same_each_time_and_has_cbis_dialect_too(desk, lease):
    made = collection(desk, lease)

    first, again = (collections.order_file(desk.session, made) for _time in range(2))
    italian = etree.fromstring(collections.order_file(desk.session, made, dialect="cbi"))

    assert first == again
    assert etree.QName(italian).localname == "CBISDDReqLogMsg"


def test_what_is_already_asked_for_is_not_asked_twice(desk, lease):
    collection(desk, lease)

    with pytest.raises(Refusal, match="anything to collect"):
        collections.prepare_collection(desk.session, month=MARCH, collect_on=LATER)


def test_what_came_in_settles_the_charges_it_was_asked_for(desk, lease):
    made = collection(desk, lease, month=date(2026, 2, 1))

    collections.mark_collected(desk.session, made, on=today())

    assert [one.owed for one in sorted(lease.charges, key=lambda one: (one.due_on, one.amount))] == [
        0, 0, 0, 0, Decimal(40), Decimal(480),
    ]  # fmt: skip
    assert (made.state, made.debits[0].state) == (CollectionState.COLLECTED, DebitState.PAID)


def test_a_returned_debit_is_owed_again_with_its_costs(desk, lease):
    made = collection(desk, lease)
    collections.mark_collected(desk.session, made, on=today())

    collections.return_debit(desk.session, made.debits[0], on=today(), return_code="AM04", costs=Decimal("3.50"))

    assert sum(one.owed for one in lease.charges) == Decimal("1563.50")
    assert [one.amount for one in lease.charges if one.kind is ChargeKind.COSTS] == [Decimal("3.50")]
    with pytest.raises(Refusal, match="already returned"):
        collections.return_debit(desk.session, made.debits[0], on=today())


def test_after_a_return_the_next_debit_is_first_again_and_asks_for_everything(desk, lease):
    made = collection(desk, lease)
    collections.return_debit(desk.session, made.debits[0], on=today(), return_code="AM04")

    again = collections.prepare_collection(desk.session, month=MARCH, collect_on=LATER)

    assert [(one.amount, one.sequence) for one in again.debits] == [(Decimal("1560.00"), SequenceKind.FIRST)]


def line_of(desk, amount, end_to_end):
    content = f"Data;Importo;Descrizione;End To End Id\n05/03/2026;{amount};SDD;{end_to_end}\n".encode()
    return bank.import_statement(desk.session, file=SentFile("x.csv", content)).lines[0]


def test_the_statement_says_which_debit_came_in_and_which_came_back(desk, lease):
    [debit] = collection(desk, lease).debits

    came_in = line_of(desk, "1.560,00", debit.end_to_end)
    reconciling.confirm_line(desk.session, came_in)
    came_back = line_of(desk, "-1.560,00", debit.end_to_end)
    reconciling.accept_return(desk.session, came_back, costs=Decimal("3.50"))

    assert (came_in.reason, came_back.reason) == (MatchReason.END_TO_END, MatchReason.RETURNED)
    assert (came_back.state, debit.state) == (BankLineState.CONFIRMED, DebitState.RETURNED)
    assert sum(one.owed for one in lease.charges) == Decimal("1563.50")


def test_a_debit_confirmed_by_its_lease_is_collected_once_and_waits_again_when_undone(desk, lease):
    made = collection(desk, lease)
    [debit] = made.debits
    line = line_of(desk, "1.560,00", debit.end_to_end)
    reconciling.confirm_line(desk.session, line, lease=lease)

    collections.mark_collected(desk.session, made, on=today())
    assert [one.amount for one in lease.payments] == [Decimal("1560.00")]

    reconciling.undo_line(desk.session, line, reason="Riga sbagliata")
    assert (debit.state, sum(one.owed for one in lease.charges)) == (DebitState.SENT, Decimal("1560.00"))


def test_money_that_went_out_for_something_else_is_no_return(desk, lease):
    [debit] = collection(desk, lease).debits
    line = line_of(desk, "-10,00", debit.end_to_end)

    with pytest.raises(Refusal, match="no debit of ours"):
        reconciling.accept_return(desk.session, line)


def test_a_collection_not_sent_is_cancelled_and_its_charges_asked_for_again(desk, lease):
    made = collection(desk, lease)
    collections.cancel_collection(desk.session, made, reason="Data sbagliata")

    assert collections.prepare_collection(desk.session, month=MARCH, collect_on=LATER).total == Decimal("1560.00")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"iban": "IT60X0542811101000000123457"}, "IBAN"),
        ({"signed_on": date(2099, 1, 1)}, "future"),
    ],
)
def test_a_mandate_that_cannot_be_is_refused(desk, lease, changes, words):
    with pytest.raises(Refusal, match=words):
        mandate(desk, lease, **changes)


def test_a_lease_has_one_mandate_in_force(desk, lease):
    first = mandate(desk, lease)
    with pytest.raises(Refusal, match="in force already"):
        mandate(desk, lease, "M-00002")

    collections.revoke_mandate(desk.session, first, revoked_on=today())

    assert mandate(desk, lease, "M-00002").reference == "M-00002"


def test_a_collection_needs_a_day_to_come_and_a_creditor(desk, lease):
    mandate(desk, lease)
    with pytest.raises(Refusal, match="at least a day"):
        collections.prepare_collection(desk.session, month=MARCH, collect_on=today())


def test_a_holder_that_no_bank_can_write_stops_the_collection_with_its_name(desk, lease):
    mandate(desk, lease, holder="Ольга")

    with pytest.raises(Refusal, match="Ольга"):
        collections.prepare_collection(desk.session, month=MARCH, collect_on=LATER)


def test_an_iuv_has_its_check_digits():
    # 3 01 0000000000042: 3010000000000042 mod 93
    iuv = make_iuv("01", 42)

    assert iuv == f"010000000000042{3010000000000042 % 93:02}"
    assert checks(iuv)
    assert not checks(iuv[:-1] + str((int(iuv[-1]) + 1) % 10))
    assert notice_number(iuv) == f"3{iuv}"


def town(desk):
    desk.session.execute(update(Partner).values(kind=PartnerKind.MUNICIPALITY))
    desk.session.expire_all()
    put(desk, pagopa_segregation="01")


def test_the_charges_of_a_municipality_get_their_iuv_and_stand_in_the_file(desk, lease):
    town(desk)

    made = positions.open_month(desk.session, month=MARCH)
    again = positions.open_month(desk.session, month=MARCH)
    rows = list(csv.DictReader(io.StringIO(
        positions.positions_file(desk.session, month=MARCH).decode("utf-8-sig")), delimiter=";"))  # fmt: skip

    assert (len(made), again) == (2, [])
    assert all(checks(one.iuv) for one in made)
    assert [(row["Importo"], row["Scadenza"], row["Contratto"]) for row in rows] == [
        (amount, "05/03/2026", lease.number) for amount in ("480,00", "40,00")
    ]


def test_an_iuv_in_the_statement_recognises_the_lease(desk, lease):
    town(desk)
    [position, _other] = positions.open_month(desk.session, month=MARCH)
    content = f"Data;Importo;Descrizione\n05/03/2026;480,00;/RFS/{position.iuv}/480.00\n".encode()

    [line] = bank.import_statement(desk.session, file=SentFile("x.csv", content)).lines

    assert (line.reason, line.lease_id) == (MatchReason.IUV, lease.id)


def test_only_a_municipality_collects_through_pagopa(desk, lease):
    with pytest.raises(Refusal, match="municipality"):
        positions.open_month(desk.session, month=MARCH)


@pytest.mark.parametrize(("iuv", "words"), [("01000000000004299", "check digits"), ("RF18539007547034", None)])
def test_an_iuv_given_by_the_partner_is_checked_where_it_can_be(desk, lease, iuv, words):
    town(desk)
    if words is None:
        assert positions.open_position(desk.session, charge=lease.charges[0], iuv=iuv).notice is None
        assert desk.session.scalars(select(Position.iuv)).all() == [iuv]
    else:
        with pytest.raises(Refusal, match=words):
            positions.open_position(desk.session, charge=lease.charges[0], iuv=iuv)

"""Rents month by month: updates proposed, confirmed from the right month, charged, taken back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from core.database.session import finish
from core.parameters.models import PartnerParameter
from core.refusals import Refusal
from plugins.housing.models import (
    ErpArea,
    Indexation,
    IndexLink,
    IndexValue,
    Lease,
    LeaseKind,
    Rent,
    RentSource,
    RentUpdate,
    UpdateState,
)
from plugins.housing.models.rent import registry_since
from plugins.housing.rules.indexation import Skipped
from plugins.housing.rules.ledger import ChargeKind
from plugins.housing.rules.rent import registry_begins
from plugins.housing.services import indexation, indexes, leases, ledger, rents

JUNE, JUNE_2026 = date(2022, 6, 1), date(2026, 6, 1)


def running(desk, code="MON-001", **rest):
    told = {"starts_on": date(2021, 6, 1), "base_month": date(2021, 4, 1), **rest}
    lease = desk.lease(home=desk.home(code), tenant=desk.person(f"Hoxha {code}"), **told)
    return leases.activate_lease(desk.session, lease)


def propose(desk, month=JUNE):
    return {one.lease.dwelling.code: one for one in indexation.propose_updates(desk.session, month=month)}


def confirmed(desk, lease, requested_on=date(2022, 5, 10)):
    update = propose(desk)[lease.dwelling.code]
    return indexation.confirm_update(desk.session, update, requested_on=requested_on)


def test_the_shipped_index_is_there_with_its_links(desk):
    assert desk.session.scalar(select(func.count(IndexValue.id))) == 186
    assert desk.session.scalar(select(func.count(IndexLink.id))) == 3
    april = select(IndexValue.value).where(IndexValue.month == date(2021, 4, 1))
    assert desk.session.scalar(april) == Decimal("103.7")


def test_hou_1_in_the_database(desk):
    lease = running(desk)

    update = propose(desk)["MON-001"]

    assert (update.base_value, update.index_value, update.coefficient) == (Decimal("103.7"), Decimal("109.7"), 1)
    assert (update.variation, update.applied, update.new_rent) == (Decimal("5.8"), Decimal("4.350"), Decimal("500.88"))
    assert lease.rent_on(JUNE) == Decimal(480)


def test_an_index_of_an_earlier_base_is_joined_by_the_shipped_coefficient(desk):
    running(desk, rent="400.00", starts_on=date(2018, 5, 1), base_month=date(2014, 1, 1))

    update = propose(desk, date(2026, 5, 1))["MON-001"]

    # January 2014 107.3 in base 2010, January 2022 107.7 in base 2015
    assert (update.base_value, update.index_month, update.index_value) == (
        Decimal("107.3"), date(2022, 1, 1), Decimal("107.7"),
    )  # fmt: skip
    assert (update.coefficient, update.variation, update.new_rent) == (
        Decimal("1.071"), Decimal("7.5"), Decimal("422.50"),
    )  # fmt: skip


def test_every_lease_is_listed_with_why_it_is_left_as_it_is(desk):
    running(desk)
    running(desk, "MON-002", flat_rate_tax=True)
    running(desk, "MON-003", indexation=Indexation.NONE)
    running(desk, "MON-004", starts_on=date(2021, 9, 1))
    running(desk, "MON-005", base_month=date(2005, 4, 1))

    found = {code: (one.state, one.skipped) for code, one in propose(desk).items()}

    assert found == {
        "MON-001": (UpdateState.PROPOSED, None),
        "MON-002": (UpdateState.SKIPPED, Skipped.FLAT_RATE),
        "MON-003": (UpdateState.SKIPPED, Skipped.NO_INDEXATION),
        "MON-004": (UpdateState.SKIPPED, Skipped.NOT_DUE),
        "MON-005": (UpdateState.SKIPPED, Skipped.INDEX_MISSING),
    }
    assert indexation.missing_months(propose(desk).values()) == [date(2005, 4, 1)]


def test_the_new_rent_is_charged_from_the_month_after_the_request(desk):
    lease = running(desk)
    for month in (5, 6, 7):
        ledger.charge_month(desk.session, month=date(2022, month, 1))

    confirmed(desk, lease, requested_on=date(2022, 6, 20))
    ledger.charge_month(desk.session, month=date(2022, 8, 1))

    charged = [(one.first_day.month, one.amount) for one in lease.charges if one.kind is ChargeKind.RENT]
    assert sorted(charged) == [
        (5, Decimal(480)), (6, Decimal(480)), (7, Decimal("20.88")), (7, Decimal(480)), (8, Decimal("500.88")),
    ]  # fmt: skip
    assert [lease.rent_on(date(2022, month, 1)) for month in (6, 7)] == [Decimal(480), Decimal("500.88")]


def test_a_public_rent_needs_no_request_and_rises_once_in_its_two_years(desk):
    lease = running(desk, kind=LeaseKind.SAP)
    rents.record_rent(
        desk.session, lease=lease, starts_on=date(2023, 1, 1), amount=Decimal(100), erp_area=ErpArea.ACCESS
    )

    [update] = indexation.propose_updates(desk.session, month=date(2024, 1, 1))
    indexation.confirm_update(desk.session, update)
    [later] = indexation.propose_updates(desk.session, month=date(2025, 1, 1))

    # November 2022 117.9, November 2023 118.7: +0.7%, of which 75%
    assert (update.variation, lease.rent_on(date(2024, 1, 1))) == (Decimal("0.7"), Decimal("100.53"))
    assert later.skipped is Skipped.SECOND_YEAR_DONE


def test_without_a_request_a_rent_is_not_raised(desk):
    lease = running(desk)

    with pytest.raises(Refusal, match="written request"):
        confirmed(desk, lease, requested_on=None)


def test_the_next_update_stands_on_the_index_of_the_last(desk):
    lease = running(desk)
    confirmed(desk, lease)

    [early] = indexation.propose_updates(desk.session, month=date(2023, 5, 1))
    [update] = indexation.propose_updates(desk.session, month=date(2023, 6, 1))

    assert early.skipped is Skipped.NOT_DUE
    assert (update.base_month, update.index_month) == (date(2022, 4, 1), date(2023, 4, 1))
    assert update.old_rent == Decimal("500.88")


def test_asking_again_changes_neither_what_was_confirmed_nor_what_was_left_out(desk):
    first, second = running(desk), running(desk, "MON-002")
    confirmed(desk, first)
    indexation.exclude_update(desk.session, propose(desk)["MON-002"], reason="Accordo con l'inquilino")

    states = {code: one.state for code, one in propose(desk).items()}

    assert states == {"MON-001": UpdateState.CONFIRMED, "MON-002": UpdateState.EXCLUDED}
    assert second.rents == []


def test_confirming_many_is_all_or_nothing_and_each_once(desk):
    for code in ("MON-001", "MON-002"):
        running(desk, code)
    keys = [one.id for one in propose(desk).values()]

    assert indexation.confirm_updates(desk.session, keys, requested_on=date(2022, 5, 2)) == 2
    with pytest.raises(Refusal, match="not waiting"):
        indexation.confirm_updates(desk.session, keys, requested_on=date(2022, 5, 2))


def test_an_update_taken_back_gives_the_old_rent_again(desk):
    lease = running(desk)
    update = confirmed(desk, lease)

    indexation.take_update_back(desk.session, update, reason="Mese sbagliato")

    assert lease.rent_on(JUNE) == Decimal(480)
    assert [one.source for one in lease.rents] == [RentSource.INDEXED, RentSource.CORRECTED]
    [again] = indexation.propose_updates(desk.session, month=date(2022, 7, 1))
    assert again.new_rent == Decimal("500.88")


def test_a_rent_that_changed_meanwhile_is_not_updated_blindly(desk):
    lease = running(desk)
    update = propose(desk)["MON-001"]
    rents.record_rent(desk.session, lease=lease, starts_on=date(2022, 6, 1), amount=Decimal(450))

    with pytest.raises(Refusal, match="changed meanwhile"):
        indexation.confirm_update(desk.session, update, requested_on=date(2022, 5, 2))


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"amount": Decimal(100), "starts_on": date(2020, 1, 1)}, "begins on"),
        ({"amount": Decimal(100), "erp_area": ErpArea.ACCESS}, "public homes"),
        ({"amount": None}, "required"),
    ],
)
def test_a_rent_that_cannot_be_is_refused(desk, told, words):
    lease = running(desk)

    with pytest.raises(Refusal, match=words):
        rents.record_rent(desk.session, **{"lease": lease, "starts_on": JUNE, **told})


def test_a_public_rent_is_imported_or_a_share_of_the_homes_value(desk):
    lease = running(desk, kind=LeaseKind.SAP)
    lease.dwelling.rental_value = Decimal(2400)
    with pytest.raises(Refusal, match="imported"):
        rents.record_rent(desk.session, lease=lease, starts_on=JUNE, erp_area=ErpArea.ACCESS)
    for key, value in (
        ("housing.rent_strategy", "share_of_value"),
        ("housing.rent_shares", "access;50\nprotection;20"),
    ):
        desk.session.add(PartnerParameter(key=key, value=value, valid_from=date(2020, 1, 1), source="Delibera"))
    desk.session.flush()

    rent = rents.record_rent(desk.session, lease=lease, starts_on=JUNE, erp_area=ErpArea.ACCESS)

    assert (rent.amount, rent.source) == (Decimal(100), RentSource.IMPORTED)
    with pytest.raises(Refusal, match="No share"):
        rents.record_rent(desk.session, lease=lease, starts_on=JUNE, erp_area=ErpArea.PERMANENCE)


def test_public_rents_wait_for_the_users_registry_of_their_two_years(desk):
    lease, newer = running(desk, kind=LeaseKind.SAP), running(desk, "MON-002", kind=LeaseKind.SAP)
    running(desk, "MON-003")
    rents.record_rent(desk.session, lease=newer, starts_on=date(2025, 1, 1), amount=Decimal(90))
    waiting = select(Lease.id).where(Lease.kind == LeaseKind.SAP, registry_since < registry_begins(JUNE_2026))

    assert desk.session.scalars(waiting).all() == [lease.id]
    rents.record_rent(desk.session, lease=lease, starts_on=date(2025, 3, 1), amount=Decimal(80))
    assert desk.session.scalars(waiting).all() == []


def test_rents_are_never_edited(desk):
    lease = running(desk)
    rent = rents.record_rent(desk.session, lease=lease, starts_on=JUNE, amount=Decimal(450))
    rent.amount = Decimal(451)

    with pytest.raises(Refusal, match="never edited"):
        desk.session.flush()


def test_a_month_of_the_index_is_added_once_and_not_contradicted(desk):
    told = {"month": date(2026, 6, 15), "base": 2025, "source": "ISTAT 16/07/2026"}
    first = indexes.add_index_value(desk.session, value=Decimal("103.0"), **told)

    assert indexes.add_index_value(desk.session, value=Decimal("103.0"), **told) is first
    with pytest.raises(Refusal, match="already there"):
        indexes.add_index_value(desk.session, value=Decimal("103.1"), **told)
    with pytest.raises(Refusal, match="not published"):
        indexes.add_index_value(desk.session, month=date(2099, 1, 1), base=2025, value=Decimal(1), source="x")


def test_two_confirmations_at_once_make_one_rent(desk, database):

    running(desk)
    key, scope = propose(desk)["MON-001"].id, desk.session.info["scope"]
    finish(desk.session)

    def confirm(_time):
        def work(session):
            indexation.confirm_update(session, session.get_one(RentUpdate, key), requested_on=date(2022, 5, 2))

        try:
            database.run(scope, work)
        except Refusal:
            return 0
        return 1

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(confirm, range(2)))
    with database.session(scope, writes=False) as session:
        assert session.scalar(select(func.count(Rent.id))) == 1
    assert sorted(done) == [0, 1]

"""Every document of housing is made, in both languages; what is published tells nobody's name."""

import io
import re
import zlib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pypdf
import pytest

from core.api import printed, seed
from core.database.scope import Scope
from core.documents import services as documents
from core.documents.declaration import declare, declared_as
from core.documents.services import write_letterhead
from core.refusals import Refusal
from plugins.housing import documents as housing
from plugins.housing.documents.calls import public_rule
from plugins.housing.models import Condition, HandoverKind, InventoryItem, MeterKind
from plugins.housing.rules.leases import Period
from plugins.housing.rules.ledger import ChargeKind
from plugins.housing.services import (
    appeals,
    applications,
    assignments,
    calls,
    deposits,
    handovers,
    ledger,
    meters,
    plans,
    rankings,
)

FOLDER = next(iter(housing.__path__))


@pytest.fixture(autouse=True)
def declarations(monkeypatch, tmp_path):
    monkeypatch.setattr("core.documents.declaration._declared", {})
    declare(housing.KINDS, module="housing", folder=Path(FOLDER))


def as_clerk(session, name):
    session.info["scope"] = Scope(
        partner_id=session.info["scope"].partner_id, actor=name, modules=frozenset({"housing"})
    )


def reader(made):
    return pypdf.PdfReader(io.BytesIO(made))


def words(made):
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader(made).pages))


def draft(session, key, record, language="en"):
    return documents.draft(session, declared_as(f"housing.{key}"), record, language=language)


def everything_in(made):
    """The bytes of a PDF as they stand, and each stream unpacked: nothing can hide in them."""
    unpacked = [made]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL):
        try:
            unpacked.append(zlib.decompress(stream))
        except zlib.error:
            unpacked.append(stream)
    return b"\n".join(unpacked)


@pytest.fixture
def ranked(desk, session):
    """Five applications like those of HOU-6 in a published ranking: one of them left out."""
    call = desk.call(isee_limit=Decimal("16000.00"))
    told = [
        ("Bonometti", "7200.00", 25, 30, True), ("Hoxha", "7200.00", 30, 25, False),
        ("Zanardelli", "2500.00", 45, 20, False), ("Qureshi", "15800.00", 10, 35, False),
        ("Dioplatti", "16000.01", 20, 20, False),
    ]  # fmt: skip
    made = [
        desk.apply(call, isee, family=family, housing=housing, disability=disability, surname=surname, minute=minute)
        for minute, (surname, isee, family, housing, disability) in enumerate(told)
    ]
    for one in made:
        applications.start_review(session, one)
    for one in made[:4]:
        applications.admit(session, one)
    applications.exclude(session, made[4], rule="R-H1", reason="ISEE 16000.01")
    calls.close_call(session, call)
    ranking = rankings.draw_up_ranking(session, call)
    as_clerk(session, "Ada Verdi")
    return rankings.publish_ranking(session, ranking, act="45/2026", on=date(2026, 4, 10))


def test_the_public_ranking_tells_places_numbers_points_and_outcomes(ranked, session):
    told = words(draft(session, "public-ranking", ranked))

    protocols = [row.protocol for row in ranked.rows]
    assert f"1 {protocols[0]} 76.88 Admitted" in told
    assert f"2 {protocols[1]} 66.00 Admitted" in told
    assert f"– {protocols[4]} – Excluded R-H1" in told
    assert "27/04/2026" in told


@pytest.mark.parametrize("language", ["it", "en"])
def test_nothing_in_the_public_ranking_tells_who_applied(ranked, session, settings, language):
    one = declared_as("housing.public-ranking")
    issued = documents.issue(session, one, ranked, folder=settings.uploads, language=language)
    made = documents.bytes_of(issued, folder=settings.uploads)

    people = [row.application.person for row in ranked.rows]
    secrets = [text for person in people for text in (
        person.surname, person.name, person.full_name, person.birth_date.isoformat(), f"{person.birth_date:%d/%m/%Y}",
        person.codice_fiscale, str(person.id),
    ) if text]  # fmt: skip
    for row in ranked.rows:
        isee = f"{row.application.isee:.2f}"
        secrets += [isee, isee.replace(".", ","), f"{row.application.isee:,.2f}", str(row.application.id)]
        secrets += [f"{row.application.isee:,.2f}".translate(str.maketrans(",.", ".,"))]
        secrets += [text for text in (row.application.note, row.draw) if text]
    shown, inside = words(made).casefold(), everything_in(made)
    metadata = str(reader(made).metadata) + str(reader(made).xmp_metadata)
    for secret in secrets:
        assert secret.casefold() not in shown, secret
        assert secret.encode() not in inside, secret
        assert secret.encode("utf-16-be") not in inside, secret
        assert secret not in metadata, secret
    assert "disab" not in shown
    assert "Luca Neri" not in shown


def test_the_search_for_names_would_find_one_that_is_there(ranked, session):
    """The test above is worth something only if a name that stands in a PDF is found in it."""
    application = ranked.rows[0].application
    made = draft(session, "receipt", application)

    assert application.person.surname.casefold() in words(made).casefold()


def test_a_rule_is_published_without_what_it_looked_at():
    assert public_rule("R-H1.property") == "R-H1"
    assert public_rule("Art. 5") == "Art. 5"


def test_the_internal_ranking_has_the_points_of_each_group(ranked, session):
    told = words(draft(session, "internal-ranking", ranked))

    assert "Internal document" in told
    for points in ("40.00", "20.00", "16.88", "76.88"):
        assert points in told
    assert ranked.digest in told


def test_the_receipt_and_the_notice_say_what_was_asked_and_until_when(ranked, session):
    application = ranked.rows[0].application
    receipt, notice = words(draft(session, "receipt", application)), words(draft(session, "notice", ranked.call))

    assert application.protocol in receipt
    assert "12/03/2026" in receipt
    for text in ("2026/01", "31/03/2026", "16,000.00 €".replace(" ", "\u00a0"), "MON-001", "Lower ISEE"):
        assert text.replace("\u00a0", " ") in notice


def test_the_letter_of_exclusion_names_rule_and_reason(ranked, session):
    excluded = ranked.rows[4].application
    told = words(draft(session, "exclusion", excluded))

    for text in (excluded.protocol, "R-H1", "ISEE 16000.01", "ISEE of at most 16,000.00 €", "within 15 days"):
        assert text in told
    with pytest.raises(Refusal, match="cannot be made now"):
        draft(session, "exclusion", ranked.rows[0].application)


def test_a_request_has_its_outcome_once_it_is_decided(ranked, session):
    request = appeals.register_appeal(
        session, application=ranked.rows[1].application, received_on=date(2026, 4, 28), grounds="Three minors"
    )
    with pytest.raises(Refusal, match="cannot be made now"):
        draft(session, "outcome", request)
    appeals.reject_appeal(session, request, reason="Out of time")

    told = words(draft(session, "outcome", request))
    for text in (request.protocol, "Out of time", "is rejected", "28/04/2026"):
        assert text in told


def test_an_offer_and_the_act_that_assigns(ranked, session, desk):
    as_clerk(session, "Ada Verdi")
    rankings.make_final(session, ranked, act="60/2026", on=date(2026, 5, 4))
    home = desk.home("MON-009")
    offer = assignments.offer_dwelling(session, ranked.rows[0].application, dwelling=home, offered_on=date(2026, 5, 6))

    told = words(draft(session, "offer", offer))
    assert "MON-009" in told
    assert "16/05/2026" in told
    assert "Zanardelli" in told

    assignments.accept_offer(session, offer, on=date(2026, 5, 8))
    act = words(draft(session, "decree", offer))
    assert ranked.rows[0].protocol in act
    assert "08/05/2026" in act
    assert "Zanardelli" not in act


@pytest.fixture
def lease(desk, session):
    """HOU-4: seven rents of 480.00 due on the 5th, 1,260.00 paid."""
    made = desk.lease(home=desk.home("MON-002"), deposit=Decimal("1440.00"), due_day=5)
    for month in range(1, 8):
        ledger.add_charge(session, made, kind=ChargeKind.RENT, due_on=date(2026, month, 5), amount=Decimal("480.00"))
    ledger.record_payment(session, made, amount=Decimal("1260.00"), paid_on=date(2026, 3, 10), reference="CRO 77")
    return made


@pytest.fixture
def mid_july(monkeypatch):
    for place in ("documents.money", "services.arrears", "pages.panels"):
        monkeypatch.setattr(f"plugins.housing.{place}.today", lambda: date(2026, 7, 15), raising=False)


def test_the_statement_has_the_balance_and_the_ages_of_hou_4(lease, session, mid_july):
    told = words(draft(session, "statement", lease))

    assert "1–30 days 480.00 €" in told
    assert "91–180 days 660.00 €" in told
    assert "Total 2,100.00 €" in told
    assert "Total 3,360.00 € 1,260.00 € 2,100.00 €" in told


def test_reminder_and_formal_notice_list_what_is_past_due(lease, session, mid_july):
    reminder, notice = words(draft(session, "reminder", lease)), words(draft(session, "formal-notice", lease))

    for told in (reminder, notice):
        assert "05/03/2026 Rent 03/2026 132 180.00 €" in told
        assert "Total 2,100.00 €" in told
        assert "30/07/2026" in told
    assert "L. 392/1978" in notice
    assert "L. 392/1978" not in reminder


def test_a_repayment_plan_lists_debt_and_instalments_of_hou_5(lease, session):
    plan = plans.propose_plan(session, lease, count=9, first_due=date(2026, 9, 10), on=date(2026, 7, 15))

    told = words(draft(session, "plan", plan))
    assert "05/03/2026 Rent 03/2026 180.00 €" in told
    assert "1 10/09/2026 233.33 €" in told
    assert "9 10/05/2027 233.36 €" in told
    assert "Total 2,100.00 €" in told


def test_nobody_is_reminded_of_nothing(desk, session):
    with pytest.raises(Refusal, match="cannot be made now"):
        draft(session, "reminder", desk.lease())


def test_the_receipt_of_a_payment_says_what_it_settles(lease, session):
    [payment] = lease.payments
    told = words(draft(session, "payment-receipt", payment))

    assert "Amount 1,260.00 €" in told
    assert "CRO 77" in told
    assert "05/03/2026 Rent 03/2026 300.00 €" in told


def test_the_account_of_a_deposit_has_the_interest_of_hou_3_year_by_year(desk, session, monkeypatch):
    percents = {2024: "2.5", 2025: "2.0", 2026: "1.6"}
    seed(
        session,
        [("legal_interest", told, date(year, 1, 1), date(year, 12, 31), "DM") for year, told in percents.items()],
    )
    lease = desk.lease(starts_on=date(2024, 3, 1), deposit=Decimal("1440.00"))
    deposits.take_deposit(session, lease, amount=Decimal("1440.00"), on=date(2024, 3, 1))
    monkeypatch.setattr("plugins.housing.documents.money.today", lambda: date(2026, 6, 30))

    told = words(draft(session, "deposit", lease))

    assert "2024 02/03/2024 31/12/2024 305 2.50% 30.08 €" in told
    assert "2025 01/01/2025 31/12/2025 365 2.00% 28.80 €" in told
    assert "2026 01/01/2026 30/06/2026 181 1.60% 11.43 €" in told
    assert "70.31 €" in told
    assert "1,510.31 €" in told


def test_the_text_of_a_lease_names_parties_home_rent_and_deposit(lease, session):
    told = words(draft(session, "lease", lease))

    for text in (
        "Hoxha Arben",
        "born on 03/05/1984",
        "Via Roma 4",
        "480.00 €",
        "1,440.00 €",
        "at most 3 monthly rents",
    ):
        assert text in told


def test_a_handover_report_lists_things_and_meters(desk, session):
    lease = desk.lease()
    report = handovers.open_handover(
        session, lease=lease, kind=HandoverKind.DELIVERY, made_on=date(2026, 1, 2), present="A. Neri, tenant", keys=2
    )
    report.items = [InventoryItem(room="Kitchen", name="Table *oak*", quantity=1, condition=Condition.GOOD)]
    meters.record_reading(
        session, dwelling=lease.dwelling, kind=MeterKind.GAS, serial="G-7", value=Decimal("120.500"),
        read_on=date(2026, 1, 2), handover=report,
    )  # fmt: skip

    told = words(draft(session, "handover", report))
    for text in ("Kitchen Table *oak* 1 Good", "Gas (m³) G-7 120.5", "A. Neri, tenant", "The tenant"):
        assert text in told


def test_the_reports_are_printed_without_a_number(lease, session, mid_july):
    lease.dwelling.available_from = date(2025, 12, 1)
    arrears = printed(session, "housing.arrears", date(2026, 7, 15), language="en")
    homes = printed(session, "housing.occupancy", Period(date(2025, 12, 1), date(2026, 1, 31)), language="en")

    assert lease.number in words(arrears)
    assert "2,100.00 €" in words(arrears)
    assert "31 31" in words(homes), "a month let, a month empty"
    assert "DRAFT" not in words(arrears)
    assert "Protocol number" not in words(homes)


def test_every_document_is_made_in_italian_too_from_a_record_full_of_signs(ranked, lease, session, desk):
    write_letterhead(session, address="Piazza #1\n*Montichiari* $x$", contacts="a@b.example <c>")
    lease.tenants[0].person.surname = "#panic() \\ @rossi"
    lease.dwelling.address = "Via *Roma* _4_ 😀"
    session.flush()

    for key, record in (
        ("notice", ranked.call), ("receipt", ranked.rows[0].application), ("public-ranking", ranked),
        ("internal-ranking", ranked), ("statement", lease), ("lease", lease), ("reminder", lease),
    ):  # fmt: skip
        made = draft(session, key, record, language="it")
        assert reader(made).trailer["/Root"]["/Lang"] == "it"
        assert reader(made).trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "#panic() \\ @rossi Arben" in words(made)
    assert "Via *Roma* _4_ 😀" in words(made)

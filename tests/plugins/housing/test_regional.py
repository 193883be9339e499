"""The region's ranking of public housing: read, refused whole with every problem, imported in versions."""

import io
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
from sqlalchemy import func, select

from core.refusals import Refusal
from core.resource.tables import read_table
from plugins.housing.models import Application, ApplicationState, CheckOutcome, LeaseKind, Ranking, Regime
from plugins.housing.rules.regional import read_regional
from plugins.housing.services import appeals, applications, assignments, calls, checks, leases, rankings, regional
from tests.plugins.housing.test_services_ranking import as_colleague

OFFERED = {"mon-001": True, "mon-002": True, "mon-900": False}
FILE = (
    "ID domanda;ISBAR;Nucleo indigente;Alloggi;Note\n"
    "LOM-1;45,20;no;MON-001,MON-002;x\n"
    "LOM-2;61,00;sì;MON-001;\n"
    "LOM-3;45,20;no;MON-002;\n"
)


def told(text, encoding="utf-8"):
    return read_regional(read_table(text.encode(encoding)), OFFERED)


def wrong(text):
    return [(one.line, one.column, one.value) for one in told(text).problems]


def row(*cells):
    return "domanda;isbar;indigente;alloggi\n" + ";".join(cells) + "\n"


def test_rows_stand_by_points_and_equal_points_keep_the_regions_order():
    found = told(FILE)

    assert [(one.application, one.isbar, one.indigent, one.homes) for one in found.rows] == [
        ("LOM-2", Decimal("61.00"), True, ("mon-001",)),
        ("LOM-1", Decimal("45.20"), False, ("mon-001", "mon-002")),
        ("LOM-3", Decimal("45.20"), False, ("mon-002",)),
    ]
    assert (found.problems, found.unread) == ((), ("Note",))


@pytest.mark.parametrize("same", [
    FILE.replace(";", "\t"),
    FILE.replace("ID domanda", "Numero domanda").replace("ISBAR", "Punteggio").replace("Alloggi", "Unità abitative"),
    FILE.replace("MON-001,MON-002", "MON-001 | MON-002").replace("sì", "S"),
    FILE.replace("45,20", "45.2"),
])  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_separators_synonyms_and_encodings_say_the_same_thing(same, encoding):
    assert told(same, encoding).digest == told(FILE).digest


def test_the_homes_may_stand_in_two_columns():
    found = told("id domanda;isbar;indigente;alloggio 1;alloggio 2\nLOM-1;10;no;MON-001;MON-002\n")

    assert found.rows[0].homes == ("mon-001", "mon-002")


@pytest.mark.parametrize(("cells", "column", "value"), [
    (("", "10", "no", "MON-001"), "domanda", ""),
    (("L" * 41, "10", "no", "MON-001"), "domanda", "L" * 41),
    (("LOM-1", "", "no", "MON-001"), "isbar", ""),
    (("LOM-1", "dieci", "no", "MON-001"), "isbar", "dieci"),
    (("LOM-1", "-1", "no", "MON-001"), "isbar", "-1"),
    (("LOM-1", "10,125", "no", "MON-001"), "isbar", "10,125"),
    (("LOM-1", "10", "forse", "MON-001"), "indigente", "forse"),
    (("LOM-1", "10", "", "MON-001"), "indigente", ""),
    (("LOM-1", "10", "no", ""), "alloggi", ""),
    (("LOM-1", "10", "no", "MON-404"), "alloggi", "MON-404"),
    (("LOM-1", "10", "no", "MON-900"), "alloggi", "MON-900"),
    (("LOM-1", "10", "no", "MON-001,mon-001"), "alloggi", "mon-001"),
    (("LOM-1", "10", "no", "MON-001,MON-002,MON-001"), "alloggi", "MON-001"),
])  # fmt: skip
def test_each_problem_is_named_by_row_column_and_value(cells, column, value):
    assert (2, column, value) in wrong(row(*cells))


def test_three_homes_are_one_too_many():
    offered = {**OFFERED, "mon-003": True}
    found = read_regional(read_table(row("LOM-1", "10", "no", "MON-001,MON-002,MON-003").encode()), offered)

    assert [(one.line, one.column) for one in found.problems] == [(2, "alloggi")]
    assert "3" in found.problems[0].reason


def test_all_the_problems_of_a_row_are_told_and_a_double_names_the_first():
    text = row("LOM-1", "x", "boh", "MON-404") + "LOM-1;10;no;MON-001\n"

    assert wrong(text) == [
        (2, "isbar", "x"), (2, "indigente", "boh"), (2, "alloggi", "MON-404"), (3, "domanda", "LOM-1"),
    ]  # fmt: skip


def test_a_missing_column_says_what_it_may_be_called():
    (problem,) = told("id domanda;indigente;alloggi\nLOM-1;no;MON-001\n").problems

    assert problem.line == 1
    assert "punteggio" in problem.reason


def sap(desk, **rest):
    homes = [desk.home(code) for code in ("MON-001", "MON-002")]
    for one in homes:
        one.regime = Regime.SAP
    desk.home("MON-900")
    call = calls.prepare_call(
        desk.session, number="SAP/2026/01", title="Avviso SAP", regime=Regime.SAP, opens_on=date(2026, 3, 1),
        closes_on=date(2026, 3, 31), homes=homes, residence_required=False, no_property_required=False, **rest,
    )  # fmt: skip
    return calls.publish_call(desk.session, call)


def brought(desk, call, text=FILE):
    return regional.import_regional(desk.session, call, content=text.encode())


def count(desk, model):
    return desk.session.scalar(select(func.count(model.id)))


def test_the_regions_rows_become_applications_without_a_person_and_a_version(desk):
    call = sap(desk)

    report = brought(desk, call)

    ranking = report.ranking
    assert (report.read, report.created, report.updated, report.gone) == (3, 3, 0, 0)
    assert [(one.position, one.protocol, one.total) for one in ranking.rows] == [
        (1, "LOM-2", Decimal("61.00")), (2, "LOM-1", Decimal("45.20")), (3, "LOM-3", Decimal("45.20")),
    ]  # fmt: skip
    assert ranking.rows[0].application.person is None
    assert ranking.rows[0].reserve == "indigent"
    assert [line["criterion"] for line in ranking.rows[0].lines] == ["ISBAR calcolato dalla piattaforma regionale"]


def test_a_trial_writes_nothing(desk):
    call = sap(desk)

    report = regional.try_regional(desk.session, call, content=FILE.encode())

    assert (report.created, count(desk, Application), count(desk, Ranking)) == (3, 0, 0)


def test_one_wrong_row_keeps_the_whole_file_out(desk):
    call = sap(desk)

    with pytest.raises(Refusal) as refused:
        brought(desk, call, FILE + "LOM-4;x;no;MON-404\n")

    assert len(refused.value.refusals) == 2
    assert (count(desk, Application), count(desk, Ranking)) == (0, 0)


def test_the_same_file_twice_changes_nothing_and_a_changed_one_makes_a_new_version(desk):
    call = sap(desk)
    first = brought(desk, call).ranking
    again = brought(desk, call, FILE.replace(";", "\t"))
    assert (again.known, again.ranking, again.unchanged, count(desk, Ranking)) == (True, first, 3, 1)

    changed = brought(
        desk, call, FILE.replace("LOM-3;45,20", "LOM-3;70,00").replace("LOM-1;45,20;no;MON-001,MON-002;x\n", "")
    )

    assert (changed.updated, changed.unchanged, changed.gone) == (1, 1, 1)
    assert [(one.position, one.protocol) for one in changed.ranking.rows] == [(1, "LOM-3"), (2, "LOM-2")]
    assert [one.protocol for one in first.rows] == ["LOM-2", "LOM-1", "LOM-3"]
    gone = desk.session.scalars(select(Application).where(Application.protocol == "LOM-1")).one()
    assert (gone.state, gone.rule) == (ApplicationState.EXCLUDED, "R-SAP")
    brought(desk, call)
    assert gone.state is ApplicationState.ADMITTED


def test_a_number_of_another_call_is_a_problem(desk):
    brought(desk, sap(desk))
    home = desk.home("MON-555")
    other = calls.prepare_call(
        desk.session, number="SAP/2026/02", title="Altro", regime=Regime.SAP, opens_on=date(2026, 9, 1),
        closes_on=date(2026, 9, 30), homes=[home],
    )  # fmt: skip
    calls.publish_call(desk.session, other)

    report = regional.try_regional(desk.session, other, content=row("LOM-1", "10", "no", "MON-555").encode())

    assert [(one.line, one.value) for one in report.problems] == [(2, "LOM-1")]
    assert "SAP/2026/01" in report.problems[0].reason


def test_a_spreadsheet_is_read_like_a_text_file(desk):
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(
            [("Domanda", "ISBAR", "Indigente", "Alloggi"), ("LOM-1", 45.2, "no", "MON-001")]
        ):
            sheet.write_row(number, 0, cells)

    report = regional.import_regional(desk.session, sap(desk), content=written.getvalue())

    assert [(one.protocol, one.total) for one in report.ranking.rows] == [("LOM-1", Decimal("45.20"))]


def test_the_region_alone_takes_in_and_ranks_public_housing(desk):
    call = sap(desk)
    person, _household, _certificate = desk.family()

    with pytest.raises(Refusal) as refused:
        applications.submit_application(desk.session, call=call, person=person, answers={}, on=date(2026, 3, 12))
    assert refused.value.field == "call"
    calls.close_call(desk.session, call, on=date(2026, 4, 1))
    with pytest.raises(Refusal, match="region ranks"):
        rankings.draw_up_ranking(desk.session, call)
    with pytest.raises(Refusal, match="SAP"):
        brought(desk, desk.call(desk.home("MON-700")))


def verified(desk, application, *subjects):
    for subject in subjects:
        checks.record_check(
            desk.session, application, subject=subject, outcome=CheckOutcome.CONFIRMED, document="INPS 12/04/2026"
        )


def test_from_the_regions_row_to_the_lease_after_the_offices_verifications(desk):
    ranking = brought(desk, sap(desk)).ranking
    as_colleague(desk.session)
    rankings.publish_ranking(desk.session, ranking, on=date(2026, 4, 10))
    rankings.make_final(desk.session, ranking, on=date(2026, 4, 28))
    best, (home, other) = ranking.rows[0].application, [one.dwelling for one in ranking.call.homes]

    with pytest.raises(Refusal, match="Identify"):
        assignments.offer_dwelling(desk.session, best, dwelling=home)
    person, _household, _certificate = desk.family("2500.00")
    regional.identify_applicant(desk.session, best, person=person, on=date(2026, 4, 29))
    assert (best.person, best.isee, best.snapshot["members"][0]["name"]) == (person, Decimal("2500.00"), "Hoxha Arben")
    with pytest.raises(Refusal):
        regional.identify_applicant(desk.session, best, person=desk.person("Altri"))
    with pytest.raises(Refusal, match=r"R-H1.*Indigent"):
        assignments.offer_dwelling(desk.session, best, dwelling=home)
    verified(desk, best, "R-H1", "indigent")
    with pytest.raises(Refusal, match="did not ask"):
        assignments.offer_dwelling(desk.session, best, dwelling=other)

    offer = assignments.offer_dwelling(desk.session, best, dwelling=home, offered_on=date(2026, 5, 4))
    assignments.accept_offer(desk.session, offer, on=date(2026, 5, 8))
    assignments.assign(desk.session, offer, decree="171/2026")
    lease = leases.sign_lease(
        desk.session, assignment=offer, kind=LeaseKind.SAP, starts_on=date(2026, 6, 1), monthly_rent=Decimal(120)
    )

    assert lease.tenants[0].person is person


def test_a_request_granted_about_the_regions_points_waits_for_its_corrected_file(desk):
    ranking = brought(desk, sap(desk)).ranking
    as_colleague(desk.session)
    rankings.publish_ranking(desk.session, ranking, on=date(2026, 4, 10))
    appeal = appeals.register_appeal(
        desk.session, application=ranking.rows[1].application, received_on=date(2026, 4, 20), grounds="Points"
    )

    appeals.grant_appeal(desk.session, appeal, reason="The region confirms", answers={})

    assert (appeal.led_to, count(desk, Ranking)) == (None, 1)
    assert brought(desk, ranking.call, FILE.replace("LOM-1;45,20", "LOM-1;65,00")).ranking.edition == 2

"""Each example file is imported by command: every wrong row is named as the page says, and nothing happens twice."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import func, select

from core.people.models import Household, IseeCertificate, Person
from examples.make import HERE, sheets
from examples.making.sheet import Sheet, written
from plugins.housing.models import Application, Dwelling
from tests.examples.conftest import TOWN

HOMES, RESIDENTS, ASKED = sheets()
KEYS = {HOMES.name: "housing.dwellings", RESIDENTS.name: "people", ASKED.name: "housing.applications"}
MODELS = {HOMES.name: Dwelling, RESIDENTS.name: Person, ASKED.name: Application}
COUNTS = re.compile(r"(\d+) righe lette: (\d+) create, (\d+) aggiornate, (\d+) invariate, (\d+) scartate")
Office = Callable[..., Result]

# Each database, each kind of file, a network that is empty or full: two of the eight have them all.
EACH = pytest.mark.parametrize(
    ("server", "kind", "network"), [("sqlite", "csv", "demo"), ("postgresql", "xlsx", "alone")], indirect=["server"]
)


def take_in(office: Office, sheet: Sheet, kind: str, *options: str) -> Result:
    return office("import", KEYS[sheet.name], str(HERE / f"{sheet.name}.{kind}"), "--partner", TOWN, *options)


def counts(told: Result) -> tuple[int, ...]:
    found = COUNTS.search(told.stdout)
    assert found, told.output
    read, *outcomes = (int(number) for number in found.groups())
    assert read == sum(outcomes)
    return read, *outcomes


def named(report: Path, sheet: Sheet) -> dict[int, str]:
    """Line → the error that the report gives, of the rows it rejects."""
    with report.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    places = [place for place, _row in sheet.filled()]
    return {place + 2: row["Errore"] for place, row in zip(places, rows, strict=True) if row["Esito"] == "scartata"}


def check_report(told: Result, report: Path, sheet: Sheet) -> None:
    """The report names exactly the rows of the page, each with its column, value and reason."""
    errors = named(report, sheet)
    assert {line - 2 for line in errors} == set(sheet.faults), told.output
    for place, fault in sheet.faults.items():
        line, value = place + 2, written(sheet.rows[place].get(fault.column))
        problems = [one for one in told.stderr.splitlines() if one.startswith(f"Riga {line}: ")]
        assert len(problems) == 1, (line, told.stderr)
        assert problems[0].startswith(f"Riga {line}: {fault.column}"), problems
        assert f"{fault.column}: " in errors[line]
        if value and not re.fullmatch(r"[-\d./,]+", value):
            assert f"“{value}”" in problems[0]
        assert len(errors[line]) > len(fault.column) + 12


@pytest.fixture
def ready(office: Office, open_call: Callable[[], None]) -> Callable[[Sheet], None]:
    """Brings in what a file speaks of, so that it can be imported in its turn."""

    def prepare(sheet: Sheet) -> None:
        if sheet is ASKED:
            for other in (HOMES, RESIDENTS):
                take_in(office, other, "csv", "--only-valid")
            open_call()

    return prepare


def how_many(town, *models) -> list[int]:
    with town() as looking:
        return [looking.scalar(select(func.count()).select_from(model)) for model in models]


@EACH
@pytest.mark.parametrize("sheet", [HOMES, RESIDENTS, ASKED], ids=lambda sheet: sheet.name)
def test_a_file_is_tried_written_and_written_again(office, town, ready, sheet, kind, tmp_path):
    ready(sheet)
    bad, good = len(sheet.faults), len(sheet.good())
    everything = (MODELS[sheet.name], Person, Household, IseeCertificate)
    before, report = how_many(town, *everything), tmp_path / "report.csv"

    tried = take_in(office, sheet, kind, "--dry-run", "--report", str(report))
    assert counts(tried) == (good + bad, good, 0, 0, bad), tried.output
    assert tried.exit_code == 1
    check_report(tried, report, sheet)
    assert how_many(town, *everything) == before

    whole = take_in(office, sheet, kind)
    assert counts(whole) == counts(tried)
    assert whole.exit_code == 1
    assert how_many(town, *everything) == before

    first = take_in(office, sheet, kind, "--only-valid")
    assert counts(first) == counts(tried)
    after = how_many(town, *everything)
    assert after[0] == before[0] + good

    second = take_in(office, sheet, kind, "--only-valid", "--report", str(report))
    assert counts(second) == (good + bad, 0, 0, good, bad), second.output
    assert how_many(town, *everything) == after
    assert set(named(report, sheet)) == {place + 2 for place in sheet.faults}


def test_the_report_mended_is_a_file_that_comes_in(office, town, tmp_path):
    report = tmp_path / "report.csv"
    take_in(office, HOMES, "csv", "--only-valid", "--report", str(report))
    rows = list(csv.reader(io.StringIO(report.read_text("utf-8-sig"), newline=""), delimiter=";"))
    mended = [rows[0], *(row for row in rows if row[1] == "" and row[0])]
    mended[1][1] = "Via Roma 1"
    with report.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(mended)

    told = office("import", "housing.dwellings", str(report), "--partner", TOWN)

    assert counts(told) == (1, 1, 0, 0, 0), told.output

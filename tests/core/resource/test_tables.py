"""Files as offices send them are read, and what is no list of rows is refused with its reason."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from core.refusals import Refusal
from core.resource import tables
from core.resource.tables import read_table

LINES = "Nome;Città\r\nZoë;Forlì\r\n"


def workbook(*lines: list[object]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        page, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        for number, line in enumerate(lines):
            for place, value in enumerate(line):
                page.write(number, place, value, day) if isinstance(value, date) else page.write(number, place, value)
    return content.getvalue()


def archive(**files: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(name.replace("__", "/").replace("_", "."), text)
    return content.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        read_table(content)
    assert caught.value.field == "file"
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_csv_is_read_in_the_encodings_and_separators_of_offices(encoding, separator):
    table = read_table(LINES.replace(";", separator).encode(encoding))

    assert table.headings == ["Nome", "Città"]
    assert table.rows[0].values == {"Nome": "Zoë", "Città": "Forlì"}


def test_blank_lines_count_as_lines_and_hold_no_row():
    table = read_table(b"Nome;Comune\n\nAnna;Visano\n;\nLuca;Remedello\n")

    assert [row.line for row in table.rows] == [3, 5]


def test_a_workbook_gives_real_dates_and_dates_typed_as_text_alike():
    table = read_table(workbook(["Nome", "Nato il"], ["Anna", date(1984, 12, 31)], ["Luca", "31/12/1984"]))

    assert [row.values["Nato il"] for row in table.rows] == ["1984-12-31", "31/12/1984"]


def test_signs_of_no_known_encoding_are_told_with_their_line():
    assert "Row 3" in refusal(b"Nome\nAnna\nZo\x81\n")


def test_a_file_without_a_row_is_told():
    assert "only headings" in refusal(b"Nome;Comune\n\n")
    assert "empty" in refusal(b"")
    assert "only headings" in refusal(workbook(["Nome", "Comune"]))


def test_a_heading_that_stands_twice_or_is_missing_is_named_with_its_columns():
    assert refusal(b"Nome;CAP;nome\nAnna;25018;Rita\n") == (
        "The heading “nome” stands on columns 1 and 3: give each its own."
    )
    assert "Column 2" in refusal(b"Nome;;CAP\nAnna;x;25018\n")


def test_an_archive_that_is_no_workbook_is_told_from_a_damaged_one():
    assert "zip archive" in refusal(archive(people_csv=LINES))
    assert "damaged" in refusal(workbook(["Nome"], ["Anna"])[:200])
    assert "cannot be read" in refusal(archive(xl__workbook_xml="<workbook>"))


def test_an_archive_that_unpacks_to_far_more_is_not_opened():
    assert "far more" in refusal(archive(xl__workbook_xml="a" * 10_000_000))


def test_an_old_workbook_is_no_text():
    assert "not a CSV or XLSX" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 64)


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 2)

    assert "more than 2 rows" in refusal(b"Nome\nAnna\nLuca\nZoe\n")

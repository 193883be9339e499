"""Lists that were exported come back unchanged, and what a file says wrongly is told in its place."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import Result
from sqlalchemy import select

from core.people.models import Person
from plugins.housing.models import Dwelling
from tests.examples.conftest import TOWN
from tests.examples.test_imports import HOMES, KEYS, RESIDENTS, counts, how_many, take_in

HEADINGS = "Cognome;Nome;Sesso;Data di nascita;Codice fiscale;Noto ai servizi"
ANNA = "Perini;Anna;F;06/09/1981;PRNNNA81P46D643O;no"


@pytest.fixture
def send(office: Callable[..., Result], tmp_path: Path) -> Callable[..., Result]:
    """Imports lines of text, or a whole workbook, into the people."""

    def sent(content: str | bytes, *options: str, name: str = "persone.csv") -> Result:
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return office("import", "people", str(file), "--partner", TOWN, *options)

    return sent


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("sheet", [HOMES, RESIDENTS], ids=lambda sheet: sheet.name)
def test_an_exported_list_comes_back_unchanged(office, town, sheet, kind, tmp_path):
    take_in(office, sheet, "csv", "--only-valid")
    before, file = how_many(town, Dwelling, Person), tmp_path / f"list.{kind}"

    exported = office("export", KEYS[sheet.name], str(file), "--partner", TOWN)
    back = office("import", KEYS[sheet.name], str(file), "--partner", TOWN)

    assert exported.exit_code == back.exit_code == 0, back.output
    good = len(sheet.good())
    assert counts(back) == (good, 0, 0, good, 0), back.output
    assert how_many(town, Dwelling, Person) == before


def test_an_unknown_column_is_named_with_the_nearest_and_nothing_is_read(send, town):
    told = send(f"{HEADINGS};Telefonno;Numero di scarpe\n{ANNA};030 5550142;38\n")

    assert counts(told) == (1, 0, 0, 0, 1)
    assert "Riga 1: Telefonno: Nessun campo ha questa intestazione. I più vicini: Telefono" in told.stderr
    assert "Riga 1: Numero di scarpe: " in told.stderr
    assert how_many(town, Person) == [0]


def test_a_column_may_be_left_out_by_name(send):
    told = send(f"{HEADINGS};Numero di scarpe\n{ANNA};38\n", "--leave-out", "Numero di scarpe")

    assert counts(told) == (1, 1, 0, 0, 0), told.output


def test_two_columns_that_mean_the_same_are_refused(send):
    told = send(f"{HEADINGS};CF\n{ANNA};PRNNNA81P46D643O\n")

    assert told.exit_code == 1
    assert "«Codice fiscale» e «CF»" in str(told.exception)


def test_the_same_codice_fiscale_twice_in_a_file_is_told_with_the_first_row(send, town):
    told = send(f"{HEADINGS}\n{ANNA}\n\n{ANNA.replace('PRNNNA', 'prnnna')}\n")

    assert counts(told) == (2, 1, 0, 0, 1)
    assert "Riga 4: Codice fiscale “prnnna81P46D643O”: Lo stesso valore è già nella riga 2" in told.stderr
    assert how_many(town, Person) == [0]


def test_a_date_typed_as_text_in_a_workbook_is_read_or_told(send):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS.split(";"))
        page.write_row(1, 0, ANNA.split(";"))
        page.write_row(2, 0, ANNA.replace("06/09/1981", "6 settembre").replace("PRNNNA81P46D643O", "").split(";"))

    told = send(content.getvalue(), "--only-valid", name="persone.xlsx")

    assert counts(told) == (2, 1, 0, 0, 1)
    assert "Riga 3: Data di nascita “6 settembre”: «6 settembre» non è una data" in told.stderr


def test_who_looks_like_somebody_waits_for_a_yes_in_its_column(send, town):
    """Two sisters born the same day, one letter apart, are two people: the office says so."""
    twin = "Perini;Anita;F;06/09/1981;PRNNTA81P46D643I;no"
    send(f"{HEADINGS}\n{ANNA.replace('Anna', 'Anitta').replace('PRNNNA81P46D643O', 'PRNNTT81P46D643B')}\n")

    held = send(f"{HEADINGS}\n{twin}\n")
    confirmed = send(f"{HEADINGS};Altra persona\n{twin};sì\n")
    again = send(f"{HEADINGS};Altra persona\n{twin};sì\n")

    assert counts(held) == (1, 0, 0, 0, 1), held.output
    assert "Possibile doppione" in held.stderr
    assert "scrivi sì nella colonna «Altra persona»" in held.stderr
    assert counts(confirmed) == (1, 1, 0, 0, 0), confirmed.output
    assert counts(again) == (1, 0, 0, 1, 0), again.output


def test_an_empty_cell_takes_nothing_away(send, town):
    send(f"{HEADINGS};Telefono\n{ANNA};030 5550142\n")

    told = send(f"{HEADINGS};Telefono\n{ANNA.replace('Anna', '')};\n")

    assert counts(told) == (1, 0, 0, 1, 0), told.output
    with town() as looking:
        assert looking.scalars(select(Person.phone)).one() == "+390305550142"


def test_what_changed_is_counted_and_written(send, town):
    send(f"{HEADINGS}\n{ANNA}\n")

    told = send(f"{HEADINGS};Telefono\n{ANNA};030 5550142\n")

    assert counts(told) == (1, 0, 1, 0, 0), told.output
    with town() as looking:
        assert looking.scalars(select(Person)).one().birth_date == date(1981, 9, 6)

"""The example files are what their script makes: good rows pass every rule, wrong ones fail where the page says."""

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from core.database.scope import ScopedSession
from core.demo.population import population
from core.language.reading import read_boolean, read_date, read_money, read_phone
from core.people.models import KnownToServices, NoCodiceFiscale, Sex
from core.people.rules.duplicates import Traits, likeness
from core.people.services import register_person
from core.places.models import Municipality
from core.places.reference import area_rows
from core.places.services import load_reference
from core.refusals import Refusal
from examples.make import HERE, main, sheets
from examples.making import people as listing
from examples.making.sheet import Sheet, written

HOMES, RESIDENTS, ASKED = sheets()
ALL = pytest.mark.parametrize("sheet", [HOMES, RESIDENTS, ASKED], ids=lambda sheet: sheet.name)
KNOWN = {"sì": KnownToServices.YES, "no": KnownToServices.NO, "non noto": KnownToServices.UNKNOWN}


def lines(sheet: Sheet) -> list[list[str]]:
    with (HERE / f"{sheet.name}.csv").open(encoding=sheet.encoding, newline="") as stream:
        return list(csv.reader(stream, delimiter=";"))


def test_the_committed_files_are_what_the_script_makes(tmp_path: Path) -> None:
    main(tmp_path)

    for file in [*HERE.glob("*.csv"), HERE / "README.md"]:
        assert (tmp_path / file.name).read_bytes() == file.read_bytes(), file.name
    for file in HERE.glob("*.xlsx"):
        made, kept = (
            CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0) for path in (tmp_path / file.name, file)
        )
        assert made.to_python() == kept.to_python(), file.name


@ALL
def test_five_rows_in_a_hundred_are_wrong_and_some_lines_are_blank(sheet: Sheet) -> None:
    filled = len(list(sheet.filled()))

    assert filled == {"dwellings": 60, "people": 400, "applications": 120}[sheet.name]
    assert 0.05 <= len(sheet.faults) / filled < 0.07
    assert sum(not any(line) for line in lines(sheet)) == len(sheet.rows) - filled > 0
    assert [] in lines(sheet)


@ALL
def test_the_page_names_each_wrong_row_by_its_line(sheet: Sheet) -> None:
    page, file = (HERE / "README.md").read_text(encoding="utf-8"), lines(sheet)
    for place, fault in sheet.faults.items():
        value = file[place + 1][sheet.headers.index(fault.column)]
        assert f"| {place + 2} | {fault.column} | {f'`{value}`' if value else '(empty)'} | {fault.why} |" in page


@ALL
def test_the_workbook_holds_the_same_rows_with_real_dates_and_numbers(sheet: Sheet) -> None:
    page = CalamineWorkbook.from_path(str(HERE / f"{sheet.name}.xlsx")).get_sheet_by_index(0).to_python()

    assert page[0] == list(sheet.headers)
    assert len(page) == len(sheet.rows) + 1
    for row, cells in zip(sheet.rows, page[1:], strict=True):
        for header, cell in zip(sheet.headers, cells, strict=True):
            value = row.get(header)
            if isinstance(value, date):
                assert cell == value
            elif isinstance(value, Decimal):
                assert Decimal(str(cell)) == value
            else:
                assert str(cell).removesuffix(".0") == written(value)


def test_good_homes_have_their_own_codes_and_readable_amounts() -> None:
    towns = {row["name"] for row in area_rows()}
    for row in HOMES.good():
        assert row["Comune"] in towns
        assert read_money(written(row["Canone mensile"])) == row["Canone mensile"]
        assert read_money(written(row["Superficie mq"])) == row["Superficie mq"]
        read_boolean(written(row["Ascensore"]))
    assert max(Counter(row["Codice alloggio"] for row in HOMES.good()).values()) == 1


def test_good_applications_are_of_listed_people_for_listed_homes_with_an_isee_in_force() -> None:
    codes = {row[listing.CODE] for row in RESIDENTS.good()}
    homes = {row["Codice alloggio"] for row in HOMES.good()}
    for row in ASKED.good():
        assert row["Codice fiscale richiedente"] in codes
        assert set(written(row["Alloggi richiesti"]).split(", ")) <= homes
        applied, declared = row["Data presentazione"], row["Data DSU"]
        assert isinstance(applied, date)
        assert isinstance(declared, date)
        assert declared.year == applied.year
        assert declared <= applied
    for column in ("Protocollo esterno", "Codice fiscale richiedente", "Protocollo DSU"):
        assert max(Counter(row[column] for row in ASKED.good()).values()) == 1


def test_listed_people_resemble_nobody_of_the_demo() -> None:
    others = [
        Traits(one.surname, one.name, one.birth_date, one.codice_fiscale, one.phone) for one in population().people
    ]
    surnames: dict[str, list[Traits]] = {}
    for other in others:
        surnames.setdefault(other.surname, []).append(other)
    alike = [
        row
        for row in RESIDENTS.good()
        for other in surnames.get(str(row["Cognome"]), ())
        if likeness(Traits(str(row["Cognome"]), str(row["Nome"]), row[listing.BIRTHDAY]), other).score  # type: ignore[arg-type]
    ]
    assert alike == []


def test_every_good_person_can_be_registered_and_no_wrong_one(session: ScopedSession) -> None:
    load_reference(session)
    towns = {town.name: town for town in session.query(Municipality).filter(Municipality.current)}
    registered = [register(session, row, towns) for row in RESIDENTS.good()]

    assert len(registered) == 380
    for place in RESIDENTS.faults:
        with pytest.raises(Refusal), session.begin_nested():
            register(session, RESIDENTS.rows[place], towns)


def register(session: ScopedSession, row: dict[str, Any], towns: dict[str, Municipality]) -> Any:
    cell = {header: written(value) for header, value in row.items()}
    if cell["Comune di residenza"] not in towns:
        raise Refusal("no such municipality")
    if cell["Sesso"] not in set(Sex):
        raise Refusal("M or F")
    if "(at)" in cell["Email"]:
        raise Refusal("no address")
    return register_person(
        session, surname=cell["Cognome"], name=cell["Nome"], sex=Sex(cell["Sesso"]),
        known_to_services=KNOWN[cell["Noto ai servizi"]], birth_date=read_date(cell["Data di nascita"]),
        birth_place=cell["Comune o stato di nascita"], citizenship=cell["Cittadinanza"],
        codice_fiscale=cell["Codice fiscale"] or None,
        no_codice_fiscale_reason=NoCodiceFiscale.FOREIGNER if cell["Motivo assenza CF"] else None,
        residence_address=cell["Indirizzo"], residence_municipality=towns[cell["Comune di residenza"]],
        residence_postcode=cell["CAP"], phone=read_phone(cell["Telefono"]) if cell["Telefono"] else None,
        email=cell["Email"] or None, first_contact_date=read_date(cell["Primo contatto"]),
    )  # fmt: skip

"""Statements as Italian banks export them to a spreadsheet: each with headings of its own.

The headings' row is looked for, because many files begin with the account's name and balance.
"""

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.banking.statement import Statement, StatementLine
from core.language import _
from core.language.matching import normalise
from core.language.reading import read_date, read_money
from core.refusals import Refusal, Refusals

XLSX = b"PK\x03\x04"
SEPARATORS = ";,\t|"
PREAMBLE = 40
MOST_PROBLEMS = 10

# The names of each column, as `normalise` writes them; the first that a file has wins, texts are put together.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "booked": ("data contabile", "data operazione", "data op", "data mov", "data movimento", "data registrazione",
               "data contab", "data reg", "booking date", "data"),
    "value": ("data valuta", "data val", "value date", "valuta"),
    "amount": ("importo", "importo eur", "importo in euro", "importo euro", "importo movimento", "ammontare",
               "amount", "movimento"),
    "credit": ("accrediti", "accredito", "avere", "entrate", "entrata", "importo avere", "importo accredito",
               "accrediti eur", "avere eur", "entrate eur", "credit", "importo a credito"),
    "debit": ("addebiti", "addebito", "dare", "uscite", "uscita", "importo dare", "importo addebito",
              "addebiti eur", "dare eur", "uscite eur", "debit", "importo a debito"),
    "sign": ("segno", "d a", "dare avere", "segno d a", "tipo movimento"),
    "currency": ("divisa", "currency", "valuta"),
    "counterpart": ("ordinante", "controparte", "ordinante beneficiario", "beneficiario ordinante", "nominativo",
                    "debitore", "nome controparte", "counterparty"),
    "iban": ("iban controparte", "iban ordinante", "iban debitore", "conto controparte", "iban"),
    "end_to_end": ("end to end id", "endtoendid", "end to end", "id end to end", "riferimento end to end", "e2e id"),
    "reference": ("cro", "trn", "cro trn", "trn cro", "riferimento", "riferimento banca", "numero operazione",
                  "n operazione", "id operazione", "codice operazione", "id transazione", "rif banca"),
}  # fmt: skip
TEXTS = ("causale", "descrizione", "descrizione operazione", "causale descrizione", "descrizione movimento",
         "descrizione estesa", "dettagli", "dettaglio", "operazione", "note", "causale estesa", "description",
         "informazioni aggiuntive", "tipo operazione", "remittance information")  # fmt: skip
BALANCES = re.compile(r"saldo (iniziale|finale|contabile|disponibile|liquido)|totale\b")
OUT = {"d", "dare", "-", "addebito", "a debito", "uscita"}
SHORT_YEAR = re.compile(r"(\d{1,2}[/.\-])(\d{1,2}[/.\-])(\d{2})")
CURRENCY = re.compile(r"[A-Za-z]{3}|€")


@dataclass(frozen=True)
class Layout:
    """Where each thing stands in the rows of one file."""

    row: int
    places: dict[str, int]
    texts: list[int] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether days, texts and amounts can be found."""
        amounts = "amount" in self.places or {"credit", "debit"} & self.places.keys()
        return bool(amounts) and "booked" in self.places and bool(self.texts or "counterpart" in self.places)


def read_table_of_movements(content: bytes) -> Statement:
    """The movements of a CSV or XLSX export; every row that cannot be read is named in the refusal."""
    rows = _read_xlsx(content) if content.startswith(XLSX) else _read_csv(_decoded(content))
    layout = _layout(rows)
    lines, problems = [], []
    for number, row in enumerate(rows[layout.row + 1 :], start=layout.row + 2):
        try:
            line = _line(_Cells(row, layout))
        except Refusal as refusal:
            problems.append(Refusal(_("Row %(line)s: %(reason)s", line=number, reason=refusal), field="file"))
            continue
        lines += [line] if line else []
    if problems:
        raise Refusals(problems[:MOST_PROBLEMS])
    return Statement(lines)


class _Cells:
    """One row, read by what its cells mean."""

    def __init__(self, row: list[str], layout: Layout) -> None:
        self.row, self.layout = row, layout

    def __getitem__(self, name: str) -> str:
        return self._at(self.layout.places.get(name))

    def _at(self, place: int | None) -> str:
        return "" if place is None or place >= len(self.row) else " ".join(self.row[place].split())

    @property
    def text(self) -> str:
        """Every description, without saying the same twice."""
        return " ".join(dict.fromkeys(filter(None, map(self._at, self.layout.texts))))

    @property
    def currency(self) -> str:
        """The currency, also where it stands under "Valuta", which as often is the value date."""
        return next((told for told in (self["currency"], self["value"]) if CURRENCY.fullmatch(told)), "EUR")


def _line(cells: _Cells) -> StatementLine | None:
    """The movement of a row; None when the row is blank, a balance or a total."""
    amount = _amount(cells)
    if amount is None or not cells["booked"] or BALANCES.match(normalise(cells.text or cells["booked"])):
        return None
    if cells.currency.upper() not in {"EUR", "€"}:
        raise Refusal(_("A movement is in %(currency)s: only euro can be read.", currency=cells.currency))
    value = cells["value"]
    return StatementLine(
        booked_on=_day(cells["booked"]), amount=amount,
        value_on=_day(value) if value and not CURRENCY.fullmatch(value) else None,
        text=cells.text, counterpart=cells["counterpart"],
        counterpart_iban=cells["iban"].replace(" ", "").upper(), end_to_end=cells["end_to_end"],
        bank_reference=cells["reference"],
    )  # fmt: skip


def _amount(cells: _Cells) -> Decimal | None:
    if told := cells["amount"]:
        amount = _money(told)
        return -abs(amount) if cells["sign"].casefold() in OUT else amount
    credit, debit = cells["credit"], cells["debit"]
    came_in = _money(credit) if credit else Decimal(0)
    went_out = abs(_money(debit)) if debit else Decimal(0)
    if came_in and went_out:
        raise Refusal(_("The row has both a credit and a debit."))
    return (came_in - went_out) or None


def _money(text: str) -> Decimal:
    """An amount with its sign before or after it, in either minus sign."""
    plain = text.replace("\u2212", "-").replace("EUR", "").strip()
    if plain.endswith(("-", "+")):
        plain = plain[-1] + plain[:-1].strip()
    return read_money(plain)


def _day(text: str) -> date:
    """The day of a movement; two digits of year are of this century, because no bank exports older ones."""
    short = SHORT_YEAR.fullmatch(text)
    return read_date(f"{short[1]}{short[2]}20{short[3]}" if short else text.split(" ", maxsplit=1)[0])


def _layout(rows: list[list[str]]) -> Layout:
    for number, row in enumerate(rows[:PREAMBLE]):
        found = _places(number, [_heading(cell) for cell in row])
        if found.is_complete:
            return found
    raise Refusal(
        _("The columns are not recognised: the file needs a row of headings such as "
          "Data, Valuta, Descrizione, Dare, Avere or Importo."),
        field="file",
    )  # fmt: skip


def _places(number: int, headings: list[str]) -> Layout:
    places: dict[str, int] = {}
    for name, synonyms in SYNONYMS.items():
        place = next((headings.index(one) for one in synonyms if one in headings), None)
        if place is not None and (place not in places.values() or name == "currency"):
            places[name] = place
    return Layout(number, places, [n for n, heading in enumerate(headings) if heading in TEXTS])


def _heading(cell: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", normalise(cell).replace("€", " eur ")))


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content:
        raise Refusal(_("This is not a CSV, XLSX or CAMT.053 file: export the statement again."), field="file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _read_csv(text: str) -> list[list[str]]:
    """The rows, cut by the separator that gives the fullest headings."""
    lines = text.splitlines()[:PREAMBLE]
    separator = max(SEPARATORS, key=lambda one: max((line.count(one) for line in lines), default=0))
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def _read_xlsx(content: bytes) -> list[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415  not needed at start

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise Refusal(_("This XLSX file cannot be read: save it again from the spreadsheet."), field="file") from error
    return [[_cell(value) for value in row] for row in rows]


def _cell(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return f"{value:.2f}" if isinstance(value, float) else str(value)

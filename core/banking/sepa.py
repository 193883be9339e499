"""Orders to the bank: direct debits (pain.008) and credit transfers (pain.001), checked against their schema.

The library `sepaxml` writes the message and ships ISO's schemas. Here stands what it does not know: which
characters a bank takes, which identifiers are well made, and whole cents.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from importlib.resources import files
from typing import Any, Literal

from stdnum.eu import at_02
from stdnum.exceptions import ValidationError

from core.banking.cbi import as_cbi_message
from core.banking.characters import sepa_identifier, sepa_text
from core.language import _
from core.money.iban import read_iban
from core.money.rules import cents
from core.refusals import Refusal

DEBITS, TRANSFERS = "pain.008.001.08", "pain.001.001.09"
MOST_AMOUNT = Decimal("999999999.99")
NAME, TEXT = 70, 140
Dialect = Literal["iso", "cbi"]


class DebitSequence(StrEnum):
    """Which collection of a mandate it is."""

    FIRST = "FRST"
    RECURRENT = "RCUR"
    LAST = "FNAL"
    ONE_OFF = "OOFF"


@dataclass(frozen=True)
class Party:
    """Who orders: the account's holder and IBAN; a creditor has an identifier, a CBI user a CUC code."""

    name: str
    iban: str
    identifier: str = ""
    cuc: str = ""
    bic: str = ""


@dataclass(frozen=True)
class Debit:
    """One collection from a debtor who signed a mandate."""

    amount: Decimal
    name: str
    iban: str
    mandate: str
    signed_on: date
    end_to_end: str
    text: str
    sequence: DebitSequence = DebitSequence.RECURRENT


@dataclass(frozen=True)
class Transfer:
    """One payment to somebody."""

    amount: Decimal
    name: str
    iban: str
    end_to_end: str
    text: str


def direct_debits(
    creditor: Party, debits: Sequence[Debit], *, on: date, message: str, written_at: datetime,
    dialect: Dialect = "iso", scheme: Literal["CORE", "B2B"] = "CORE",
) -> bytes:  # fmt: skip
    """A file of collections due on a day, as ISO 20022 wants it or in the dialect of the Italian network (CBI).

    `message` is the file's own identifier, kept by whoever must find it again.
    """
    from sepaxml import SepaDD  # noqa: PLC0415  not needed at start

    config = _config(creditor, identifier=read_creditor_identifier(creditor.identifier), instrument=scheme)
    book = SepaDD(config, schema=DEBITS, clean=False)
    for one in _some(debits):
        book.add_payment({
            **_order(one), "type": one.sequence.value, "collection_date": on, "mandate_date": one.signed_on,
            "mandate_id": sepa_identifier(one.mandate, field="mandate"),
        })  # fmt: skip
    root = _written(book, message, written_at, DEBITS)
    return _bytes(as_cbi_message(root, creditor.cuc, creditor.iban) if dialect == "cbi" else root)


def credit_transfers(
    payer: Party, transfers: Sequence[Transfer], *, on: date, message: str, written_at: datetime
) -> bytes:
    """A file of payments to be made on a day."""
    from sepaxml import SepaTransfer  # noqa: PLC0415  not needed at start

    book = SepaTransfer(_config(payer), schema=TRANSFERS, clean=False)
    for one in _some(transfers):
        book.add_payment({**_order(one), "execution_date": on})
    return _bytes(_written(book, message, written_at, TRANSFERS))


def read_creditor_identifier(text: str) -> str:
    """The identifier of a creditor (IT + check + business code + fiscal code), its check digits verified."""
    try:
        return str(at_02.validate(text))
    except ValidationError as error:
        raise Refusal(
            _("“%(text)s” is not a creditor identifier: the bank gives it, such as IT66ZZZA1B2C3D4E5F6G7H8.",
              text=text),
            field="identifier",
        ) from error  # fmt: skip


def _config(party: Party, *, identifier: str = "", **more: Any) -> dict[str, Any]:
    told = {"name": sepa_text(party.name, most=NAME, field="name"), "IBAN": read_iban(party.iban), "batch": True,
            "currency": "EUR", **more}  # fmt: skip
    return told | ({"creditor_id": identifier} if identifier else {}) | ({"BIC": party.bic} if party.bic else {})


def _order(one: Debit | Transfer) -> dict[str, Any]:
    if not 0 < one.amount <= MOST_AMOUNT or one.amount != round(one.amount, 2):
        raise Refusal(_("%(amount)s cannot be ordered to a bank.", amount=str(one.amount)), field="amount")
    name = sepa_text(one.name, most=NAME, field="name")
    if not name:
        raise Refusal(_("An order needs the name of the other party."), field="name")
    return {
        "name": name, "IBAN": read_iban(one.iban), "amount": cents(one.amount),
        "endtoend_id": sepa_identifier(one.end_to_end, field="end_to_end"),
        "description": sepa_text(one.text, most=TEXT, field="text") or one.end_to_end,
    }  # fmt: skip


def _some(orders: Sequence[Any]) -> Sequence[Any]:
    if not orders:
        raise Refusal(_("There is nothing to order."))
    return orders


def _written(book: Any, message: str, written_at: datetime, schema: str) -> Any:
    """The message as a tree, under our identifier and hour, valid for ISO's schema or refused."""
    from lxml import etree  # noqa: PLC0415  not needed at start

    root = etree.fromstring(book.export(validate=False))
    header = root.find("{*}*/{*}GrpHdr")
    header.find("{*}MsgId").text = sepa_identifier(message)
    header.find("{*}CreDtTm").text = written_at.isoformat(timespec="seconds")
    for number, one in enumerate(root.iter("{*}PmtInfId"), start=1):
        one.text = f"{message[:30]}-{number}"
    grammar = etree.XMLSchema(etree.parse(str(files("sepaxml") / "schemas" / f"{schema}.xsd")))
    if not grammar.validate(root):
        raise Refusal(
            _("The file does not pass the schema of %(schema)s: %(error)s", schema=schema,
              error=grammar.error_log.last_error.message)
        )  # fmt: skip
    return root


def _bytes(root: Any) -> bytes:
    from lxml import etree  # noqa: PLC0415  not needed at start

    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))

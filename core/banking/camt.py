"""CAMT.053 statements (ISO 20022), read by the names of their elements whatever the version and the wrapper.

Versions differ in a few places (a status that is a word or a code, a party that stands one level deeper),
and Italian banks wrap the message in CBI's own envelope: names are looked for, namespaces are not.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from core.banking.statement import Statement, StatementLine
from core.language import _
from core.refusals import Refusal

EURO = "EUR"
NOT_PROVIDED = "NOTPROVIDED"


def read_camt(content: bytes) -> Statement:
    """The booked movements of every statement in the file; entries still pending are counted and left out."""
    statements = list(_all(_parsed(content), "Stmt"))
    if not statements:
        raise Refusal(_("This XML file is not a bank statement (CAMT.053)."), field="file")
    accounts = {_text(one, "Acct/Id/IBAN") or _text(one, "Acct/Id/Othr/Id") for one in statements}
    if len(accounts) > 1:
        raise Refusal(_("The file speaks of several accounts: import one account at a time."), field="file")
    entries = [entry for one in statements for entry in _children(one, "Ntry")]
    booked = [entry for entry in entries if _is_booked(entry)]
    return Statement(
        lines=[line for entry in booked for line in _lines(entry)], account=accounts.pop(),
        opening=_balance(statements[0], "OPBD", "PRCD"), closing=_balance(statements[-1], "CLBD"),
        pending=len(entries) - len(booked),
    )  # fmt: skip


def _parsed(content: bytes) -> Any:
    from lxml import etree  # noqa: PLC0415  not needed at start

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Refusal(_("This XML file is damaged: download the statement again."), field="file") from error
    if root.getroottree().docinfo.doctype:
        raise Refusal(_("This XML file carries a document type, and no bank's statement does."), field="file")
    return root


def _is_booked(entry: Any) -> bool:
    return (_text(entry, "Sts/Cd") or _text(entry, "Sts") or "BOOK") == "BOOK"


def _lines(entry: Any) -> Iterator[StatementLine]:
    """A line for each transaction of a batch when their amounts make up the entry's, else one for the entry."""
    total, details = _signed(entry), [tx for told in _children(entry, "NtryDtls") for tx in _children(told, "TxDtls")]
    amounts = [_detail_amount(detail, total) for detail in details]
    if len(details) > 1 and sum((amount or 0 for amount in amounts), Decimal(0)) == total and None not in amounts:
        for detail, amount in zip(details, amounts, strict=True):
            yield _line(entry, [detail], amount or total)
    else:
        yield _line(entry, details, total)


def _line(entry: Any, details: list[Any], amount: Decimal) -> StatementLine:
    one = details[0] if len(details) == 1 else None
    returned = _text(one, "RtrInf/Rsn/Cd") or _text(one, "RtrInf/Rsn/Prtry") if one is not None else ""
    name, iban = _counterpart(one, came_in=(amount > 0) is not bool(returned)) if one is not None else ("", "")
    texts = [part for detail in details for part in _remittance(detail)] or [_text(entry, "AddtlNtryInf")]
    booked = _day(entry, "BookgDt") or _day(entry, "ValDt")
    if booked is None:
        raise Refusal(_("A movement of the file has no booking date."), field="file")
    return StatementLine(
        booked_on=booked, value_on=_day(entry, "ValDt"), amount=amount, text=" ".join(filter(None, texts)),
        counterpart=name, counterpart_iban=iban, end_to_end=_provided(one, "Refs/EndToEndId"),
        mandate=_provided(one, "Refs/MndtId"), return_code=returned,
        bank_reference=_provided(one, "Refs/AcctSvcrRef") or _provided(entry, "AcctSvcrRef"),
    )  # fmt: skip


def _remittance(detail: Any) -> list[str]:
    written = [_plain(one) for told in _children(detail, "RmtInf") for one in _children(told, "Ustrd")]
    references = [_text(one, "CdtrRefInf/Ref") for told in _children(detail, "RmtInf") for one in
                  _children(told, "Strd")]  # fmt: skip
    found = [part for part in (*written, *references) if part]
    return found or [part for part in [_text(detail, "AddtlTxInf")] if part]


def _counterpart(detail: Any, *, came_in: bool) -> tuple[str, str]:
    """Who paid, or who was paid; a version puts the party one level deeper than another."""
    role = "Dbtr" if came_in else "Cdtr"
    name = _text(detail, f"RltdPties/{role}/Pty/Nm") or _text(detail, f"RltdPties/{role}/Nm")
    return name, _text(detail, f"RltdPties/{role}Acct/Id/IBAN").replace(" ", "").upper()


def _detail_amount(detail: Any, total: Decimal) -> Decimal | None:
    found = _find(detail, "Amt")
    if found is None:
        found = _find(detail, "AmtDtls/TxAmt/Amt")
    if found is None:
        return None
    sign = {"CRDT": 1, "DBIT": -1}.get(_text(detail, "CdtDbtInd"), 1 if total > 0 else -1)
    return sign * _amount(found)


def _signed(element: Any) -> Decimal:
    found = _find(element, "Amt")
    if found is None:
        raise Refusal(_("A movement of the file has no amount."), field="file")
    return _amount(found) * (-1 if _text(element, "CdtDbtInd") == "DBIT" else 1)


def _amount(element: Any) -> Decimal:
    currency = element.get("Ccy", EURO)
    if currency != EURO:
        raise Refusal(_("A movement is in %(currency)s: only euro can be read.", currency=currency), field="file")
    try:
        amount = Decimal(_plain(element))
        exact = amount.quantize(Decimal("0.01"))
    except InvalidOperation as error:
        raise Refusal(_("“%(text)s” is not an amount.", text=_plain(element)), field="file") from error
    if not amount.is_finite() or exact != amount:
        raise Refusal(_("“%(text)s” is not an amount in whole cents.", text=_plain(element)), field="file")
    return exact


def _balance(statement: Any, *codes: str) -> Decimal | None:
    for balance in _children(statement, "Bal"):
        if _text(balance, "Tp/CdOrPrtry/Cd") in codes:
            return _signed(balance)
    return None


def _day(element: Any, name: str) -> date | None:
    text = _text(element, f"{name}/Dt") or _text(element, f"{name}/DtTm")
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise Refusal(_("“%(text)s” is not a day.", text=text), field="file") from error


def _provided(element: Any, path: str) -> str:
    text = _text(element, path) if element is not None else ""
    return "" if text == NOT_PROVIDED else text


def _all(root: Any, name: str) -> Iterator[Any]:
    return (one for one in root.iter("{*}" + name))


def _children(element: Any, name: str) -> list[Any]:
    return list(element.findall("{*}" + name))


def _find(element: Any, path: str) -> Any:
    return element.find("/".join("{*}" + step for step in path.split("/")))


def _text(element: Any, path: str) -> str:
    found = _find(element, path)
    return "" if found is None else _plain(found)


def _plain(element: Any) -> str:
    return " ".join((element.text or "").split())

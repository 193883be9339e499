"""The dialect of the Italian interbank network: a direct debit request as CBISDDReqLogMsg.00.01.00.

CBI's message is ISO's with a root and a namespace of its own, the sender's CUC code, the creditor's bank by
its ABI code, no totals of a batch and no bank of the debtor. CBI's schema is not public: what is given out
was valid for ISO's before it was translated, and the bank's portal has the last word.
"""

from typing import Any

from core.language import _
from core.refusals import Refusal

NAMESPACE = "urn:CBI:xsd:CBISDDReqLogMsg.00.01.00"
ABI = slice(5, 10)
CUC_LENGTH = 8


def as_cbi_message(document: Any, cuc: str, iban: str) -> Any:
    """An ISO direct debit document, in CBI's words."""
    from lxml import etree  # noqa: PLC0415  not needed at start

    if len(cuc) != CUC_LENGTH or not cuc.isalnum() or not cuc.isupper():
        raise Refusal(_("The CUC code has 8 capital letters and digits: the bank gives it."), field="cuc")
    if not iban.startswith("IT"):
        raise Refusal(_("CBI's dialect is for Italian accounts alone."), field="iban")
    root = etree.Element(f"{{{NAMESPACE}}}CBISDDReqLogMsg", nsmap={None: NAMESPACE})
    root.extend([_renamed(etree, one) for one in document.find("{*}CstmrDrctDbtInitn")])
    sender = root.find("{*}GrpHdr/{*}InitgPty/{*}Id/{*}OrgId/{*}Othr")
    sender.find("{*}Id").text = cuc
    _add(etree, sender, "Issr", "CBI")
    for batch in root.findall("{*}PmtInf"):
        for name in ("NbOfTxs", "CtrlSum"):
            batch.remove(batch.find("{*}" + name))
        bank = batch.find("{*}CdtrAgt/{*}FinInstnId")
        del bank[:]
        _add(etree, _add(etree, bank, "ClrSysMmbId"), "MmbId", iban[ABI])
        for number, one in enumerate(batch.findall("{*}DrctDbtTxInf"), start=1):
            one.remove(one.find("{*}DbtrAgt"))
            one.find("{*}PmtId").insert(0, _named(etree, "InstrId", str(number)))
    return root


def _renamed(etree: Any, element: Any) -> Any:
    name = etree.QName(element).localname
    made = etree.Element(f"{{{NAMESPACE}}}{name}", dict(element.attrib))
    made.text = element.text
    made.extend([_renamed(etree, one) for one in element])
    return made


def _named(etree: Any, name: str, text: str = "") -> Any:
    made = etree.Element(f"{{{NAMESPACE}}}{name}")
    made.text = text or None
    return made


def _add(etree: Any, parent: Any, name: str, text: str = "") -> Any:
    made = _named(etree, name, text)
    parent.append(made)
    return made

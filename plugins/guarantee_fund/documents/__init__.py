"""The documents of the guarantee fund: which there are, on which records, for whom, and when they make sense."""

from core.api import DocumentKind, _
from plugins.guarantee_fund.access import Can
from plugins.guarantee_fund.documents import committee, letters, practices

LETTER, REPORT, AGREEMENT = "letter.typ", "report.typ", "agreement.typ"


def _kind(name: str, label: object, on: str, template: str, load: object, **rest: object) -> DocumentKind:
    told = {"permission": f"guarantee_fund.{on}.see", "issue_permission": Can.ISSUE_DOCUMENTS.value, **rest}
    return DocumentKind(
        f"guarantee_fund.{name}", label, on=f"guarantee_fund.{on}", template=template, load=load, **told  # type: ignore[arg-type]
    )  # fmt: skip


KINDS = [
    _kind("receipt", _("Receipt of the application"), "applications", LETTER, letters.receipt,
          when=letters.is_submitted),
    _kind("enquiry", _("Sheet of the enquiry"), "applications", REPORT, practices.enquiry, when=letters.is_submitted),
    _kind("decision", _("Letter of the decision"), "applications", LETTER, letters.decision, when=letters.is_decided),
    _kind("convocation", _("Convocation with the agenda"), "sessions", LETTER, committee.convocation),
    _kind("minutes", _("Minutes of the committee"), "sessions", AGREEMENT, committee.minutes, when=committee.is_held),
    _kind("guarantee", _("Letter of guarantee"), "guarantees", LETTER, letters.guarantee, when=letters.is_issued),
    _kind("schedule", _("Schedule of the loan"), "loans", REPORT, practices.schedule),
    _kind("call-receipt", _("Receipt of the call"), "calls", LETTER, letters.call_receipt),
    _kind("recourse", _("Letter of recourse"), "calls", LETTER, letters.recourse, when=letters.is_paid),
    _kind("statement", _("Statement of the fund, this year"), "funds", REPORT, practices.statement,
          permission=Can.SEE_STATEMENT.value),
]  # fmt: skip

"""The documents of housing: which there are, on which records, for whom, and when they make sense."""

from core.api import DocumentKind, _
from plugins.housing.access import Can
from plugins.housing.documents import assignments, calls, money, occupancy, rankings

LETTER, REPORT, AGREEMENT = "letter.typ", "report.typ", "agreement.typ"
ACTS, LETTERS = Can.ISSUE_ACTS.value, Can.ISSUE_LETTERS.value


def _kind(name: str, label: object, on: str, template: str, load: object, **rest: object) -> DocumentKind:
    told = {"permission": f"housing.{on}.see", "issue_permission": ACTS, **rest}
    return DocumentKind(f"housing.{name}", label, on=f"housing.{on}", template=template, load=load, **told)  # type: ignore[arg-type]


KINDS = [
    _kind("notice", _("Notice of the call"), "calls", LETTER, calls.notice),
    _kind("receipt", _("Receipt of the application"), "applications", LETTER, calls.receipt),
    _kind("exclusion", _("Letter of exclusion"), "applications", LETTER, calls.exclusion, when=calls.is_excluded),
    _kind("outcome", _("Outcome of the request"), "appeals", LETTER, calls.outcome, when=calls.is_decided),
    _kind("public-ranking", _("Ranking to be published"), "rankings", REPORT, rankings.public,
          when=rankings.is_published),
    _kind("internal-ranking", _("Ranking with the points, internal"), "rankings", REPORT, rankings.internal),
    _kind("offer", _("Offer of a home"), "assignments", LETTER, assignments.offer, when=assignments.is_open),
    _kind("decree", _("Act of assignment"), "assignments", LETTER, assignments.decree, when=assignments.is_taken),
    _kind("lease", _("Text of the lease"), "leases", AGREEMENT, assignments.lease, issue_permission=LETTERS),
    _kind("handover", _("Handover report"), "handovers", AGREEMENT, assignments.handover, issue_permission=LETTERS),
    _kind("statement", _("Rent statement"), "leases", LETTER, money.statement,
          permission="housing.charges.see", issue_permission=LETTERS),
    _kind("reminder", _("Reminder of payment"), "leases", LETTER, money.reminder,
          permission="housing.charges.see", issue_permission=LETTERS, when=money.is_late),
    _kind("formal-notice", _("Formal notice to pay"), "leases", LETTER, money.formal_notice,
          permission="housing.charges.see", issue_permission=LETTERS, when=money.is_late),
    _kind("plan", _("Repayment plan"), "plans", AGREEMENT, money.plan, issue_permission=LETTERS),
    _kind("payment-receipt", _("Receipt of payment"), "payments", LETTER, money.payment_receipt,
          issue_permission=LETTERS, when=money.is_receivable),
    _kind("deposit", _("Account of the deposit"), "leases", LETTER, money.deposit_return,
          permission="housing.payments.see", issue_permission=LETTERS, when=money.has_deposit),
    DocumentKind("housing.arrears", _("Arrears report"), on="", template=REPORT, load=money.arrears_report,
                 permission=Can.SEE_ARREARS),
    DocumentKind("housing.occupancy", _("Report on homes"), on="", template=REPORT, load=occupancy.report,
                 permission="housing.dwellings.see"),
]  # fmt: skip

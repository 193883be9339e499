"""What may be done in the guarantee fund beyond what its resources derive."""

from enum import StrEnum

from core.api import Permission, _


class Can(StrEnum):
    """Permissions of hand-made pages and of acts that two different people do."""

    OPEN_MODULE = "guarantee_fund.open"
    SEE_STATEMENT = "guarantee_fund.statement"
    SEE_DOSSIER = "guarantee_fund.dossier"
    ORDER_PAYMENTS = "guarantee_fund.orders"
    ISSUE_DOCUMENTS = "guarantee_fund.issue-documents"


PERMISSIONS = [
    Permission(Can.OPEN_MODULE, _("Guarantee fund: open the module's page")),
    Permission(Can.SEE_STATEMENT, _("Guarantee fund: see the fund's statement and indicators")),
    Permission(Can.ORDER_PAYMENTS, _("Guarantee fund: make the bank's payment file")),
    Permission(Can.ISSUE_DOCUMENTS, _("Guarantee fund: issue letters and acts")),
    Permission(Can.SEE_DOSSIER, _("Guarantee fund: read the dossiers for the committee")),
]

COLLECTIONS = (
    "funds", "lines", "contributions", "applications", "members", "sessions", "items", "guarantees", "loans",
    "loan-payments", "calls", "recoveries", "entries", "bank-lines",
)  # fmt: skip


def _all_but(*kept: str) -> list[str]:
    return [f"guarantee_fund.{name}.*" for name in COLLECTIONS if name not in kept]


PRESETS = {
    # Whoever heads the organisation manages the fund; the second yes of a call is the accountant's alone.
    "org_manager": [
        Can.OPEN_MODULE.value, Can.SEE_STATEMENT.value, Can.SEE_DOSSIER.value,
        Can.ORDER_PAYMENTS.value, Can.ISSUE_DOCUMENTS.value, *_all_but("calls", "items"),
        *(f"guarantee_fund.calls.{verb}" for verb in ("see", "export", "contest", "turn-down", "accept", "write-off",
                                                      "recover")),
        *(f"guarantee_fund.items.{verb}" for verb in ("see", "export", "record-vote", "decide", "defer")),
    ],
    "operator": [
        Can.OPEN_MODULE.value, "guarantee_fund.applications.*", "guarantee_fund.guarantees.see",
        "guarantee_fund.guarantees.request-call", "guarantee_fund.loans.see", "guarantee_fund.calls.see",
        "guarantee_fund.lines.see", "guarantee_fund.funds.see",
    ],
    "facilitator": [Can.OPEN_MODULE.value, "guarantee_fund.applications.see", "guarantee_fund.lines.see"],
    "committee": [
        Can.OPEN_MODULE.value, Can.SEE_DOSSIER.value, "guarantee_fund.sessions.see", "guarantee_fund.items.see",
        "guarantee_fund.items.vote",
    ],
    "accountant": [
        Can.OPEN_MODULE.value, Can.SEE_STATEMENT.value,
        *(f"guarantee_fund.{name}.*" for name in ("contributions", "loan-payments", "recoveries", "entries",
                                                "bank-lines")),
        *(f"guarantee_fund.{name}.see" for name in ("funds", "lines", "guarantees", "loans", "calls")),
        Can.ORDER_PAYMENTS.value, "guarantee_fund.funds.charge-cost", "guarantee_fund.funds.read-movements",
        "guarantee_fund.funds.close-accounts",
        "guarantee_fund.loans.pay", "guarantee_fund.guarantees.pay-advance", "guarantee_fund.guarantees.return-advance",
        "guarantee_fund.calls.accept-second", "guarantee_fund.calls.pay", "guarantee_fund.calls.recover",
    ],
    "auditor": [Can.SEE_STATEMENT.value],
}  # fmt: skip

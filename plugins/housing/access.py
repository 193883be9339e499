"""What may be done in housing beyond what its resources derive."""

from enum import StrEnum

from core.api import Permission, _


class Can(StrEnum):
    """Permissions of hand-made pages and of work on many rows at once."""

    OPEN_MODULE = "housing.open"
    CHARGE_MONTH = "housing.charge-month"
    SEE_ARREARS = "housing.arrears"
    PAY_DEPOSIT_INTEREST = "housing.deposit-interest"
    FOLLOW_ARREARS = "housing.follow-arrears"
    SEE_VACANCY = "housing.vacancy"
    IMPORT_REGIONAL = "housing.rankings.import-regional"
    TRY_SCHEMES = "housing.schemes.try"
    ISSUE_ACTS = "housing.issue-acts"
    ISSUE_LETTERS = "housing.issue-letters"


PERMISSIONS = [
    Permission(Can.OPEN_MODULE, _("Housing: open the module's page")),
    Permission(Can.CHARGE_MONTH, _("Housing: charge a month on every running lease")),
    Permission(Can.IMPORT_REGIONAL, _("Housing: import the region's ranking of public housing")),
    Permission(Can.TRY_SCHEMES, _("Housing: try a scoring scheme on a past call")),
    Permission(Can.PAY_DEPOSIT_INTEREST, _("Housing: pay the yearly interest of deposits")),
    Permission(Can.SEE_ARREARS, _("Housing: see the arrears of all leases")),
    Permission(Can.SEE_VACANCY, _("Housing: see vacant homes and the rent lost")),
    Permission(Can.FOLLOW_ARREARS, _("Housing: bring the arrears ladder and the plans up to today")),
    Permission(Can.ISSUE_ACTS, _("Housing: issue documents of calls, rankings and assignments")),
    Permission(Can.ISSUE_LETTERS, _("Housing: issue documents of leases and rents")),
]

REGISTERS = ("dwellings", "leases", "charges", "payments")
RECOVERY = ("steps", "plans", "support-contacts")
UPKEEP = ("handovers", "inventory-items", "readings", "tickets", "inspections")
MONEY = (
    "bank-statements",
    "bank-lines",
    "rents",
    "rent-updates",
    "index-values",
    "index-links",
    "mandates",
    "collections",
    "debits",
    "positions",
)
PRESETS = {
    "municipal": ["housing.*"],
    "org_manager": ["housing.*"],
    "operator": [
        Can.OPEN_MODULE.value, Can.SEE_ARREARS.value, Can.SEE_VACANCY.value, Can.FOLLOW_ARREARS.value,
        Can.CHARGE_MONTH.value, Can.ISSUE_LETTERS.value,
        *(f"housing.{name}.*" for name in (*REGISTERS, *UPKEEP, *RECOVERY)),
        "housing.assignments.see",
    ],
    "accountant": [
        Can.PAY_DEPOSIT_INTEREST.value,
        Can.OPEN_MODULE.value, Can.SEE_ARREARS.value, Can.SEE_VACANCY.value, Can.FOLLOW_ARREARS.value,
        Can.CHARGE_MONTH.value, Can.ISSUE_LETTERS.value, *(f"housing.{name}.*" for name in MONEY),
        "housing.steps.*", "housing.plans.*",
        "housing.payments.*", "housing.charges.*", "housing.leases.see", "housing.dwellings.see", "housing.tickets.see",
        "housing.handovers.see",
    ],
    "case_manager": [
        Can.OPEN_MODULE.value, Can.SEE_ARREARS.value, "housing.leases.see", "housing.dwellings.see",
        "housing.social-notes.*", "housing.support-contacts.*", "housing.steps.see", "housing.steps.done",
        "housing.plans.see", "housing.plans.add", "housing.blameless-checks.*",
    ],
}  # fmt: skip

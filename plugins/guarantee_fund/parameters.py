"""Limits and terms of guarantees that change with the law, and the values shipped."""

from datetime import date

from sqlalchemy.orm import Session

from core.api import ParameterKind, _, seed

DM_2023 = "DM 211/2023, che modifica il DM 176/2014 (art. 111 TUB)"
SOCIAL = "microcredito.gov.it; limite dopo il DM 211/2023 da verificare"

KINDS = [
    ParameterKind("guarantee_fund.business_microcredit", _("Highest microcredit for a business"), "money"),
    ParameterKind("guarantee_fund.business_microcredit_months", _("Longest microcredit for a business"), "integer"),
    ParameterKind("guarantee_fund.company_microcredit", _("Highest microcredit for a limited company"), "money"),
    ParameterKind(
        "guarantee_fund.company_microcredit_months", _("Longest microcredit for a limited company"), "integer"
    ),
    ParameterKind("guarantee_fund.social_microcredit", _("Highest social microcredit"), "money"),
    ParameterKind("guarantee_fund.social_microcredit_months", _("Longest social microcredit"), "integer"),
    ParameterKind("guarantee_fund.late_days", _("Days after which a loan is late"), "integer"),
    ParameterKind("guarantee_fund.non_performing_days", _("Days after which a loan is non-performing"), "integer"),
    ParameterKind("guarantee_fund.rent_first_month", _("Unpaid month from which a rent may be called"), "integer"),
]

SHIPPED = [
    ("guarantee_fund.business_microcredit", "75000.00", date(2024, 1, 1), DM_2023),
    ("guarantee_fund.business_microcredit_months", "120", date(2024, 1, 1), DM_2023),
    ("guarantee_fund.company_microcredit", "100000.00", date(2024, 1, 1), DM_2023),
    ("guarantee_fund.company_microcredit_months", "120", date(2024, 1, 1), DM_2023),
    ("guarantee_fund.social_microcredit", "10000.00", date(2014, 12, 1), SOCIAL),
    ("guarantee_fund.social_microcredit_months", "60", date(2014, 12, 1), SOCIAL),
    ("guarantee_fund.late_days", "30", date(2016, 1, 1), "Regolamento del fondo"),
    ("guarantee_fund.non_performing_days", "90", date(2016, 1, 1), "Regolamento del fondo"),
    ("guarantee_fund.rent_first_month", "3", date(2016, 1, 1), "Regolamento del fondo"),
]


def load_reference(session: Session) -> int:
    """Seed the values shipped and say how many were missing; what somebody set stays."""
    return seed(session, [(key, value, start, None, source) for key, value, start, source in SHIPPED])

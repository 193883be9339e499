"""Limits and terms of housing that change with years, regions and municipalities, and the values shipped."""

from datetime import date

from sqlalchemy.orm import Session

from core.api import ParameterKind, _, seed

LEASE_TERMS = "agreed;36;\ntransitory;1;18\nstudents;6;36\nfree_market;48;"

DECREE_2016 = date(2016, 3, 30)
# What no law sets: the practice of offices, from a day before any of their rows.
OFFICE, PRACTICE = date(2017, 8, 1), "Prassi dell'ufficio"

KINDS = [
    ParameterKind("housing.isee_limit", _("ISEE limit of calls"), "money", municipal=True),
    ParameterKind("housing.indigent_limit", _("ISEE limit of indigent households"), "money", municipal=True),
    ParameterKind(
        "housing.indigent_reserve", _("Homes kept for indigent households"), "percent",
        help=_("Percent of the homes; any fraction makes a whole one"), municipal=True,
    ),
    ParameterKind(
        "housing.indigent_attestation", _("Indigence attested by the social services"), "integer",
        help=_("1 where they must attest it, 0 where the ISEE is enough"), municipal=True,
    ),
    ParameterKind("housing.request_days", _("Days to ask for corrections to a ranking"), "integer", municipal=True),
    ParameterKind(
        "housing.publication_days", _("Days a ranking stays on the notice board"), "integer", municipal=True
    ),
    ParameterKind(
        "housing.ranking_months", _("Months a final ranking is in force"), "integer",
        help=_("Where there is none, it is in force until the next one"), municipal=True,
    ),
    ParameterKind("housing.answer_days", _("Days to answer an offer"), "integer", municipal=True),
    ParameterKind(
        "housing.refusals_most", _("Refusals with cause that end an application"), "integer",
        help=_("Where there is none, they may be as many as they come"), municipal=True,
    ),
    ParameterKind("housing.deposit_months", _("Highest deposit, in monthly rents"), "integer"),
    ParameterKind(
        "housing.lease_terms", _("Months that leases last"), "table", help=_("Kind; at least; at most, a kind a line")
    ),
    ParameterKind(
        "housing.rent_strategy", _("How public rents are found"), "text",
        help=_("imported, or share_of_value"), municipal=True,
    ),
    ParameterKind(
        "housing.rent_shares", _("Shares of the rental value in public rents"), "table",
        help=_("ISEE-ERP area; percent, an area a line: protection, access, permanence, forfeiture"), municipal=True,
    ),
    ParameterKind("housing.rent_burden", _("Share of the income beyond which a rent is heavy"), "percent"),
    ParameterKind(
        "housing.agreed_bands", _("Bands of the local agreement"), "table",
        help=_("Zone; least; most, in euro a m² a year, a zone a line"), municipal=True,
    ),
    ParameterKind("housing.sdd_name", _("Direct debits: creditor's name"), "text", municipal=True),
    ParameterKind("housing.sdd_iban", _("Direct debits: creditor's IBAN"), "text", municipal=True),
    ParameterKind(
        "housing.sdd_identifier", _("Direct debits: creditor identifier"), "text",
        help=_("The bank gives it, such as IT66ZZZA1B2C3D4E5F6G7H8"), municipal=True,
    ),
    ParameterKind(
        "housing.sdd_cuc", _("Direct debits: CUC code"), "text",
        help=_("For CBI's dialect alone: 8 letters and digits"), municipal=True,
    ),
    ParameterKind(
        "housing.pagopa_segregation", _("pagoPA: segregation code"), "text",
        help=_("Two digits, from the agreement with pagoPA"), municipal=True,
    ),
    ParameterKind("housing.alert_rent_days", _("Days after which unpaid rent is serious"), "integer"),
    ParameterKind("housing.alert_accessory_rents", _("Unpaid service charges that are serious, in rents"), "decimal"),
    ParameterKind("housing.reminder_days", _("Arrears ladder: days late for a reminder"), "integer", municipal=True),
    ParameterKind("housing.contact_days", _("Arrears ladder: days late for social contact"), "integer", municipal=True),
    ParameterKind("housing.notice_days", _("Arrears ladder: days late for a formal notice"), "integer", municipal=True),
    ParameterKind("housing.plan_days", _("Arrears ladder: days late to propose a plan"), "integer", municipal=True),
    ParameterKind("housing.plan_missed", _("Instalments missed in a row that end a plan"), "integer", municipal=True),
    ParameterKind("housing.plan_late_days", _("Days late that a plan bears"), "integer", municipal=True),
    ParameterKind(
        "housing.payment_days", _("Days to pay after a reminder or a formal notice"), "integer", municipal=True
    ),
    ParameterKind("housing.blameless_ise", _("Blameless arrears: highest ISE"), "money"),
    ParameterKind("housing.blameless_isee", _("Blameless arrears: highest ISEE with income from work"), "money"),
    ParameterKind("housing.blameless_residence_years", _("Blameless arrears: years of residence"), "integer"),
    ParameterKind("housing.blameless_excluded_categories", _("Blameless arrears: categories left out"), "text",
                  help=_("Cadastral ones, with ; between them")),
    ParameterKind("housing.blameless_most", _("Blameless arrears: most in all"), "money"),
    ParameterKind("housing.blameless_settling", _("Blameless arrears: most to settle the debt"), "money"),
    ParameterKind("housing.blameless_deferring", _("Blameless arrears: most to defer the eviction"), "money"),
    ParameterKind("housing.blameless_years_left", _("Blameless arrears: years of the lease left"), "integer"),
    ParameterKind("housing.urgent_hours", _("Hours to mend what is urgent"), "integer", municipal=True),
    ParameterKind("housing.repair_days", _("Days to mend what is not urgent"), "integer", municipal=True),
    ParameterKind("housing.ticket_close_days", _("Days to contest a repair"), "integer", municipal=True),
]  # fmt: skip

SHIPPED = [
    ("housing.isee_limit", "16000.00", date(2023, 1, 1), "r.r. Lombardia 4/2017"),
    ("housing.indigent_limit", "3000.00", date(2017, 8, 1), "r.r. Lombardia 4/2017 art. 13 c. 1"),
    ("housing.indigent_reserve", "20", date(2017, 8, 1), "r.r. Lombardia 4/2017 art. 13"),
    ("housing.indigent_attestation", "1", date(2017, 8, 1), "Prassi degli ambiti; r.r. 4/2017 art. 13 non la chiede"),
    ("housing.request_days", "15", date(2017, 8, 1), "r.r. Lombardia 4/2017"),
    ("housing.publication_days", "15", date(2017, 8, 1), "Prassi degli albi pretori: 15 giorni"),
    ("housing.answer_days", "10", date(2017, 8, 1), "Prassi dell'ufficio"),
    ("housing.deposit_months", "3", date(1978, 7, 30), "L. 392/1978 art. 11"),
    ("housing.lease_terms", LEASE_TERMS, date(2017, 3, 30), "L. 431/1998; DM 16/1/2017"),
    ("housing.rent_strategy", "imported", OFFICE, "Il canone sopportabile è calcolato dall'ente proprietario"),
    ("housing.rent_burden", "30", date(2014, 1, 1), "DL 102/2013 art. 6 c. 5; DM 30/3/2016"),
    ("housing.alert_rent_days", "20", date(1978, 7, 30), "L. 392/1978 art. 5"),
    ("housing.alert_accessory_rents", "2", date(1978, 7, 30), "L. 392/1978 art. 5"),
    ("housing.reminder_days", "5", OFFICE, PRACTICE),
    ("housing.contact_days", "20", OFFICE, PRACTICE),
    ("housing.notice_days", "45", OFFICE, PRACTICE),
    ("housing.plan_days", "60", OFFICE, PRACTICE),
    ("housing.plan_missed", "2", OFFICE, PRACTICE),
    ("housing.plan_late_days", "30", OFFICE, PRACTICE),
    ("housing.payment_days", "15", OFFICE, PRACTICE),
    ("housing.blameless_ise", "35000.00", DECREE_2016, "DM 30/3/2016"),
    ("housing.blameless_isee", "26000.00", DECREE_2016, "DM 30/3/2016"),
    ("housing.blameless_residence_years", "1", DECREE_2016, "DM 30/3/2016"),
    ("housing.blameless_excluded_categories", "A/1;A/8;A/9", DECREE_2016, "DM 30/3/2016"),
    ("housing.blameless_most", "12000.00", DECREE_2016, "DM 30/3/2016"),
    ("housing.blameless_settling", "8000.00", DECREE_2016, "Da verificare"),
    ("housing.blameless_deferring", "6000.00", DECREE_2016, "DM 30/3/2016"),
    ("housing.blameless_years_left", "2", DECREE_2016, "Da verificare"),
    ("housing.urgent_hours", "24", OFFICE, PRACTICE),
    ("housing.repair_days", "15", OFFICE, PRACTICE),
    ("housing.ticket_close_days", "10", OFFICE, PRACTICE),
]


def load_reference(session: Session) -> int:
    """Seed the values shipped and say how many were missing; what somebody set stays."""
    return seed(session, [(key, value, start, None, source) for key, value, start, source in SHIPPED])

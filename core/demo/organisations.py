"""The network's 83 organisations and 40 companies, with invented names and numbers.

Municipalities and schools have the names of real towns; their numbers are invented too. Numbers take
serials that the provincial office (017) has not come to, so none belongs to anybody.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

from stdnum import luhn

from core.demo.denominations import COMPANIES, NETWORK
from core.demo.network import MAIL, DemoPartner, istat_code, municipalities, partners
from core.language.matching import normalise

SEED = 1976
OFFICE = "017"
BODIES, TRADERS = 9_900_001, 9_950_001
RUNTS_OPENED = date(2021, 11, 23)
SECTIONS = {
    "odv": "a", "aps": "b", "philanthropic": "c", "social_cooperative_a": "d", "social_cooperative_b": "d",
    "social_cooperative_ab": "d", "social_enterprise": "d", "associative_network": "e", "mutual_aid_society": "f",
    "other_ets": "g",
}  # fmt: skip
TRADING = frozenset({"company", "bank", "social_enterprise", "social_services_agency", "health_authority"})
STATUS = {
    "bank": ["funder"],
    "parish": ["network", "host"],
    "philanthropic": ["funder"],
    "company": ["network", "host", "supplier"],
}


@dataclass(frozen=True)
class DemoOrganisation:
    """An organisation; codes of the registry's lists, `partner` the code of the partner it is in the system."""

    name: str
    legal_type: str
    municipality: str
    codice_fiscale: str
    partita_iva: str | None
    runts_section: str | None
    runts_number: int | None
    runts_date: date | None
    cooperative_number: str | None
    ateco: str | None
    email: str
    partner_status: str
    partner: str | None


@cache
def organisations() -> tuple[DemoOrganisation, ...]:
    """The organisations of the network, then the companies."""
    rng = Random(SEED)  # noqa: S311  a fixed seed: the demo is the same everywhere
    known = {partner.name: partner for partner in partners()}
    listed = [*_partner_rows(), *_town_rows(known), *NETWORK, *COMPANIES]
    return tuple(_organisation(rng, place, row, known.get(row[0])) for place, row in enumerate(listed))


def network() -> tuple[DemoOrganisation, ...]:
    """The organisations without the companies."""
    return tuple(found for found in organisations() if found.legal_type != "company")


def companies() -> tuple[DemoOrganisation, ...]:
    """The companies of the network."""
    return tuple(found for found in organisations() if found.legal_type == "company")


def valid_number(serial: int, office: str = OFFICE) -> str:
    """The eleven digits of an organisation's codice fiscale or partita IVA, the check digit included."""
    first = f"{serial:07}{office}"
    return first + luhn.calc_check_digit(first)


def _partner_rows() -> list[tuple[str, str, str, str]]:
    names = {town.istat_code: town.name for town in municipalities()}
    return [(partner.name, partner.legal_type, names[partner.municipality], "") for partner in partners()]


def _town_rows(known: dict[str, DemoPartner]) -> list[tuple[str, str, str, str]]:
    rows = [(f"Comune di {town.name}", "municipality", town.name, "84.11.10") for town in municipalities()]
    return [row for row in rows if row[0] not in known]


def _organisation(
    rng: Random, place: int, row: tuple[str, str, str, str], partner: DemoPartner | None
) -> DemoOrganisation:
    name, legal_type, town, ateco = row
    cooperative, section = legal_type.startswith("social_cooperative"), SECTIONS.get(legal_type)
    trader = cooperative or legal_type in TRADING
    number = valid_number((TRADERS if trader else BODIES) + place * 7)
    return DemoOrganisation(
        name=name, legal_type=legal_type, municipality=istat_code(town), codice_fiscale=number,
        partita_iva=number if trader else None, runts_section=section,
        runts_number=100_000 + place * 37 if section else None,
        runts_date=RUNTS_OPENED + timedelta(days=rng.randrange(900)) if section else None,
        cooperative_number=f"A9{place:05}" if cooperative else None, ateco=ateco or None,
        email=f"{_address(name)}@{MAIL}", partner_status=_status(rng, partner, legal_type),
        partner=partner.code if partner else None,
    )  # fmt: skip


def _status(rng: Random, partner: DemoPartner | None, legal_type: str) -> str:
    if partner is None:
        return rng.choice(STATUS.get(legal_type, ["network"]))
    return "lead" if partner.lead else "partner"


def _address(name: str) -> str:
    words = [word for word in normalise(name).split() if word.isalnum() and len(word) > 2]  # noqa: PLR2004
    return ".".join(words)

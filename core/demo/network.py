"""The demo's municipalities, the partners that work in the system, and who signs in for them."""

from dataclasses import dataclass
from functools import cache

from core.places.reference import area_rows

MAIL = "demo.example"


@dataclass(frozen=True)
class DemoMunicipality:
    """One of the seven municipalities of the Bassa bresciana orientale."""

    name: str
    istat_code: str
    belfiore: str
    postcode: str
    residents: int


@dataclass(frozen=True)
class DemoUser:
    """Somebody who signs in; `roles` are codes of the platform's roles."""

    name: str
    email: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class DemoPartner:
    """An organisation that works in the system; `kind` and `legal_type` are codes of the registries' lists."""

    code: str
    name: str
    kind: str
    legal_type: str
    municipality: str
    users: tuple[DemoUser, ...]
    modules: tuple[str, ...] = ()
    lead: bool = False


@cache
def municipalities() -> tuple[DemoMunicipality, ...]:
    """The seven, in the order of their names, as the reference data have them."""
    return tuple(
        DemoMunicipality(row["name"], row["istat_code"], row["belfiore_code"], row["cap"], int(row["population"]))
        for row in area_rows()
    )


def istat_code(name: str) -> str:
    """The ISTAT code of one of the seven by its name."""
    return next(town.istat_code for town in municipalities() if town.name == name)


def _user(name: str, *roles: str) -> DemoUser:
    return DemoUser(name, f"{name.lower().replace(' ', '.')}@{MAIL}", roles)


def _partner(
    code: str, name: str, kind: str, legal_type: str, town: str, *users: DemoUser, **rest: object
) -> DemoPartner:
    return DemoPartner(code, name, kind, legal_type, istat_code(town), users, **rest)  # type: ignore[arg-type]


@cache
def partners() -> tuple[DemoPartner, ...]:
    """The lead municipality first; two of them run housing, so that two systems can be compared."""
    return (*_public(), *_third_sector())


def _public() -> tuple[DemoPartner, ...]:
    return (
        _partner(
            "MONTICHIARI", "Comune di Montichiari", "municipality", "municipality", "Montichiari",
            _user("Giulia Ferrari", "org_manager", "municipal"),
            _user("Luca Neri", "municipal"),
            _user("Marta Zaniboni", "municipal", "case_manager"),
            _user("Paolo Treccani", "accountant"),
            _user("Irene Bettoni", "committee"),
            _user("Davide Sala", "auditor"),
            _user("Anna Rossi", "sysadmin"),
            modules=("housing", "guarantee_fund"), lead=True,
        ),
        _partner(
            "CALCINATO", "Comune di Calcinato", "municipality", "municipality", "Calcinato",
            _user("Silvia Archetti", "org_manager", "municipal"), _user("Giorgio Tononi", "municipal"),
        ),
        _partner(
            "CARPENEDOLO", "Comune di Carpenedolo", "municipality", "municipality", "Carpenedolo",
            _user("Elena Piovani", "org_manager", "municipal"), _user("Roberto Desenzani", "case_manager"),
        ),
        _partner(
            "CALVISANO", "Comune di Calvisano", "municipality", "municipality", "Calvisano",
            _user("Chiara Lancini", "org_manager", "municipal"),
        ),
    )  # fmt: skip


def _third_sector() -> tuple[DemoPartner, ...]:
    return (
        _partner(
            "ILPONTE", "Il Ponte cooperativa sociale", "cooperative", "social_cooperative_a", "Montichiari",
            _user("Sara Bonetti", "org_manager", "operator"),
            _user("Mehdi El Amrani", "operator"),
            _user("Federica Pasini", "operator", "facilitator"),
            _user("Andrea Moreni", "accountant"),
            modules=("housing", "guarantee_fund"),
        ),
        _partner(
            "CASAAPERTA", "Associazione Casa Aperta", "association", "odv", "Montichiari",
            _user("Teresa Gandini", "org_manager", "operator"), _user("Ousmane Diop", "facilitator"),
        ),
        _partner(
            "GERMOGLIO", "Cooperativa Il Germoglio", "cooperative", "social_cooperative_b", "Carpenedolo",
            _user("Stefano Bellandi", "org_manager", "operator"), _user("Harpreet Kaur", "operator"),
        ),
        _partner(
            "TRAMA", "Trama di Comunità", "association", "aps", "Calvisano",
            _user("Francesca Olivari", "org_manager", "facilitator"),
        ),
        _partner(
            "VOLTEPAGINA", "Volta Pagina cooperativa sociale", "cooperative", "social_cooperative_ab", "Remedello",
            _user("Nicola Fezzardi", "org_manager", "operator"),
        ),
    )  # fmt: skip

"""The families of both stories, with the numbers of the acceptance case HOU-6."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Family:
    """One applicant with the children, what the office awards, and the place that follows from it."""

    surname: str
    name: str
    family: str
    housing: str
    isee: str
    disability: bool
    minors: int
    came: str
    total: str | None
    place: int | None

    @property
    def full_name(self) -> str:
        return f"{self.surname} {self.name}"

    @property
    def shown_total(self) -> str:
        return (self.total or "–").replace(".", ",")

    @property
    def shown_isee(self) -> str:
        return f"{Decimal(self.isee):,.2f}".translate(str.maketrans(",.", ".,"))


HOXHA = Family("Hoxha", "Arben", "25", "30", "7200.00", True, 1, "09:14", "66.00", 2)
DIOP = Family("Diop", "Awa", "30", "25", "7200.00", False, 3, "09:40", "66.00", 3)
BONOMETTI = Family("Bonometti", "Chiara", "45", "20", "2500.00", False, 2, "10:05", "76.88", 1)
GATTI = Family("Gatti", "Silvano", "10", "35", "15800.00", False, 0, "10:20", "45.25", 4)
TRECCANI = Family("Treccani", "Paola", "20", "20", "16000.01", False, 1, "11:02", None, None)
FAMILIES = (HOXHA, DIOP, BONOMETTI, GATTI, TRECCANI)

SCHEME = """\
Disagio familiare; 40; family; awarded; ; ; Condizione familiare
Disagio abitativo; 40; housing; awarded; ; ; Condizione abitativa
Disagio economico; 20; isee; linear_isee; 20; 16000; ISEE
"""
# What must never stand in what is published.
SECRETS = (
    *(word for one in FAMILIES for word in (one.surname, one.name)),
    "ISEE", "BNMCHR84L49F471K", *(one.isee for one in FAMILIES), *(one.shown_isee for one in FAMILIES), "disabilit",
)  # fmt: skip

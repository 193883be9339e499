"""The demonstration scheme and the five applications that every example ranks."""

from datetime import UTC, datetime
from decimal import Decimal

from plugins.housing.rules.calls import CallRules, Entry
from plugins.housing.rules.requirements import Ceiling
from plugins.housing.rules.scheme import Criterion, CriterionKind, Group, Scheme

LIMIT = Decimal("16000.00")

DEMO = Scheme(
    "demo",
    1,
    (
        Group("family", Decimal(40), (Criterion("family", CriterionKind.AWARDED),)),
        Group("housing", Decimal(40), (Criterion("housing", CriterionKind.AWARDED),)),
        Group(
            "economic",
            Decimal(20),
            (Criterion("isee", CriterionKind.LINEAR_ISEE, points=Decimal(20), limit=LIMIT),),
        ),
    ),
)

RULES = CallRules("2026/01", (Ceiling("R-H1", "isee", LIMIT),), DEMO)


def entry(number, family, housing, isee, *, disability=False, minors=0, minute=0):
    """An application of the call, submitted on 12/03/2026 some minutes after nine."""
    answers = {
        "family": Decimal(family),
        "housing": Decimal(housing),
        "isee": Decimal(isee),
        "disability": disability,
        "minors": minors,
    }
    return Entry(number, datetime(2026, 3, 12, 9, minute, tzinfo=UTC), answers)


FIVE = [
    entry("D-101", 25, 30, "7200.00", disability=True, minors=1),
    entry("D-102", 30, 25, "7200.00", minors=3),
    entry("D-103", 45, 20, "2500.00", minors=2),
    entry("D-104", 10, 35, "15800.00"),
    entry("D-105", 20, 20, "16000.01", minors=1),
]

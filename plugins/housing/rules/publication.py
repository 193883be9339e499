"""What of a ranking may be published, and who contests it in time (R-H5)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.api import Choice, _
from plugins.housing.rules.calls import DrawnRanking


class Outcome(Choice):
    """All that the public learns of an application beside its place."""

    ADMITTED = "admitted", _("Admitted"), "ok"
    EXCLUDED = "excluded", _("Excluded"), "bad"


@dataclass(frozen=True)
class PublicRow:
    """A row of the published ranking: no name, no ISEE, no single score, no condition can stand in it."""

    position: int | None
    application: str
    total: Decimal | None
    outcome: Outcome
    rule: str = ""


def public_rows(ranking: DrawnRanking) -> list[PublicRow]:
    """The admitted in order, then the excluded by number, each with the first rule it does not meet."""
    admitted = [
        PublicRow(place.position, place.candidate.application, place.candidate.total, Outcome.ADMITTED)
        for place in ranking.places
    ]
    excluded = [
        PublicRow(None, application, None, Outcome.EXCLUDED, reasons[0].rule)
        for application, reasons in ranking.excluded.items()
    ]
    return admitted + excluded


def is_late(received_on: date, last_day: date) -> bool:
    """Whether a request came out of time; the last day itself is in time."""
    return received_on > last_day

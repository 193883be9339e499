"""Verifications and rows of rankings, as lists, files and the API tell them."""

from core.api import Resource, _
from plugins.housing.models import Check, RankingRow

all_checks = Resource(
    Check,
    name="checks",
    title=_("Verifications"),
    singular=_("Verification"),
    columns=["application.protocol", "subject", "outcome", "document", "checked_by", "checked_at"],
    filters=["subject", "application", "checked_at"],
    search=["application.protocol", "document"],
    order="-checked_at",
    in_menu=False,
    icon="check",
    sentence=_("What the office verified of each application, on which document, by whom and when."),
)

ranking_rows = Resource(
    RankingRow,
    name="ranking-rows",
    title=_("Places in rankings"),
    singular=_("Place"),
    columns=[
        "protocol", "ranking.edition", "position", "total", "outcome", "rule", "behind_by", "reserve", "reserve_place",
    ],
    filters=["ranking", "outcome", "reserve"],
    search=["protocol"],
    order="order",
    in_menu=False,
    icon="chart-line",
    sentence=_("Every application's place in every version, for files and programs."),
)  # fmt: skip

"""What the gardens answer to the core."""

from core.api import Card, DemoStep, Permission, PersonReference, RecordPanel, Resource, _, answers
from social_gardens import demo, pages, queries
from social_gardens.access import PERMISSIONS, PRESETS, Can


@answers
def resources() -> list[Resource]:
    return pages.ALL


@answers
def permissions() -> list[Permission]:
    return PERMISSIONS


@answers
def role_presets() -> dict[str, list[str]]:
    return PRESETS


@answers
def panels() -> list[RecordPanel]:
    return [
        RecordPanel("people", "gardens", _("Gardens"), "social_gardens/person.html", queries.of_person, Can.SEE_FIGURES)
    ]


@answers
def dashboard_cards() -> list[Card]:
    return [Card(_("Social gardens"), "social_gardens/card.html", queries.figures, Can.SEE_FIGURES)]


@answers
def demo_steps() -> list[DemoStep]:
    return [DemoStep(_("Two gardens with who waits for a plot"), demo.load, partners=("MONTICHIARI", "ILPONTE"))]


@answers
def person_references() -> list[PersonReference]:
    return [
        PersonReference("social_gardens_request", "person_id", _("Requests for a plot")),
        PersonReference("social_gardens_assignment", "person_id", _("Assignments")),
    ]

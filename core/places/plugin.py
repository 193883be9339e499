"""What places add to the program."""

from core.hooks import answers
from core.places import pages
from core.resource.declaration import Resource


@answers
def resources() -> list[Resource]:
    return [pages.places, pages.rooms, pages.municipalities, pages.states]


@answers
def role_presets() -> dict[str, list[str]]:
    reference = ["municipalities.see", "states.see"]
    seen = [*reference, "places.see", "rooms.see"]
    kept = [
        *seen,
        *(f"{name}.{verb}" for name in ("places", "rooms") for verb in ("add", "change", "import", "export")),
    ]
    return {
        "sysadmin": [*seen, "municipalities.export", "states.export"],
        "org_manager": [*reference, "places.*", "rooms.*"],
        "operator": kept,
        "municipal": kept,
        "facilitator": kept,
        "case_manager": seen,
        "accountant": seen,
        "committee": reference,
    }

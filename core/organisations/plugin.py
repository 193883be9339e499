"""What organisations add to the program."""

from core.hooks import answers
from core.organisations import pages
from core.resource.declaration import Resource


@answers
def resources() -> list[Resource]:
    return [pages.organisations]


@answers
def role_presets() -> dict[str, list[str]]:
    seen = ["organisations.see"]
    kept = [*seen, "organisations.add", "organisations.change", "organisations.import", "organisations.export"]
    return {
        "sysadmin": ["organisations.*"],
        "org_manager": ["organisations.*"],
        "operator": [*kept, "organisations.activate"],
        "municipal": [*kept, "organisations.activate"],
        "facilitator": kept,
        "case_manager": seen,
        "accountant": seen,
    }

"""What may be done in the gardens beyond what their resources derive, and who may from the start."""

from enum import StrEnum

from core.api import Permission, _


class Can(StrEnum):
    """Permissions of what is no collection."""

    SEE_FIGURES = "social_gardens.figures"


PERMISSIONS = [Permission(Can.SEE_FIGURES, _("Social gardens: see the card and the tab on people"))]
PRESETS = {
    "org_manager": ["social_gardens.*"],
    "municipal": ["social_gardens.*"],
    "operator": [
        Can.SEE_FIGURES.value, "social_gardens.gardens.see", "social_gardens.plots.see", "social_gardens.seasons.see",
        "social_gardens.requests.*", "social_gardens.assignments.see",
    ],
    "accountant": [Can.SEE_FIGURES.value, "social_gardens.assignments.see", "social_gardens.assignments.pay"],
}  # fmt: skip

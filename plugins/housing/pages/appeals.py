"""Requests for correction and appeals, as lists and record pages show them."""

from core.api import Facts, Move, Resource, Workflow, _
from plugins.housing import call_forms
from plugins.housing.models import Appeal, AppealState
from plugins.housing.services import appeals

appeal_states = Workflow(
    "state",
    [
        Move(
            "grant", AppealState.OPEN, AppealState.GRANTED, appeals.grant_appeal, _("Grant, and correct the ranking"),
            form=call_forms.GrantForm, special=("application.answers",),
        ),
        Move(
            "reject", AppealState.OPEN, AppealState.REJECTED, appeals.reject_appeal, _("Reject"),
            form=call_forms.DecisionForm, danger=True,
        ),
    ],
)  # fmt: skip

all_appeals = Resource(
    Appeal,
    name="appeals",
    title=_("Correction requests and appeals"),
    singular=_("Request"),
    columns=["protocol", "application.protocol", "kind", "received_on", "late", "state", "decided_at"],
    filters=["state", "kind", "late", "ranking", "received_on"],
    search=["protocol", "application.protocol"],
    form=call_forms.AppealForm,
    match=["protocol"],
    order="-received_on",
    create=appeals.register_appeal,
    panels=[
        Facts("protocol", "application", "ranking", "kind", "received_on", "late", "grounds", title=_("What is asked")),
        Facts("state", "reason", "officer", "decided_at", "led_to", title=_("Decision")),
    ],
    workflow=appeal_states,
    icon="inbox",
    sentence=_("What applicants ask about a published ranking, in time or not, and what was decided."),
)

"""The arrears ladder, contacts, notes and repayment plans, as lists and record pages show them."""

from typing import Any

from sqlalchemy.orm import Session

from core.api import Action, Facts, Move, Panel, Related, Resource, Workflow, _, today
from plugins.housing import recovery_forms as forms
from plugins.housing.forms import ReasonForm
from plugins.housing.models import LadderStep, PlanState, RepaymentPlan, SocialNote, StepState, SupportContact
from plugins.housing.services import ladder, plans, support


def schedule_of(session: Session, plan: RepaymentPlan) -> dict[str, Any]:
    """The instalments with what was paid of each, and how late they are."""
    return {"plan": plan, "schedule": plan.schedule, "day": today()}


ladder_steps = Resource(
    LadderStep,
    name="steps",
    title=_("Arrears ladder"),
    singular=_("Step of the arrears ladder"),
    columns=["due_on", "kind", "lease", "lease.tenant_names", "owed", "done_on", "done_by", "state"],
    filters=["state", "kind", "due_on", "done_on"],
    search=["lease.number"],
    order="due_on",
    panels=[
        Facts("lease", "kind", "debt_since", "owed", "due_on", "state", title=_("Step")),
        Facts("done_on", "done_by", "channel", "note", "settled_on", title=_("How it was done")),
    ],
    workflow=Workflow(
        "state",
        [Move("done", StepState.DUE, StepState.DONE, ladder.complete_step, _("Write down that it is done"),
              form=forms.StepDoneForm)],
    ),
    icon="clock",
    sentence=_("What is to be done about each debt as it grows older, and what was done."),
)  # fmt: skip

support_contacts = Resource(
    SupportContact,
    name="support-contacts",
    title=_("Educational support"),
    singular=_("Contact"),
    columns=["made_on", "lease", "made_by", "channel", "outcome", "next_on"],
    filters=["outcome", "channel", "made_on", "next_on"],
    search=["lease.number", "made_by"],
    form=forms.ContactForm,
    order="-made_on",
    create=support.record_contact,
    panels=[
        Facts("lease", "person", "made_on", "made_by", "channel", "outcome", "note", "next_on", title=_("Contact")),
    ],
    icon="hearing",
    sentence=_("Contacts with households in difficulty: who, when, how it went. Nothing of their health."),
)  # fmt: skip

social_notes = Resource(
    SocialNote,
    name="social-notes",
    title=_("Social notes"),
    singular=_("Social note"),
    columns=["written_on", "lease", "text", "written_by"],
    filters=["written_on"],
    search=["lease.number"],
    form=forms.LeaseNoteForm,
    order="-written_on",
    create=support.write_note,
    panels=[Facts("lease", "text", "written_on", "written_by", title=_("Social note"))],
    in_menu=False,
    icon="note",
    sentence=_("A few words on households in arrears, for who follows them."),
)  # fmt: skip

plan_states = Workflow(
    "state",
    [
        Move("activate", PlanState.ACCEPTED, PlanState.ACTIVE, plans.activate_plan, _("Make active")),
        Move("renegotiate", PlanState.ACTIVE, PlanState.RENEGOTIATED, plans.renegotiate_plan, _("Renegotiate"),
             form=forms.RenegotiationForm),
        Move("withdraw", (PlanState.PROPOSED, PlanState.ACCEPTED), PlanState.WITHDRAWN, plans.withdraw_plan,
             _("Withdraw"), form=ReasonForm, danger=True),
    ],
)  # fmt: skip

all_plans = Resource(
    RepaymentPlan,
    name="plans",
    title=_("Repayment plans"),
    singular=_("Repayment plan"),
    columns=["number", "lease", "lease.tenant_names", "total", "paid", "left", "proposed_on", "state"],
    filters=["state", "proposed_on", "ended_on"],
    search=["number", "lease.number"],
    form=forms.NewPlanForm,
    match=["number"],
    order="-proposed_on",
    create=plans.propose_plan,
    panels=[
        Facts("number", "lease", "total", "paid", "left", "proposed_on", "tenant_accepted_on", "manager_accepted_on",
              "manager_name", "active_on", "ended_on", "reason", title=_("Repayment plan")),
        Panel(_("Instalments"), "housing/plan.html", schedule_of),
        Related("covered", ("charge", "amount"), title=_("What it covers")),
    ],
    workflow=plan_states,
    actions=[
        Action("accept-tenant", plans.accept_as_tenant, _("The tenant accepts"), form=forms.AcceptanceForm,
               when=lambda plan: plan.state is PlanState.PROPOSED and plan.tenant_accepted_on is None),
        Action("accept-manager", plans.accept_as_manager, _("The manager accepts"), form=forms.AcceptanceForm,
               when=lambda plan: plan.state is PlanState.PROPOSED and plan.manager_accepted_on is None),
        Action("pay", plans.pay_instalment, _("Write down a payment"), form=forms.InstalmentForm,
               permission="housing.payments.add", when=lambda plan: plan.is_running and plan.left > 0),
    ],
    icon="calendar",
    sentence=_("Debts paid in instalments, agreed by tenant and manager."),
)  # fmt: skip

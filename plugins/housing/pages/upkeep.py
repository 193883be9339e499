"""Handovers, inventories, meters, maintenance and inspections, as lists and record pages show them."""

from core.api import Action, Facts, Move, Related, Resource, Workflow, _
from plugins.housing import upkeep_forms as forms
from plugins.housing.forms import ReasonForm
from plugins.housing.models import (
    Handover,
    HandoverKind,
    HandoverState,
    Inspection,
    InventoryItem,
    MaintenanceTicket,
    MeterReading,
    TicketState,
)
from plugins.housing.models.ticket import UNSOLVED
from plugins.housing.services import handovers, inspections, meters, tickets


def is_draft(report: Handover) -> bool:
    """Whether nobody signed it yet."""
    return report.state is HandoverState.DRAFT


def asks_damages(report: Handover) -> bool:
    """Whether a signed report of return still has damages to charge."""
    is_return = report.kind is HandoverKind.RETURN
    return not is_draft(report) and is_return and report.charge_id is None and report.damages > 0


all_handovers = Resource(
    Handover,
    name="handovers",
    title=_("Handover reports"),
    singular=_("Handover report"),
    columns=["number", "kind", "lease", "made_on", "tenant_signed_on", "damages", "state"],
    filters=["kind", "state", "made_on"],
    search=["number", "lease.number"],
    form=forms.HandoverForm,
    match=["number"],
    order="-made_on",
    create=handovers.open_handover,
    amend=handovers.amend_handover,
    remove=handovers.remove_handover,
    panels=[
        Facts(
            "number", "kind", "lease", "made_on", "present", "keys", "remarks", "landlord_signed_on",
            "tenant_signed_on", "works_needed", "damages", "charge", title=_("Handover report"),
        ),
        Related("items", ("name", "room", "quantity", "delivered", "condition", "damage", "note"),
                title=_("Inventory")),
        Related("readings", ("kind", "serial", "value", "read_on", "replaced"), title=_("Meters")),
    ],
    workflow=Workflow(
        "state",
        [Move("sign", HandoverState.DRAFT, HandoverState.SIGNED, handovers.sign_handover, _("Sign"),
              form=forms.SigningForm)],
    ),
    actions=[
        Action("add-item", handovers.add_item, _("Add a thing"), form=forms.ItemForm, when=is_draft,
               permission="housing.handovers.change"),
        Action("add-reading", handovers.add_reading, _("Read a meter"), form=forms.ReadingForm, when=is_draft,
               permission="housing.handovers.change"),
        Action("charge-damages", handovers.charge_damages, _("Charge the damages"), form=forms.DamagesForm,
               when=asks_damages, permission="housing.charges.add"),
    ],
    icon="key",
    sentence=_("The keys given and given back, with the inventory and what the meters said."),
)  # fmt: skip

inventory_items = Resource(
    InventoryItem,
    name="inventory-items",
    title=_("Inventory items"),
    singular=_("Inventory item"),
    columns=["name", "room", "quantity", "delivered", "condition", "damage", "handover"],
    filters=["condition"],
    search=["name", "room"],
    form=forms.ItemForm,
    order="name",
    amend=handovers.amend_item,
    remove=handovers.remove_item,
    panels=[
        Facts("handover", "room", "name", "quantity", "delivered", "condition", "damage", "note",
              title=_("Inventory item")),
    ],
    in_menu=False,
    icon="list",
    sentence=_("The things that stand in the homes, as delivered and as given back."),
)  # fmt: skip

meter_readings = Resource(
    MeterReading,
    name="readings",
    title=_("Meter readings"),
    singular=_("Meter reading"),
    columns=["serial", "kind", "dwelling", "value", "read_on", "replaced"],
    filters=["kind", "read_on", "replaced"],
    search=["dwelling.code", "serial"],
    form=["dwelling", "kind", "serial", "value", "read_on", "replaced"],
    order="-read_on",
    create=meters.record_reading,
    panels=[
        Facts("dwelling", "kind", "serial", "value", "read_on", "replaced", "handover", title=_("Meter reading")),
    ],
    in_menu=False,
    icon="note",
    sentence=_("What the meters of the homes said, day by day."),
)  # fmt: skip

ticket_states = Workflow(
    "state",
    [
        Move("assess", UNSOLVED, TicketState.TRIAGE, tickets.assess_ticket, _("Assess"), form=forms.AssessmentForm),
        Move("assign", UNSOLVED, TicketState.ASSIGNED, tickets.assign_ticket, _("Give to a supplier"),
             form=forms.SupplierForm),
        Move("start", TicketState.ASSIGNED, TicketState.IN_PROGRESS, tickets.start_repair, _("Works begin")),
        Move("solve", UNSOLVED, TicketState.SOLVED, tickets.solve_ticket, _("Solved"), form=forms.SolutionForm),
        Move("close", TicketState.SOLVED, TicketState.CLOSED, tickets.close_ticket, _("The tenant confirms")),
        Move("reopen", TicketState.SOLVED, TicketState.TRIAGE, tickets.reopen_ticket, _("It does not hold"),
             form=ReasonForm),
        Move("dismiss", (TicketState.OPEN, TicketState.TRIAGE), TicketState.CLOSED, tickets.dismiss_ticket,
             _("Close without works"), form=ReasonForm, danger=True),
    ],
)  # fmt: skip

all_tickets = Resource(
    MaintenanceTicket,
    name="tickets",
    title=_("Maintenance"),
    singular=_("Maintenance ticket"),
    columns=["number", "subject", "where", "kind", "target_at", "supplier", "cost", "late", "state"],
    filters=["state", "late", "urgent", "kind", "opened_at", "target_at"],
    search=["number", "subject", "dwelling.code"],
    form=forms.TICKET_FIELDS,
    match=["number"],
    order="-opened_at",
    create=tickets.open_ticket,
    panels=[
        Facts("number", "subject", "dwelling", "place", "part", "kind", "urgent", "description",
              title=_("What is broken")),
        Facts("reported_by", "reporter", "opened_at", "target_at", "late", "supplier", "visit_on",
              title=_("Who and when")),
        Facts("outcome", "cost", "solved_at", "closed_at", "closed_because", title=_("How it ended")),
    ],
    workflow=ticket_states,
    icon="tool",
    sentence=_("Repairs of homes and common parts: until when, by whom, at what cost."),
)  # fmt: skip

all_inspections = Resource(
    Inspection,
    name="inspections",
    title=_("Inspections"),
    singular=_("Inspection"),
    columns=["made_on", "dwelling", "purpose", "inspector", "outcome", "next_on"],
    filters=["outcome", "purpose", "made_on", "next_on"],
    search=["dwelling.code", "inspector"],
    form=["dwelling", "made_on", "purpose", "inspector", "outcome", "findings", "next_on"],
    order="-made_on",
    create=inspections.record_inspection,
    amend=inspections.amend_inspection,
    panels=[
        Facts("dwelling", "made_on", "purpose", "inspector", "outcome", "findings", "next_on", title=_("Inspection")),
    ],
    actions=[
        Action("ask-repair", inspections.ask_repair, _("Open a ticket"), form=forms.RepairForm,
               permission="housing.tickets.add"),
    ],
    icon="search",
    in_menu=False,
    sentence=_("Visits of the office to the homes, and what was found."),
)  # fmt: skip

"""From the ranking to the keys: the offer, the act that assigns, the draft of the lease, the handover report."""

from typing import Any

from sqlalchemy.orm import Session

from core.api import Words, _, in_context, integer_of, parts, show_date, show_money, show_number
from plugins.housing.documents.people import applicant_of, cadastral, called, where
from plugins.housing.models import (
    Assignment,
    AssignmentState,
    Dwelling,
    Handover,
    HandoverKind,
    Indexation,
    InventoryItem,
    Lease,
)

Values = dict[str, Any]
Column = parts.TableColumn
TAKEN = (AssignmentState.ACCEPTED, AssignmentState.ASSIGNED, AssignmentState.LEASED)


def is_open(offer: Assignment) -> bool:
    """Whether the household has still to answer."""
    return offer.state is AssignmentState.OFFERED


def is_taken(offer: Assignment) -> bool:
    """Whether the household said yes."""
    return offer.state in TAKEN


def offer(session: Session, assignment: Assignment) -> Values:
    """The offer of a home, and until when it may be taken."""
    return {
        "title": _("Offer of a home, application %(protocol)s", protocol=assignment.application.protocol),
        "to": applicant_of(assignment.application),
        "parts": [
            parts.text(_("Following the final ranking of call %(call)s, this home is offered to your household.",
                         call=str(assignment.application.call))),
            _home(assignment.dwelling),
            parts.facts(
                (_("Offered on"), show_date(assignment.offered_on)),
                (_("Answer by"), show_date(assignment.answer_by) if assignment.answer_by else ""),
            ),
            parts.text(
                _("You may visit the home before answering: ask this office for a day."),
                _("Answer in writing, saying whether you take the home. If you decline, write why and add the "
                  "documents that show it: the office says whether the cause is accepted."),
            ),
        ],
    }  # fmt: skip


def decree(session: Session, assignment: Assignment) -> Values:
    """The act that assigns a home; who receives it is named by the number of the application."""
    application = assignment.application
    return {
        "title": _("Assignment of home %(code)s", code=assignment.dwelling.code),
        "parts": [
            parts.heading(_("Considering")),
            parts.points(
                _("the notice of call %(call)s", call=str(application.call)),
                _("the final ranking of the call"),
                _("the offer of %(day)s, taken on %(answer)s", day=show_date(assignment.offered_on),
                  answer=show_date(assignment.answered_on) if assignment.answered_on else "–"),
            ),
            parts.heading(_("It is decided")),
            parts.points(
                _("to assign the home below to the household of application %(protocol)s",
                  protocol=application.protocol),
                _("to ask the household to sign the lease within the term that this office will set"),
                _("to tell the person concerned"),
                numbered=True,
            ),
            _home(assignment.dwelling),
            parts.facts((_("Decree"), assignment.decree)),
            parts.text(_("The household is named by the number of its application; its data are kept by the office "
                         "(art. 26 par. 4 D.Lgs. 33/2013).")),
        ],
    }  # fmt: skip


def _home(home: Dwelling) -> parts.Part:
    return parts.facts(
        (in_context("dwelling", "Home"), home.code), (_("Address"), where(home)), (_("Land registry"), cadastral(home)),
        (in_context("dwelling", "Rooms"), home.rooms),
        (_("Net area (m²)"), show_number(home.net_area, places=2) if home.net_area else ""),
        (_("Most occupants"), home.max_occupants),
        (_("Energy class (APE)"), home.energy_class.label if home.energy_class else ""),
        (_("Monthly rent asked"), show_money(home.monthly_rent) if home.monthly_rent is not None else ""),
    )  # fmt: skip


def lease(session: Session, lease: Lease) -> Values:
    """The text of a lease, to be read, completed and signed by both."""
    tenants = [one.person for one in lease.tenants]
    return {
        "title": _("Lease %(number)s", number=lease.number),
        "parts": [
            parts.heading(_("Parties")),
            parts.text(
                _("The landlord named at the head of this document lets to"),
                "; ".join(called(person) for person in tenants),
                _("who accept, the home described below."),
            ),
            parts.heading(_("The home")),
            _home(lease.dwelling),
            parts.heading(_("Kind and length")),
            parts.facts(
                (_("Kind"), lease.kind.label), (_("First day"), show_date(lease.starts_on)),
                (_("Last day"), show_date(lease.ends_on) if lease.ends_on else _("Not set")),
            ),
            parts.heading(_("Rent and charges")),
            parts.facts(
                (_("Monthly rent"), show_money(lease.monthly_rent)),
                (_("Monthly service charges"), show_money(lease.charges_advance)),
            ),
            parts.text(
                _("Both are paid by day %(day)s of each month.", day=lease.due_day),
                _indexation(lease),
            ),
            parts.heading(_("Deposit")),
            parts.text(*_deposit(session, lease)),
            parts.heading(_("Keys")),
            parts.text(_("The home is delivered and given back with a report that both parties sign; it says in what "
                         "condition each thing is and what the meters say.")),
        ],
        "signatures": [[str(_("The landlord")), ""],
                       *([str(_("The tenant")), str(person or "")] for person in tenants)],
    }  # fmt: skip


def _indexation(lease: Lease) -> Words:
    if lease.flat_rate_tax:
        return _("The rent is not updated: the landlord chose the flat-rate tax (art. 3 par. 11 D.Lgs. 23/2011).")
    if lease.indexation is Indexation.NONE:
        return _("The rent is not updated.")
    percent = 75 if lease.indexation is Indexation.FOI75 else 100
    return _("The rent is updated each year by %(n)s%% of the change of the ISTAT index FOI without tobacco, when the "
             "landlord asks for it in writing.", n=percent)  # fmt: skip


def _deposit(session: Session, lease: Lease) -> list[Words]:
    if not lease.deposit:
        return [_("No deposit is asked.")]
    months = integer_of(session, "housing.deposit_months", on=lease.starts_on)
    return [
        _("The tenant pays a deposit of %(amount)s, at most %(n)s monthly rents (art. 11 L. 392/1978).",
          amount=show_money(lease.deposit), n=months),
        _("It bears legal interest, paid at the end of each year."),
    ]  # fmt: skip


def handover(session: Session, report: Handover) -> Values:
    """The report of a handover: keys, things, meters, damages."""
    returned = report.kind is HandoverKind.RETURN
    names = report.lease.tenant_names
    return {
        "title": _("Report of %(kind)s %(number)s", kind=str(report.kind.label).lower(), number=report.number),
        "parts": [
            parts.facts(
                (_("Lease"), report.lease.number), (in_context("dwelling", "Home"), report.lease.dwelling.code),
                (_("Address"), where(report.lease.dwelling)), (_("Day"), show_date(report.made_on)),
                (_("Persons present"), report.present), (_("Sets of keys"), report.keys),
            ),
            parts.heading(_("Inventory")),
            parts.table(_item_columns(returned=returned), [_item(one, returned=returned) for one in report.items],
                        total=_damages(report) if returned and report.damages else (),
                        none=_("Nothing is listed.")),
            parts.heading(_("Meters")),
            parts.table(
                [Column(_("Meter"), width=1), Column(_("Serial number"), width=1), Column(_("Reading"), number=True)],
                [[one.kind.label, one.serial, show_number(one.value)] for one in report.readings],
                none=_("No meter was read."),
            ),
            parts.heading(_("Remarks")),
            parts.text(report.remarks or _("None")),
            parts.facts(
                (_("Signed by the tenant on"), show_date(report.tenant_signed_on) if report.tenant_signed_on else ""),
                (_("Signed by the landlord on"),
                 show_date(report.landlord_signed_on) if report.landlord_signed_on else ""),
            ),
        ],
        "signatures": [[str(_("The landlord")), ""], [str(_("The tenant")), names]],
    }  # fmt: skip


def _item_columns(*, returned: bool) -> list[Column]:
    head = [Column(_("Room")), Column(_("Thing"), width=2), Column(_("Quantity"), number=True)]
    if returned:
        return [*head, Column(_("As delivered")), Column(_("Condition")), Column(_("Damage"), number=True)]
    return [*head, Column(_("Condition")), Column(_("Note"), width=1)]


def _item(item: InventoryItem, *, returned: bool) -> list[Words | int]:
    head: list[Words | int] = [item.room or "–", item.name, item.quantity]
    if returned:
        before = item.delivered.label if item.delivered else "–"
        return [*head, before, item.condition.label, show_money(item.damage) if item.damage else "–"]
    return [*head, item.condition.label, item.note or ""]


def _damages(report: Handover) -> list[Words]:
    return [_("Total"), "", "", "", "", show_money(report.damages)]

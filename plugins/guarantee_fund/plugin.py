"""Funds, applications, the committee and guarantees: what the guarantee fund answers to the core."""

from uuid import UUID

from flask import Blueprint
from sqlalchemy.orm import Session

from core.api import (
    AgendaSource,
    Card,
    Conflict,
    DemoStep,
    DocumentKind,
    Duty,
    Finding,
    Hold,
    JobKind,
    MenuItem,
    ParameterKind,
    Permission,
    Person,
    PersonReference,
    RecordPanel,
    Resource,
    Section,
    Step,
    _,
    answers,
    sections,
    steps,
)
from plugins.guarantee_fund import demo, life_cycle, people, queries, subject
from plugins.guarantee_fund.access import PERMISSIONS, PRESETS, Can
from plugins.guarantee_fund.agenda import SOURCES
from plugins.guarantee_fund.documents import KINDS as KINDS_OF_DOCUMENTS
from plugins.guarantee_fund.jobs import follow
from plugins.guarantee_fund.pages import applications, funds, guarantees
from plugins.guarantee_fund.pages import panels as cards
from plugins.guarantee_fund.pages.endpoints import endpoints
from plugins.guarantee_fund.pages.views import views
from plugins.guarantee_fund.parameters import KINDS, load_reference


@answers
def resources() -> list[Resource]:
    return [
        applications.all_applications, applications.all_sessions, applications.all_items, guarantees.all_guarantees,
        guarantees.all_loans, guarantees.all_loan_payments, guarantees.all_calls, guarantees.all_recoveries,
        funds.all_funds, funds.all_lines, funds.all_contributions, funds.all_entries, funds.all_bank_lines,
        applications.all_members,
    ]  # fmt: skip


@answers
def blueprints() -> list[Blueprint]:
    return [views, endpoints]


@answers
def menu_items() -> list[MenuItem]:
    return [
        MenuItem(_("Guarantee fund"), "/m/guarantee-fund", "card", Can.OPEN_MODULE),
        MenuItem(_("Statements of the funds"), "/m/guarantee-fund/statements", "card", Can.SEE_STATEMENT),
    ]


@answers
def permissions() -> list[Permission]:
    return PERMISSIONS


@answers
def role_presets() -> dict[str, list[str]]:
    return PRESETS


@answers
def parameters() -> list[ParameterKind]:
    return KINDS


@answers
def panels() -> list[RecordPanel]:
    title = _("Guarantee fund")
    return [
        RecordPanel("people", "guarantee-fund", title, "guarantee_fund/person.html", cards.of_person, Can.OPEN_MODULE),
        RecordPanel(
            "housing.leases", "guarantee-fund", title, "guarantee_fund/lease.html", cards.of_lease, Can.OPEN_MODULE
        ),
    ]


@answers
def dashboard_cards() -> list[Card]:
    return [Card(_("Guarantee fund"), "guarantee_fund/card.html", queries.figures, Can.OPEN_MODULE)]


@answers
def demo_steps() -> list[DemoStep]:
    return [DemoStep(_("A fund with its guarantees"), demo.load)]


@answers
def agenda_sources() -> list[AgendaSource]:
    return SOURCES


@answers
def documents() -> list[DocumentKind]:
    return KINDS_OF_DOCUMENTS


@answers
def jobs() -> list[JobKind]:
    return [JobKind("guarantee_fund.follow", _("Loans, terms and approvals of the fund"), follow, daily_at="05:30")]


@answers
def preflight(action: str, session: Session, partner_id: UUID | None) -> list[Finding]:
    return life_cycle.before_switching_off(session) if action == "disable" else []


@answers
def purge_plan(session: Session) -> list[Duty]:
    return life_cycle.duties(session)


@answers
def enabled(session: Session, partner_id: UUID) -> None:
    """The limits that the law sets are there from the first day."""
    load_reference(session)


@answers
def person_references() -> list[PersonReference]:
    return people.REFERENCES


@answers
def person_merge(session: Session, winner: Person, loser: Person) -> list[Conflict]:
    return people.conflicts(session, winner, loser)


@answers
def subject_export(session: Session, person_id: UUID) -> list[Section]:
    return sections(session, person_id, subject.ABOUT)


@answers
def subject_erase(session: Session, person_id: UUID) -> list[Step | Hold]:
    return steps(session, person_id, subject.ABOUT)

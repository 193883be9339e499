"""Homes, calls, rankings, leases and rents: what housing answers to the core."""

from uuid import UUID

from click import Command
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
    Listener,
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
from plugins.housing import cli, demo, demo_bank, demo_homes, figures, life_cycle, people, rent_jobs, subject
from plugins.housing import jobs as work
from plugins.housing.access import PERMISSIONS, PRESETS, Can
from plugins.housing.agenda import SOURCES
from plugins.housing.documents import KINDS as KINDS_OF_DOCUMENTS
from plugins.housing.pages import (
    appeals,
    bank,
    checks,
    collections,
    homes,
    lease_panels,
    money,
    recovery,
    rents,
    requests,
    upkeep,
)
from plugins.housing.pages import panels as cards
from plugins.housing.pages.arrears import arrears_pages
from plugins.housing.pages.blameless import blameless_checks, blameless_pages
from plugins.housing.pages.call_views import call_views
from plugins.housing.pages.collections import collection_views
from plugins.housing.pages.endpoints import endpoints
from plugins.housing.pages.reconcile import bank_views
from plugins.housing.pages.reports import reports
from plugins.housing.pages.vacancy import vacancy_endpoints, vacancy_pages
from plugins.housing.pages.views import views
from plugins.housing.parameters import KINDS, load_reference
from plugins.housing.services import consents, registrations


@answers
def resources() -> list[Resource]:
    return [
        homes.homes, homes.all_calls, requests.all_applications, requests.all_rankings, appeals.all_appeals,
        checks.all_checks, checks.ranking_rows,
        requests.all_assignments, money.all_leases, money.all_charges, money.all_payments,
        *bank.registers, *rents.registers, *collections.registers,
        homes.scoring_schemes,
        upkeep.all_handovers, upkeep.inventory_items, upkeep.meter_readings, upkeep.all_tickets,
        upkeep.all_inspections, recovery.ladder_steps, recovery.all_plans, recovery.support_contacts,
        recovery.social_notes, blameless_checks,
    ]  # fmt: skip


@answers
def blueprints() -> list[Blueprint]:
    return [
        views, call_views, arrears_pages, blameless_pages, vacancy_pages, vacancy_endpoints, reports, endpoints,
        bank_views, rents.rent_views, collection_views,
    ]  # fmt: skip


@answers
def menu_items() -> list[MenuItem]:
    return [
        MenuItem(_("Housing"), "/m/housing", "pa", Can.OPEN_MODULE),
        MenuItem(_("Vacancy"), "/m/housing/vacancy", "calendar", Can.SEE_VACANCY),
        MenuItem(_("Arrears"), "/m/housing/arrears", "chart-line", Can.SEE_ARREARS),
        MenuItem(_("Match the bank's movements"), "/m/housing/reconcile", "link", "housing.bank-lines.confirm"),
        MenuItem(_("Update the rents (ISTAT)"), "/m/housing/indexation", "chart-line", "housing.rent-updates.confirm"),
        MenuItem(_("Report on homes"), "/m/housing/occupancy", "print", "housing.dwellings.see"),
        MenuItem(_("Direct debit collections"), "/m/housing/collections", "card", "housing.collections.add"),
        MenuItem(_("Interest of deposits"), "/m/housing/deposit-interest", "calendar", Can.PAY_DEPOSIT_INTEREST),
        MenuItem(_("Charge a month"), "/m/housing/charge-month", "calendar", Can.CHARGE_MONTH),
    ]


@answers
def event_listeners() -> list[Listener]:
    return [
        Listener(
            "housing.lease_signed", "housing.plan-registration-reminder", registrations.plan_reminder,
            _("A lease was signed: plan the reminder to register it"),
        ),
        Listener(
            "core.consent_withdrawn", "housing.forget-drafts", consents.forget_drafts,
            _("A consent was withdrawn: take the person out of leases not signed yet"),
        ),
    ]  # fmt: skip


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
    return [
        RecordPanel("people", "housing", _("Housing"), "housing/person.html", cards.of_person, Can.OPEN_MODULE),
        RecordPanel(
            "housing.leases", "burden", _("Rent and income"), "housing/burden.html", lease_panels.burden_of,
            "isee-certificates.see",
        ),
        RecordPanel(
            "housing.leases", "recovery", _("Recovery of the debt"), "housing/recovery.html", lease_panels.recovery_of,
            "housing.steps.see",
        ),
        RecordPanel(
            "housing.leases", "support", _("Educational support"), "housing/support.html", lease_panels.support_of,
            "housing.support-contacts.see",
        ),
    ]  # fmt: skip


@answers
def jobs() -> list[JobKind]:
    return [
        JobKind(
            "housing.index-rents", _("Update the rents of a month"), rent_jobs.index_rents,
            permission="housing.rent-updates.confirm",
        ),
        JobKind(
            "housing.deposit-interest", _("Pay the interest of deposits"), rent_jobs.pay_deposit_interest,
            permission=Can.PAY_DEPOSIT_INTEREST,
        ),
        JobKind(
            "housing.follow-arrears", _("Arrears ladder and repayment plans"), work.follow_arrears,
            permission=Can.FOLLOW_ARREARS, daily_at="05:30",
        ),
        JobKind(
            "housing.close-tickets", _("Close repairs nobody contested"), work.close_tickets,
            permission="housing.tickets.close", daily_at="05:45",
        ),
        JobKind(
            "housing.expire-rankings", _("End the rankings whose term is over"), work.expire_rankings,
            permission="housing.rankings.expire", daily_at="05:50",
        ),
        JobKind(work.CHARGE, _("Charge a month"), work.charge_month, permission=Can.CHARGE_MONTH),
        JobKind(
            registrations.REMINDER, _("Reminder of leases to register"), work.remind_registrations,
            permission="housing.leases.register",
        ),
    ]  # fmt: skip


@answers
def commands() -> list[Command]:
    return [cli.housing]


@answers
def documents() -> list[DocumentKind]:
    return KINDS_OF_DOCUMENTS


@answers
def agenda_sources() -> list[AgendaSource]:
    return SOURCES


@answers
def dashboard_cards() -> list[Card]:
    return [Card(_("Housing"), "housing/card.html", figures.figures, Can.OPEN_MODULE)]


@answers
def demo_steps() -> list[DemoStep]:
    return [
        DemoStep(_("Homes, a ranked call and leases"), demo.load),
        DemoStep(_("A week of the bank's movements"), demo_bank.load),
        DemoStep(_("Repairs, handovers and arrears followed"), demo_homes.load),
    ]


@answers
def preflight(action: str, session: Session, partner_id: UUID | None) -> list[Finding]:
    return life_cycle.before_switching_off(session) if action == "disable" else []


@answers
def purge_plan(session: Session) -> list[Duty]:
    return life_cycle.duties(session)


@answers
def enabled(session: Session, partner_id: UUID) -> None:
    # The first partner to switch the module on brings the law's values in; later ones find them there.
    load_reference(session)
    registrations.plan_again(session)


@answers
def disabled(session: Session) -> None:
    registrations.drop_reminder(session)


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

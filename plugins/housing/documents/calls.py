"""Documents of calls and applications: notice, receipt, exclusion letter, outcome of a request."""

import re
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from core.api import (
    Words,
    _,
    in_context,
    integer_of,
    parts,
    plural,
    show_date,
    show_datetime,
    show_money,
    show_number,
    today,
)
from plugins.housing.documents.people import applicant_of, called, where
from plugins.housing.models import Appeal, AppealState, Application, ApplicationState, Call, Dwelling
from plugins.housing.rules.ranking import TieBreaker
from plugins.housing.rules.scheme import Group
from plugins.housing.wording import criterion_text, requirement_text

Values = dict[str, Any]
Column = parts.TableColumn
PRIVACY = _(
    "Personal data are processed for this procedure alone, by those who are charged with it, as the privacy notice "
    "of the office says."
)


def notice(session: Session, call: Call) -> Values:
    """The notice of a call: homes, requirements, points, terms."""
    homes = [one.dwelling for one in call.homes]
    return {
        "title": _("Notice %(number)s: %(title)s", number=call.number, title=call.title),
        "parts": [
            parts.text(_("Applications are open for the assignment of the homes listed below (%(regime)s).",
                         regime=call.regime.label)),
            parts.facts(
                (_("Applications from"), show_date(call.opens_on)), (_("Last day for applications"),
                 show_date(call.closes_on)), (_("Responsible officer"), call.officer),
            ),
            parts.heading(_("Homes")),
            parts.table(HOMES, [_home(home) for home in sorted(homes, key=lambda one: one.code)],
                        none=_("The homes are named before the call opens.")),
            parts.heading(_("Requirements")),
            _requirements(call),
            parts.heading(_("Points")),
            parts.table(
                [Column(_("Group"), width=1), Column(_("Criteria"), width=2), Column(_("At most"), number=True)],
                [
                    [group.title or group.key, _criteria(group), show_number(group.cap, places=2)]
                    for group in call.scheme.rules.groups
                ],
                none=_("No points are given."),
            ),
            parts.text(_("Equal totals are told apart, in this order:")),
            parts.points(*(TieBreaker(one).label for one in call.tie_breakers), numbered=True),
            parts.heading(_("Ranking and corrections")),
            parts.text(*_after(session, call)),
            parts.text(PRIVACY),
        ],
    }  # fmt: skip


HOMES = [
    Column(_("Code")), Column(_("Address"), width=1), Column(in_context("dwelling", "Rooms"), number=True),
    Column(_("m²"), number=True), Column(_("Occupants"), number=True), Column(_("Monthly rent"), number=True),
]  # fmt: skip


def _home(home: Dwelling) -> list[Words | int]:
    return [
        home.code, where(home), home.rooms or "–",
        show_number(home.net_area, places=2) if home.net_area else "–", home.max_occupants or "–",
        show_money(home.monthly_rent) if home.monthly_rent is not None else "–",
    ]  # fmt: skip


def _requirements(call: Call) -> parts.Part:
    asked = [requirement_text(one) for one in call.requirements]
    return parts.points(*asked) if asked else parts.text(_("No requirement is set."))


def _criteria(group: Group) -> Words:
    return "; ".join(f"{one.title or one.key} ({criterion_text(one)})" for one in group.criteria)


def _after(session: Session, call: Call) -> list[Words]:
    days = integer_of(session, "housing.request_days", on=call.closes_on)
    reserves = [_reserve(one.title, one.percent) for one in call.reserves]
    return [
        _("The ranking is published with the application numbers alone, without names."),
        plural("Corrections may be asked within %(n)s day of the publication.",
               "Corrections may be asked within %(n)s days of the publication.", days),
        _reserve(_("indigent households"), call.reserve_percent) if call.reserve_percent else "",
        *reserves,
    ]  # fmt: skip


def _reserve(title: Words, percent: Decimal) -> Words:
    return _("%(percent)s%% of the homes is kept for: %(whom)s.", percent=show_number(percent.normalize()), whom=title)


def receipt(session: Session, application: Application) -> Values:
    """What an applicant takes home: number and time of the application, and what was declared."""
    told = application.snapshot
    members = told.get("members", [])
    wanted = [str(one) for one in (application.first_choice, application.second_choice) if one is not None]
    return {
        "title": _("Receipt of application %(protocol)s", protocol=application.protocol),
        "to": applicant_of(application),
        "parts": [
            parts.text(_("The application below was received and registered.")),
            parts.facts(
                (_("Application"), application.protocol), (_("Received"), show_datetime(application.submitted_at)),
                (_("Call"), str(application.call)), (_("Applicant"), called(application.person)),
                (_("People in the household"), len(members)),
                (_("ISEE declared"), show_money(application.isee) if application.isee is not None else _("None")),
                (_("Homes asked for"), "; ".join(wanted)),
            ),
            _missing(application),
            parts.text(
                _("Keep this receipt: rankings and publications name the application by its number alone."),
                _("What was declared may be checked. False declarations have the consequences that the law sets."),
                PRIVACY,
            ),
        ],
    }  # fmt: skip


def _missing(application: Application) -> parts.Part:
    if application.answer_by is not None and application.note:
        return parts.text(_("Documents to bring by %(day)s: %(what)s", day=show_date(application.answer_by),
                            what=application.note))  # fmt: skip
    if application.isee_flagged:
        return parts.text(_("The ISEE is missing or cannot be used as it is: bring one that is in force."))
    return parts.text()


def exclusion(session: Session, application: Application) -> Values:
    """Why an application is left out: the rule, the reason, and what can be done about it."""
    days = integer_of(session, "housing.request_days", on=today())
    return {
        "title": _("Exclusion of application %(protocol)s", protocol=application.protocol),
        "to": applicant_of(application),
        "parts": [
            parts.text(_("Your application to call %(call)s was examined and is excluded from the ranking.",
                         call=str(application.call))),
            parts.facts(
                (_("Application"), application.protocol), (_("Rule not met"), application.rule),
                (_("What it asks"), _asked(application)), (_("Reason"), application.note),
            ),
            parts.text(
                plural(
                    "You may ask this office for a correction within %(n)s day of the publication of the provisional "
                    "ranking, in writing, with the documents that support it.",
                    "You may ask this office for a correction within %(n)s days of the publication of the provisional "
                    "ranking, in writing, with the documents that support it.", days,
                ),
                _("The day of publication does not count; a last day that is a Sunday or a public holiday moves to "
                  "the next working day (art. 2963 c.c.)."),
                _("The published list carries the application number and the rule alone: not your name, nor the "
                  "reasons."),
            ),
        ],
    }  # fmt: skip


def _asked(application: Application) -> Words:
    """The requirement of the call that the rule names; nothing for a rule of the office's own."""
    return next((requirement_text(one) for one in application.call.requirements if one.rule == application.rule), "")


def is_excluded(application: Application) -> bool:
    """Whether there is an exclusion to tell."""
    return application.state is ApplicationState.EXCLUDED


def public_rule(rule: str) -> str:
    """What may be published of a rule: its number, without what it looked at (R-H5)."""
    return re.sub(r"^(R-H\d+)\..*$", r"\1", rule)


def is_decided(appeal: Appeal) -> bool:
    """Whether there is an outcome to tell."""
    return appeal.state is not AppealState.OPEN


def outcome(session: Session, appeal: Appeal) -> Values:
    """What was decided of a request for correction or of an appeal, and why."""
    result = (
        _("The request is granted: the ranking is corrected.") if appeal.state is AppealState.GRANTED
        else _("The request is rejected: the place in the ranking stays as it is.")
    )  # fmt: skip
    return {
        "title": _("Outcome of request %(protocol)s", protocol=appeal.protocol),
        "to": applicant_of(appeal.application),
        "parts": [
            parts.facts(
                (_("Request"), appeal.protocol), (_("What is asked"), appeal.kind.label),
                (_("Application"), appeal.application.protocol), (_("Ranking"), str(appeal.ranking)),
                (_("Received on"), show_date(appeal.received_on)),
                (_("Term"), _("Out of time") if appeal.late else _("In time")),
            ),
            parts.heading(_("Decision")),
            parts.text(result),
            parts.facts(
                (_("Reason"), appeal.reason), (_("Decided by"), appeal.officer),
                (_("Decided"), show_datetime(appeal.decided_at) if appeal.decided_at else ""),
                (_("Version it led to"), str(appeal.led_to) if appeal.led_to else ""),
            ),
        ],
    }  # fmt: skip

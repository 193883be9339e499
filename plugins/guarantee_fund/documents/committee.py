"""Documents of the committee: the convocation with its agenda, and the minutes."""

from typing import Any

from sqlalchemy.orm import Session

from core.api import Words, _, parts, show_date, show_money, show_number
from plugins.guarantee_fund.models import AgendaItem, CommitteeSession, SessionState

Values = dict[str, Any]
Column = parts.TableColumn


def is_held(meeting: CommitteeSession) -> bool:
    """Whether somebody noted who is there."""
    return meeting.state is not SessionState.CONVENED


def convocation(session: Session, meeting: CommitteeSession) -> Values:
    """When and where, and what is on the agenda: applications by their number, never by name."""
    return {
        "title": _("Convocation: %(meeting)s", meeting=str(meeting)),
        "to": [str(one.member) for one in meeting.attendance],
        "parts": [
            parts.text(_("The committee of the fund “%(fund)s” is convened.", fund=meeting.fund.name)),
            parts.facts((_("Day"), show_date(meeting.held_on)), (_("Place"), meeting.place)),
            parts.heading(_("Agenda")),
            _agenda(meeting),
            parts.text(_("Who is related to an applicant abstains, and says so.")),
        ],
    }  # fmt: skip


def _agenda(meeting: CommitteeSession) -> parts.Part:
    return parts.table(
        [Column(_("Place on the agenda"), number=True), Column(_("Application"), width=1), Column(_("Line"), width=1),
         Column(_("Amount"), number=True)],
        [[one.place, str(one), one.application.line.name, show_money(one.application.amount)] for one in meeting.items],
        none=_("Nothing is on the agenda yet."),
    )  # fmt: skip


def minutes(session: Session, meeting: CommitteeSession) -> Values:
    """Who was there, how they voted, what was decided: applications by their number."""
    body = [
        parts.facts(
            (_("Fund"), meeting.fund.name), (_("Day"), show_date(meeting.held_on)), (_("Place"), meeting.place),
            (_("Secretary"), meeting.secretary),
        ),
        parts.heading(_("Who is there")),
        parts.points(*(_presence(one) for one in meeting.attendance)),
        parts.text(
            _("%(present)s of %(members)s members: the session is valid.",
              present=meeting.present, members=meeting.members)
            if meeting.valid
            else _("%(present)s of %(members)s members: the session is not valid.",
                   present=meeting.present, members=meeting.members)
        ),
    ]  # fmt: skip
    for item in meeting.items:
        body += [parts.heading(f"{item.place}. {item}"), _decided(item)]
        if item.votes:
            body.append(parts.points(*(_vote(vote) for vote in item.votes)))
    body.append(parts.text(meeting.minutes or ""))
    president = next((str(one.member) for one in meeting.attendance if one.member.president), "")
    return {
        "title": _("Minutes: %(meeting)s", meeting=str(meeting)),
        "parts": body,
        "signatures": [[str(_("The president")), president], [str(_("Secretary")), meeting.secretary or ""]],
    }


def _presence(one: Any) -> Words:
    named = _("%(member)s (presides)", member=str(one.member)) if one.member.president else str(one.member)
    return _("%(member)s: present", member=named) if one.present else _("%(member)s: absent", member=named)


def _vote(vote: Any) -> Words:
    ground = f" ({vote.ground})" if vote.ground else ""
    return f"{vote.member}: {vote.ballot.label}{ground}"


def _decided(item: AgendaItem) -> parts.Part:
    return parts.facts(
        (_("Line"), item.application.line.name), (_("Amount"), show_money(item.application.amount)),
        (_("Outcome"), item.outcome.label),
        (_("Approved amount"), show_money(item.approved) if item.approved else ""),
        (_("Coverage"), f"{show_number(item.coverage, places=2)}%" if item.coverage else ""),
        (_("Conditions"), item.conditions), (_("Reasons"), item.reason),
    )  # fmt: skip

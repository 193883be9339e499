"""Applications, the committee and its decisions, as lists and record pages show them."""

from core.api import Action, Facts, Move, Panel, Related, Resource, Workflow, _
from plugins.guarantee_fund import forms
from plugins.guarantee_fund.access import Can
from plugins.guarantee_fund.models import (
    AgendaItem,
    Application,
    ApplicationState,
    CommitteeMember,
    CommitteeSession,
    ItemOutcome,
    SessionState,
)
from plugins.guarantee_fund.pages import panels
from plugins.guarantee_fund.services import applications, committee

UNDECIDED = applications.OPEN

application_states = Workflow(
    "state",
    [
        Move(
            "submit", ApplicationState.DRAFT, ApplicationState.SUBMITTED, applications.submit_application, _("Submit")
        ),
        Move(
            "start-enquiry", (ApplicationState.SUBMITTED, ApplicationState.INTEGRATION), ApplicationState.UNDER_ENQUIRY,
            applications.start_enquiry, _("Start the enquiry"),
        ),
        Move(
            "ask-documents", (ApplicationState.SUBMITTED, ApplicationState.UNDER_ENQUIRY), ApplicationState.INTEGRATION,
            applications.ask_documents, _("Ask for documents"), form=forms.DocumentsForm,
        ),
    ],
)  # fmt: skip

all_applications = Resource(
    Application,
    name="applications",
    title=_("Applications"),
    singular=_("Application"),
    columns=["number", "person", "line", "amount", "months", "submitted_on", "state"],
    filters=["state", "fund", "line", "submitted_on"],
    search=["number", "subject"],
    form=forms.ApplicationForm,
    match=["number"],
    order="-submitted_on",
    create=applications.draft_application,
    amend=applications.amend_application,
    remove=applications.remove_draft,
    panels=[
        Facts(
            "person", "household", "isee_certificate", "line", "purpose", "amount", "months", "monthly_rent",
            "counterpart", "lender", "microcredit", "subject", title=_("What is asked"),
        ),
        Panel(_("The checks, now"), "guarantee_fund/checks.html", panels.checks_of),
        Panel(_("Household's budget, a month"), "guarantee_fund/budget.html", panels.budget_of),
        Facts("tutor", "opinion", "asked", "decision", "decided_on", "valid_until", title=_("Enquiry and decision")),
        Related("scores", ("criterion", "points", "most", "reason"), title=_("Grid of the enquiry")),
    ],
    workflow=application_states,
    actions=[
        Action(
            "add-budget-line", applications.add_budget_line, _("Add to the budget"), form=forms.BudgetForm,
            permission="guarantee_fund.applications.change", when=lambda one: one.state in UNDECIDED,
        ),
        Action(
            "score", applications.score, _("Score a criterion"), form=forms.ScoreForm,
            permission="guarantee_fund.applications.change", when=lambda one: one.state in applications.ENQUIRED,
        ),
    ],
    icon="inbox",
    sentence=_("What households ask: guarantees on loans and rents, deposit advances."),
)  # fmt: skip

all_members = Resource(
    CommitteeMember,
    name="members",
    title=_("Committee members"),
    singular=_("Member"),
    columns=["name", "fund", "president", "valid_from", "valid_to"],
    filters=["fund", "president"],
    search=["name"],
    form=["fund", "name", "person", "president", "valid_from", "valid_to"],
    match=["name"],
    order="name",
    create=committee.appoint,
    amend=committee.amend_member,
    in_menu=False,
    icon="user",
    sentence=_("Who decides about each fund, and since when."),
)

session_states = Workflow(
    "state",
    [
        Move(
            "open", (SessionState.CONVENED, SessionState.HELD), SessionState.HELD, committee.open_session,
            _("Note who is present"), form=forms.PresentForm,
        ),
        Move(
            "close", SessionState.HELD, SessionState.CLOSED, committee.close_session, _("Close"),
            form=forms.MinutesForm,
        ),
    ],
)  # fmt: skip

all_sessions = Resource(
    CommitteeSession,
    name="sessions",
    title=_("Committee sessions"),
    singular=_("Session"),
    columns=["held_on", "fund", "number", "place", "present", "members", "state"],
    filters=["fund", "state", "held_on"],
    search=["place", "secretary"],
    form=["fund", "held_on", "place", "secretary"],
    order="-held_on",
    create=committee.convene,
    panels=[
        Panel(_("Agenda"), "guarantee_fund/agenda.html", panels.agenda_of),
        Facts("fund", "held_on", "place", "secretary", "members", "present", "valid", "minutes", title=_("Session")),
        Related("attendance", ("member", "present"), title=_("Convened")),
    ],
    workflow=session_states,
    actions=[
        Action(
            "add-item", committee.put_on_agenda, _("Put on the agenda"), form=forms.AgendaForm,
            when=lambda meeting: meeting.state is not SessionState.CLOSED,
        )
    ],
    icon="hearing",
    sentence=_("Meetings that decide, with who was there and how they voted."),
)  # fmt: skip

all_items = Resource(
    AgendaItem,
    name="items",
    title=_("Decisions"),
    singular=_("Decision"),
    columns=["application.number", "meeting", "approved", "coverage", "outcome"],
    filters=["meeting", "outcome"],
    search=["application.number"],
    panels=[
        Panel(_("Dossier"), "guarantee_fund/dossier_link.html", panels.dossier_link, Can.SEE_DOSSIER),
        Related("votes", ("member", "ballot", "ground"), title=_("Votes")),
        Facts(
            "application", "meeting", "outcome", "approved", "coverage", "conditions", "reason", title=_("Decision")
        ),
    ],
    actions=[
        Action(
            "vote", committee.cast_own_vote, _("Vote"), form=forms.VoteForm,
            when=lambda item: item.outcome is ItemOutcome.OPEN,
        ),
        Action(
            "record-vote", committee.cast_vote, _("Write down a vote"), form=forms.RecordedVoteForm,
            when=lambda item: item.outcome is ItemOutcome.OPEN,
        ),
        Action(
            "decide", committee.decide, _("Decide"), form=forms.DecisionForm,
            when=lambda item: item.outcome is ItemOutcome.OPEN,
        ),
        Action(
            "defer", committee.defer, _("Defer"), form=forms.ReasonForm,
            when=lambda item: item.outcome is ItemOutcome.OPEN,
        ),
    ],
    in_menu=False,
    icon="file-signed",
    sentence=_("What the committee decided of each application."),
)  # fmt: skip

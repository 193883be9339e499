"""Applications, rankings and assignments, as lists and record pages show them."""

from core.api import Action, Facts, Import, MenuItem, Move, Panel, Resource, Workflow, _
from plugins.housing import application_forms, call_forms, forms, row_forms
from plugins.housing.models import (
    Application,
    ApplicationState,
    Assignment,
    AssignmentState,
    Ranking,
    RankingState,
)
from plugins.housing.pages import call_panels as calls
from plugins.housing.pages import panels, ranking_panels
from plugins.housing.services import applications, assignments, checks, rankings, receiving, regional, schemes
from plugins.housing.services.applications import EXAMINED, RANKABLE

application_states = Workflow(
    "state",
    [
        Move(
            "start-review", ApplicationState.SUBMITTED, ApplicationState.UNDER_REVIEW, applications.start_review,
            _("Start the review"),
        ),
        Move(
            "ask-documents", (ApplicationState.SUBMITTED, ApplicationState.UNDER_REVIEW),
            ApplicationState.INTEGRATION, applications.ask_integration, _("Ask for documents"),
            form=forms.IntegrationForm,
        ),
        Move("admit", EXAMINED, ApplicationState.ADMITTED, applications.admit, _("Admit")),
        Move(
            "exclude", EXAMINED, ApplicationState.EXCLUDED, applications.exclude, _("Exclude"),
            form=forms.ExclusionForm, danger=True,
        ),
        Move(
            "lapse", RANKABLE, ApplicationState.LAPSED, assignments.lapse_application, _("Lapse"),
            form=forms.ReasonForm, danger=True,
        ),
    ],
)  # fmt: skip

all_applications = Resource(
    Application,
    name="applications",
    title=_("Applications"),
    singular=_("Application"),
    columns=["protocol", "call.number", "person.full_name", "submitted_at", "isee", "total", "state"],
    filters=["state", "call", "isee_flagged", "submitted_at"],
    search=["protocol", "external_protocol"],
    form=application_forms.ApplicationForm,
    match=["external_protocol", "protocol"],
    imports=Import(
        {
            "external_protocol": ("Protocollo esterno", "Protocollo domanda", "N. protocollo"),
            "person": ("Codice fiscale richiedente", "Codice fiscale", "CF", "CF richiedente"),
            "call": ("Bando", "Avviso", "Numero bando"),
            "received_on": ("Data presentazione", "Data domanda", "Presentata il"),
            "received_at": ("Ora presentazione", "Ora"),
            "isee": ("ISEE", "Valore ISEE"),
            "dsu_protocol": ("Protocollo DSU", "Protocollo ISEE", "Protocollo INPS"),
            "dsu_on": ("Data DSU", "DSU presentata il"),
            "members": ("Componenti", "Componenti del nucleo", "Nucleo familiare"),
            "minors": ("Minori", "Numero minori"),
            "disability": ("Disabilità", "Invalidità"),
            "homes": ("Alloggi richiesti", "Alloggi", "Preferenze"),
            "confirm_similar": ("Altra persona", "Another person"),
        },
        form=row_forms.ApplicationRowForm,
        create=receiving.receive_application,
        more=schemes.headings_of_criteria,
    ),
    order="-submitted_at",
    create=applications.take_in_application,
    panels=[
        Facts("protocol", "external_protocol", "call", "person", "household", "submitted_at", "state", "rule", "note",
              "answer_by", title=_("Application")),
        Facts("isee", "isee_certificate", "isee_flagged", "first_choice", "second_choice", title=_("What is declared")),
        Panel(_("Household on the day of the application"), "housing/snapshot.html", panels.snapshot_of),
        Panel(_("Requirements"), "housing/requirements.html", calls.requirements_of),
        Panel(_("Answers"), "housing/answers.html", panels.answers_of, special=("answers",)),
        Panel(_("Points, line by line"), "housing/score.html", panels.score_of, special=("answers",)),
        Panel(_("Verifications"), "housing/checks.html", calls.checks_panel, special=("answers",)),
    ],
    workflow=application_states,
    actions=[
        Action(
            "complete", applications.complete_answers, _("Complete the answers"), form=application_forms.AnswersForm,
            when=lambda application: application.state in EXAMINED, special=("answers",),
        ),
        Action(
            "identify", regional.identify_applicant, _("Identify the applicant"), form=call_forms.IdentifyForm,
            when=lambda application: application.person_id is None,
        ),
        Action(
            "offer", assignments.offer_dwelling, _("Offer a home"), form=forms.OfferForm,
            when=lambda application: application.state in assignments.OFFERABLE,
        ),
        Action("check", checks.verify, _("Record a verification"), form=call_forms.CheckForm),
    ],
    icon="files",
    sentence=_("Households' requests, with an immutable copy of the household and its ISEE."),
)  # fmt: skip

ranking_states = Workflow(
    "state",
    [
        Move(
            "publish", RankingState.COMPUTED, RankingState.PROVISIONAL, rankings.publish_ranking,
            _("Approve and publish"), form=call_forms.PublishForm,
        ),
        Move(
            "make-final", (RankingState.COMPUTED, RankingState.PROVISIONAL), RankingState.FINAL, rankings.make_final,
            _("Approve as final"), form=call_forms.FinalForm,
        ),
        Move(
            "expire", RankingState.FINAL, RankingState.EXPIRED, rankings.expire_ranking, _("End the ranking"),
            form=forms.ReasonForm, danger=True,
        ),
    ],
)  # fmt: skip

all_rankings = Resource(
    Ranking,
    name="rankings",
    title=_("Rankings"),
    singular=_("Ranking"),
    columns=["call.number", "edition", "drawn_up_at", "drawn_up_by", "published_on", "requests_until", "state"],
    filters=["state", "call", "published_on", "expires_on"],
    order="-drawn_up_at",
    panels=[
        Panel("", "housing/ranking_notes.html", ranking_panels.notes_of, wide=True),
        Panel(_("Applications in order of place"), "housing/ranking.html", ranking_panels.rows_of, wide=True),
        Facts(
            "call", "edition", "reason", "drawn_up_at", "drawn_up_by", "digest", title=_("Version"),
        ),
        Facts(
            "act", "published_on", "published_by", "posted_until", "requests_until", "final_act", "final_on",
            "made_final_by", "despite", "expires_on", "expiry_reason", title=_("Publication"),
        ),
        Panel(_("Homes kept"), "housing/reserves.html", calls.reserves_of_ranking),
    ],
    workflow=ranking_states,
    links=lambda ranking: [
        MenuItem(
            _("Compare with another version"), f"/m/housing/rankings/{ranking.id}/compare", "restore",
            "housing.rankings.see",
        ),
    ] if len(ranking.call.rankings) > 1 else [],
    icon="chart-line",
    sentence=_("Versions of each call's order; none is ever overwritten."),
)  # fmt: skip

offer_states = Workflow(
    "state",
    [
        Move(
            "accept", AssignmentState.OFFERED, AssignmentState.ACCEPTED, assignments.accept_offer,
            _("Write down the acceptance"),
        ),
        Move(
            "decline-with-cause", AssignmentState.OFFERED, AssignmentState.REFUSED_WITH_CAUSE,
            assignments.refuse_with_cause, _("Write down a refusal with cause"), form=forms.ReasonForm,
        ),
        Move(
            "decline", AssignmentState.OFFERED, AssignmentState.REFUSED, assignments.refuse_without_cause,
            _("Write down a refusal"), form=forms.ReasonForm, danger=True,
        ),
        Move(
            "assign", AssignmentState.ACCEPTED, AssignmentState.ASSIGNED, assignments.assign, _("Assign by decree"),
            form=forms.AssignForm,
        ),
        Move(
            "unanswered", AssignmentState.OFFERED, AssignmentState.UNANSWERED, assignments.expire_offer,
            _("Not answered in time"), danger=True,
        ),
        Move(
            "lapse", (AssignmentState.ACCEPTED, AssignmentState.ASSIGNED), AssignmentState.LAPSED,
            assignments.lapse_assignment, _("Lapse before the lease"), form=forms.ReasonForm, danger=True,
        ),
    ],
)  # fmt: skip

all_assignments = Resource(
    Assignment,
    name="assignments",
    title=_("Assignments"),
    singular=_("Assignment"),
    columns=["application.protocol", "dwelling.code", "offered_on", "answer_by", "answered_on", "decree", "state"],
    filters=["state", "offered_on", "answer_by", "decree_on"],
    search=["application.protocol", "dwelling.code"],
    order="-offered_on",
    panels=[
        Facts(
            "application", "application.person", "dwelling", "offered_on",
            "answer_by", "answered_on", "reason", "decree", "decree_on",
            "state", title=_("Offer"),
        )
    ],
    workflow=offer_states,
    links=lambda offer: (
        [MenuItem(_("Write the lease"), f"/m/housing/leases/new?assignment={offer.id}", "plus", "housing.leases.add")]
        if offer.state is AssignmentState.ASSIGNED else []
    ),
    icon="check-circle",
    sentence=_("Homes offered to applications, and the answers."),
)  # fmt: skip

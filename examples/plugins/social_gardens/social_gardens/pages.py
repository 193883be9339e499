"""Gardens, plots, seasons, requests and assignments, as lists and records show them."""

from core.api import Action, Facts, Move, Panel, Related, Resource, Workflow, _
from social_gardens import forms, queries, services
from social_gardens.models import (
    Assignment,
    AssignmentState,
    Garden,
    Plot,
    PlotState,
    Request,
    RequestState,
    Season,
)

gardens = Resource(
    Garden,
    name="gardens",
    title=_("Gardens"),
    singular=_("Garden"),
    columns=["name", "address", "water"],
    filters=["water"],
    search=["name", "address"],
    form=["name", "address", "water"],
    match=["name"],
    order="name",
    create=services.open_garden,
    amend=services.amend,
    panels=[
        Facts("address", "water"),
        Related("plots", ("code", "area", "state")),
        Panel(_("Who waits"), "social_gardens/waiting.html", queries.list_of),
    ],
    icon="map-marker",
    sentence=_("Pieces of land divided into plots."),
)

plots = Resource(
    Plot,
    name="plots",
    title=_("Plots"),
    singular=_("Plot"),
    columns=["garden", "code", "area", "state"],
    filters=["garden", "state"],
    search=["code", "garden.name"],
    form=["garden", "code", "area"],
    match=["code"],
    order="code",
    create=services.add_plot,
    amend=services.amend,
    panels=[Facts("garden", "code", "area", "state"), Related("assignments", ("number", "person", "season", "state"))],
    workflow=Workflow("state", [
        Move("close", PlotState.FREE, PlotState.UNUSABLE, services.close_plot, _("Take out of use")),
        Move("reopen", PlotState.UNUSABLE, PlotState.FREE, services.reopen_plot, _("Open again")),
    ]),
    actions=[
        Action("offer", services.offer, _("Offer to the first who waits"), form=forms.OfferForm,
               when=lambda plot: plot.state is PlotState.FREE),
    ],
    icon="list",
)  # fmt: skip

seasons = Resource(
    Season,
    name="seasons",
    title=_("Seasons"),
    singular=_("Season"),
    columns=["name", "starts", "ends", "rate"],
    search=["name"],
    form=["name", "starts", "ends", "rate"],
    match=["name"],
    order="-starts",
    create=services.plan_season,
    amend=services.amend,
    icon="calendar",
)

requests = Resource(
    Request,
    name="requests",
    title=_("Requests for a plot"),
    singular=_("Request"),
    columns=["came_at", "garden", "person", "isee", "without_land", "members", "refusals", "state"],
    filters=["garden", "state"],
    search=["person.surname", "garden.name"],
    form=["garden", "person", "isee", "without_land", "members"],
    order="came_at",
    create=services.ask,
    amend=services.amend,
    amend_when=lambda request: request.state is RequestState.WAITING,
    workflow=Workflow("state", [
        Move("withdraw", RequestState.WAITING, RequestState.WITHDRAWN, services.withdraw, _("Withdraw")),
    ]),
    icon="list",
)  # fmt: skip

assignments = Resource(
    Assignment,
    name="assignments",
    title=_("Assignments"),
    singular=_("Assignment"),
    columns=["number", "plot", "season", "person", "given_on", "fee", "paid_on", "state"],
    filters=["season", "state", "given_on"],
    search=["number", "person.surname"],
    match=["number"],
    order="-number",
    panels=[Facts("plot", "season", "person", "given_on", "fee", "paid_on", "reason", "state")],
    workflow=Workflow("state", [
        Move("accept", AssignmentState.OFFERED, AssignmentState.RUNNING, services.accept, _("Accept")),
        Move("turn-down", AssignmentState.OFFERED, AssignmentState.REFUSED, services.turn_down, _("Turn down")),
        Move("give-back", AssignmentState.RUNNING, AssignmentState.GIVEN_BACK, services.give_back, _("Give back")),
        Move("revoke", AssignmentState.RUNNING, AssignmentState.REVOKED, services.revoke, _("Revoke"),
             form=forms.ReasonForm, danger=True),
        Move("end", AssignmentState.RUNNING, AssignmentState.ENDED, services.end, _("End with the season")),
    ]),
    actions=[
        Action("pay", services.pay, _("Write down the payment"), form=forms.PaymentForm,
               when=lambda given: given.state is AssignmentState.RUNNING and given.paid_on is None),
    ],
    icon="key",
    sentence=_("Plots given for a season. They come from the waiting list: offer a plot from its page."),
)  # fmt: skip

ALL = [gardens, plots, seasons, requests, assignments]

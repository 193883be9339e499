"""Homes, scoring schemes and calls, as lists and record pages show them."""

from core.api import Action, Facts, Import, MenuItem, Move, Panel, Related, Resource, Workflow, _, in_context
from plugins.housing import call_forms, forms, scheme_forms
from plugins.housing.access import Can
from plugins.housing.models import Call, CallState, Dwelling, DwellingState, Regime, ScoringScheme
from plugins.housing.pages import call_panels
from plugins.housing.services import applications, calls, dwellings, rankings, reserves, schemes

FREE = (DwellingState.AVAILABLE, DwellingState.BEING_RETURNED)
STOPPED = (DwellingState.IN_MAINTENANCE, DwellingState.BEING_RETURNED, DwellingState.OUT_OF_USE)
ANY_EMPTY = (DwellingState.AVAILABLE, DwellingState.BEING_RETURNED, DwellingState.IN_MAINTENANCE)

dwelling_states = Workflow(
    "state",
    [
        Move(
            "start-maintenance", FREE, DwellingState.IN_MAINTENANCE, dwellings.start_maintenance,
            _("Start maintenance"), form=forms.ReasonForm,
        ),
        Move("make-available", STOPPED, DwellingState.AVAILABLE, dwellings.make_available, _("Make available")),
        Move(
            "withdraw", ANY_EMPTY, DwellingState.OUT_OF_USE, dwellings.withdraw_dwelling, _("Mark as out of use"),
            form=forms.ReasonForm, danger=True,
        ),
    ],
)  # fmt: skip

homes = Resource(
    Dwelling,
    name="dwellings",
    title=_("Homes"),
    singular=in_context("dwelling", "Home"),
    columns=["code", "address", "municipality.name", "regime", "rooms", "net_area", "monthly_rent", "state"],
    filters=["state", "regime", "municipality", "rooms", "accessible", "energy_class"],
    search=["code", "address"],
    form=[
        "code", "regime", "address", "municipality", "stair", "floor", "unit", "rooms", "net_area", "max_occupants",
        "monthly_rent", "rental_value", "accessible", "lift", "heating", "energy_class", "available_from",
        "cadastral_sheet", "cadastral_parcel", "cadastral_sub", "cadastral_category", "cadastral_income",
        "furniture", "place", "owner", "run_by",
    ],
    match=["code"],
    imports=Import({
        "code": ("Codice alloggio", "Cod. alloggio", "Alloggio"),
        "address": ("Via", "Ubicazione"),
        "municipality": ("Comune",),
        "regime": ("Tipologia", "Tipo di alloggio"),
        "net_area": ("Superficie", "Superficie mq", "Mq", "Superficie utile"),
        "rooms": ("Vani", "Locali", "Numero vani"),
        "max_occupants": ("Posti", "Capienza", "Posti letto"),
        "monthly_rent": ("Canone", "Canone mensile"),
        "rental_value": ("Valore locativo",),
        "energy_class": ("Classe energetica", "Classe APE", "APE"),
        "accessible": ("Accessibile", "Accessibile ai disabili"),
        "available_from": ("Disponibile dal",),
        "cadastral_sheet": ("Foglio",),
        "cadastral_parcel": ("Particella", "Mappale"),
        "cadastral_sub": ("Sub",),
        "cadastral_category": ("Categoria",),
        "cadastral_income": ("Rendita",),
    }),
    order="code",
    create=dwellings.register_dwelling,
    amend=dwellings.amend_dwelling,
    remove=dwellings.remove_dwelling,
    panels=[
        Facts(
            "code", "regime", "address", "municipality", "stair", "floor", "unit", "place", "owner", "run_by",
            title=_("Where it is"),
        ),
        Facts(
            "rooms", "net_area", "max_occupants", "accessible", "lift", "heating", "energy_class", "furniture",
            title=_("What it is like"),
        ),
        Facts(
            "monthly_rent", "rental_value", "available_from", "state", "state_reason", title=_("Letting")
        ),
        Facts(
            "cadastral_sheet", "cadastral_parcel", "cadastral_sub", "cadastral_category", "cadastral_income",
            title=_("Cadastral record"),
        ),
        Related(
            "leases", ("number", "tenant_names", "starts_on", "ends_on", "monthly_rent", "state"), title=_("Leases")
        ),
        Related("tickets", ("number", "subject", "opened_at", "cost", "state"), title=_("Register of maintenance")),
        Related("readings", ("kind", "serial", "value", "read_on"), title=_("Meters")),
        Related("inspections", ("made_on", "purpose", "outcome", "next_on"), title=_("Inspections")),
    ],
    workflow=dwelling_states,
    icon="pa",
    sentence=_("Homes that can be let, with their address, cadastral record and state."),
)  # fmt: skip

scoring_schemes = Resource(
    ScoringScheme,
    name="schemes",
    title=_("Scoring schemes"),
    singular=_("Scoring scheme"),
    columns=["title", "key", "edition", "criteria_count", "source"],
    search=["title", "key"],
    form=scheme_forms.SchemeForm,
    match=["title"],
    order="key",
    create=schemes.add_scheme,
    amend=schemes.amend_scheme,
    panels=[
        Facts("title", "key", "edition", "source", title=_("Which scheme")),
        Panel(_("Groups and criteria"), "housing/scheme.html", lambda session, scheme: {"rules": scheme.rules}),
    ],
    actions=[
        Action(
            "new-edition",
            schemes.new_edition,
            _("New edition"),
            form=scheme_forms.EditionForm,
            permission="housing.schemes.add",
        )
    ],
    links=lambda scheme: [
        MenuItem(_("Try on a past call"), f"/m/housing/schemes/{scheme.id}/try", "search", Can.TRY_SCHEMES),
        MenuItem(
            _("Download as a file"), f"/m/housing/schemes/{scheme.id}/scheme.csv", "download", "housing.schemes.see"
        ),
    ],
    icon="files",
    sentence=_("Groups, criteria and caps that make the points of a call, in editions."),
)

call_states = Workflow(
    "state",
    [
        Move("publish", CallState.DRAFT, CallState.OPEN, calls.publish_call, _("Publish")),
        Move("close", CallState.OPEN, CallState.CLOSED, calls.close_call, _("Close")),
    ],
)


def apply_to(call: Call) -> MenuItem:
    """What an open call is opened for most often."""
    address = f"/m/housing/applications/new?call={call.id}"
    return MenuItem(_("New application"), address, "plus", "housing.applications.add")


def next_of(call: Call) -> list[MenuItem]:
    """Where work on a call goes on: its applications, or for public housing the region's file."""
    if call.regime is Regime.SAP and call.state is not CallState.DRAFT:
        address = f"/m/housing/calls/{call.id}/regional"
        return [MenuItem(_("Import the region's ranking"), address, "upload", Can.IMPORT_REGIONAL)]
    return [apply_to(call)] if call.state is CallState.OPEN else []


all_calls = Resource(
    Call,
    name="calls",
    title=_("Calls"),
    singular=_("Call"),
    columns=["number", "title", "regime", "opens_on", "closes_on", "state"],
    filters=["state", "regime", "opens_on", "closes_on"],
    search=["number", "title"],
    form=call_forms.CallForm,
    match=["number"],
    order="-opens_on",
    create=calls.prepare_call,
    amend=calls.amend_call,
    amend_when=lambda call: call.state is CallState.DRAFT,
    remove=calls.remove_call,
    panels=[
        Facts("number", "title", "regime", "opens_on", "closes_on", "officer", title=_("Call")),
        Facts(
            "scheme", "isee_limit", "residence_required", "no_property_required", "reserve_percent", "free_homes",
            title=_("Rules"),
        ),
        Panel(_("Homes kept"), "housing/reserves.html", call_panels.reserves_of_call),
        Related("homes", ("dwelling",), title=_("Homes offered")),
        Related("applications", ("protocol", "submitted_at", "total", "state"), title=_("Applications")),
        Related("rankings", ("edition", "drawn_up_at", "drawn_up_by", "requests_until", "state"), title=_("Rankings")),
    ],
    workflow=call_states,
    actions=[
        Action(
            "add-home", calls.offer_in_call, _("Add a home"), form=forms.OfferInCallForm,
            permission="housing.calls.change", when=lambda call: call.state is CallState.DRAFT,
        ),
        Action(
            "add-reserve", reserves.add_reserve, _("Keep homes for a group"), form=call_forms.ReserveForm,
            permission="housing.calls.change", when=lambda call: call.state is CallState.DRAFT,
        ),
        Action(
            "clear-reserves", reserves.clear_reserves, _("Take the groups' reserves off"),
            permission="housing.calls.change",
            when=lambda call: call.state is CallState.DRAFT and bool(call.reserves),
        ),
        Action(
            "score", applications.score_applications, _("Compute the points"),
            when=lambda call: call.regime is not Regime.SAP,
        ),
        Action(
            "draw-up", rankings.draw_up_ranking, _("Draw up the ranking"), form=call_forms.DrawUpForm,
            when=lambda call: call.state is CallState.CLOSED and call.regime is not Regime.SAP,
        ),
    ],
    links=next_of,
    icon="horn",
    sentence=_("Offers of homes, with their requirements and rules."),
)  # fmt: skip

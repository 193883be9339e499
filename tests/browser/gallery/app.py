"""A small app that shows every part of the templates in each of its states; no feature, no database."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask, flash, render_template, request
from flask_wtf import CSRFProtect, FlaskForm
from sqlalchemy.exc import OperationalError
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FileField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from core.config import read_settings
from core.language import _
from core.refusals import Refusal, TooOften
from core.web import errors, headers, rendering, static_files
from core.web.links import Link
from core.web.shell import NavLink, NavSection, Shell

HERE = Path(__file__).resolve().parent
ATTACK = '<script>document.title = "broken"</script>'
NEEDED = [InputRequired(_("Write a value here: it is required."))]
WAYS = [SelectChoice("phone", "Phone"), SelectChoice("post", "Post")]

SHELL = Shell(
    network_name="Rete gener_Azioni",
    version="1.4.2",
    partner_name="Il Ponte coop. sociale",
    user_name="Maria Bertoli",
    sign_out_url="/sign-out",
    search_url="/search",
    partner_choices=(Link("Comune di Montichiari", "/partner/1", post=True),),
    user_links=(Link(_("Preferences"), "/preferences"),),
    language_links=(
        Link("English", "/language/en", lang="en"),
        Link("Italiano", "/it", lang="it", current=True),
    ),
    nav=(
        NavSection("", (NavLink("Home", "/", "pa", current=True),)),
        NavSection(_("Registry"), (NavLink(_("People"), "/people", "user"), NavLink(_("Places"), "/places", "pa"))),
    ),
    demo=True,
)


class SampleForm(FlaskForm):
    """A field of each kind that the macros draw differently."""

    surname = StringField(_("Surname"), NEEDED)
    password = PasswordField(_("Password"), description=_("You may paste it from a password manager."))
    born_on = DateField(_("Born on"), NEEDED, format="%d/%m/%Y", description=_("Day, month and year"))
    gender = SelectField(_("Gender"), choices=[SelectChoice("", "Choose…"), SelectChoice("f", "F")], validators=NEEDED)
    known = RadioField(
        _("Known to the services?"),
        NEEDED,
        choices=[SelectChoice("y", "Yes"), SelectChoice("n", "No")],
        description="As told",
    )
    ways = SelectMultipleField(_("Ways to reach"), choices=WAYS, widget=ListWidget(), option_widget=CheckboxInput())
    places = SelectMultipleField(_("Places"), choices=WAYS)
    document = FileField(_("Document"))
    notes = TextAreaField(_("Notes"))
    agreed = BooleanField(_("I have read it"), NEEDED, description=_("Tick to go on"))
    phones = FieldList(StringField(_("Phone")), _("Phones"), min_entries=2)
    step = HiddenField(default="2")


def make_gallery(var: Path, *, around: Callable[[], Shell | None] = lambda: SHELL) -> Flask:
    """The app; `around` is the shell that stands around its pages, None for a stranger."""
    app = Flask("gallery", static_folder=None)
    app.config.update(SETTINGS=read_settings({"GENERAZIONI_VAR": str(var)}), SECRET_KEY="k" * 32)
    CSRFProtect(app)
    headers.protect(app)
    errors.register(app)
    static_files.register(app)
    rendering.make_templates(app, {"gallery": HERE})
    app.context_processor(lambda: {"shell": around()})
    _add_pages(app)
    _add_errors(app)
    return app


def _add_pages(app: Flask) -> None:
    @app.get("/")
    def parts() -> str:
        flash("Application 2026/00209 moved", "success")
        return render_template("gallery/parts.html", **samples())

    @app.get("/empty")
    def empty() -> str:
        return render_template("gallery/empty.html")

    @app.get("/sign-in")
    def plain() -> str:
        return render_template("gallery/plain.html", form=SampleForm())

    @app.get("/fragment")
    def fragment() -> tuple[str, int]:
        return "<p>The rent is missing.</p>", 422

    @app.route("/form", methods=["GET", "POST"])
    def form() -> tuple[str, int]:
        sample = SampleForm()
        if request.method == "POST" and not sample.validate():
            sample.form_errors.append(str(_("The two dates do not agree.")))
        return render_template("gallery/form.html", form=sample), 422 if sample.errors else 200


def _add_errors(app: Flask) -> None:
    @app.route("/refused", methods=["GET", "POST"])
    @app.get("/api/v1/refused")
    def refused() -> None:
        raise Refusal(_("%(home)s is let.", home=ATTACK), field="home")

    @app.get("/too-often")
    def too_often() -> None:
        raise TooOften(_("Too many tries."), seconds=90)

    @app.route("/away", methods=["GET", "POST"])
    @app.get("/api/v1/away")
    def away() -> None:
        raise OperationalError("SELECT 1", {}, Exception("connection refused"))

    @app.get("/broken")
    def broken() -> None:
        raise ZeroDivisionError("secret detail")


def samples() -> dict[str, Any]:
    """Invented values for each macro, one of them an attack."""
    return {
        "attack": ATTACK,
        "lazy_attack": _("Hello %(name)s", name=ATTACK),
        "crumbs": [Link("Home", "/"), Link("People", "/people"), Link("Bonometti Chiara", "")],
        "actions": [Link("Print", "/print", "print"), Link("Archive", "/archive", post=True)],
        "tabs": [Link("Summary", "/", current=True), Link("Homes", "/homes", count=1284)],
        "filters": [Link("Town: Visano", "/")],
        "sizes": [Link("25", "/?size=25"), Link("50", "/?size=50", current=True)],
        "facts": [("Phone", "030 555 0142"), ("Mail", None), ("Rent", Decimal("480.00"))],
        "items": [
            {"label": "Interview", "url": "/", "meta": "Care", "day": date(2026, 7, 15)},
            {"label": "ISEE missing", "badge": {"text": "Due tomorrow", "tone": "warn"}, "end": "today"},
        ],
        "figures": [{"value": 128, "label": "open applications", "url": "/"}, {"value": 6, "label": "free homes"}],
        "tiles": [Link("Homes", "/homes", "pa"), Link("Guarantee fund", "/fund", "card")],
        "entries": [
            {
                "at": datetime(2026, 7, 13, 8, 41, tzinfo=UTC),
                "who": "Luca Neri",
                "text": "left",
                "meta": "Homes",
            },
            {"at": datetime(2026, 7, 12, 8, 0, tzinfo=UTC), "text": "Registered"},
        ],
        "months": [("Feb", [41, 18]), ("Mar", [52, 23]), ("Apr", [38, 20]), ("May", [63, 35])],
    }

"""Where templates are found, and how values are escaped."""

from decimal import Decimal

import pytest
from flask import Flask, render_template
from jinja2 import TemplateNotFound, UndefinedError

from core.config import read_settings
from core.language import _, speaking
from core.web.rendering import make_templates, show_percent


@pytest.fixture
def render(tmp_path):
    plugin = tmp_path / "housing" / "templates"
    plugin.mkdir(parents=True)
    app = Flask("sample", static_folder=None)
    app.config["SETTINGS"] = read_settings({"GENERAZIONI_VAR": str(tmp_path)})
    make_templates(app, {"housing": plugin.parent, "places": plugin.parent, "parts": plugin.parent})

    def render(source, file="page.html", **values):
        (plugin / file).write_text(source)
        with app.test_request_context():
            return render_template(f"housing/{file}", **values)

    return render


def test_a_plugins_templates_stand_under_its_key(render):
    assert render("A home", "home.html") == "A home"


def test_a_core_features_templates_stand_under_its_name_whatever_plugins_call_themselves(render):
    assert "g-facts" in render('{% include "places/hours.html" %}', week=[("Monday", ["9–12"])])


def test_a_plugin_cannot_stand_before_the_cores_pages(render):
    render("a plugin's own", "icons.html")

    assert "own" not in render('{% include "parts/icons.html" %}')


def test_an_unknown_template_is_said_to_be_missing(render):
    with pytest.raises(TemplateNotFound):
        render('{% include "housing/nope.html" %}')


def test_a_misspelt_name_is_an_error_not_a_blank(render):
    with pytest.raises(UndefinedError):
        render("{{ tenat }}")


def test_values_are_escaped_and_sentences_keep_their_markup(render):
    source = """{{ name }}|{{ _("<b>Dear</b> %(name)s", name=name) }}|{{ lazy }}"""

    said = render(source, name="<i>", lazy=_("<u> %(name)s", name="<i>"))

    assert said == "&lt;i&gt;|<b>Dear</b> &lt;i&gt;|&lt;u&gt; &lt;i&gt;"


def test_plurals_count_and_a_sentence_may_hold_a_percent_sign(render):
    assert render('{{ plural("%(n)s home", "%(n)s homes", 2) }}, {{ _("100%") }}') == "2 homes, 100%"


def test_text_mails_are_not_escaped(render):
    assert render('{{ name }} {{ _("for %(name)s", name=name) }}', "mail.txt", name="D'Amico & C") == (
        "D'Amico & C for D'Amico & C"
    )


def test_what_is_not_known_is_shown_as_nothing(render):
    assert (
        render("{{ none | date }}{{ none | datetime }}{{ none | money }}{{ none | number }}{{ none | percent }}") == ""
    )


def test_a_share_of_one_is_shown_as_a_percentage():
    with speaking("en"):
        assert show_percent(Decimal("0.66")) in {"66%", "66.00%"}

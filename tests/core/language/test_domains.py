"""The same word may mean two things: each module's sentences are its own before they are anybody's."""

from pathlib import Path

import pytest
from flask import Flask

from core import language
from core.config import ROOT, read_settings
from core.language import load_catalogues, speaking
from core.web.rendering import make_templates


@pytest.fixture
def catalogues(monkeypatch):
    monkeypatch.setattr(language, "_catalogues", {})
    load_catalogues(ROOT / "translations")


def said_in(module, text):
    """The sentence as code of that module says it."""
    scope = {"__name__": module}
    exec("from core.language import _\ndef say(text):\n    return _(text)", scope)  # noqa: S102  code of the test
    return str(scope["say"](text))


def test_a_word_of_two_modules_is_said_as_each_of_them_means_it(catalogues):
    assert said_in("plugins.guarantee_fund.pages.guarantees", "Calls") == "Escussioni"
    assert said_in("plugins.housing.pages.homes", "Calls") == "Avvisi"


def test_a_module_that_lacks_a_sentence_says_it_as_the_core_does(catalogues):
    assert said_in("plugins.guarantee_fund.plugin", "Members of the household") == said_in(
        "core.people.pages", "Members of the household"
    )
    with speaking("en"):
        assert said_in("plugins.guarantee_fund.plugin", "Calls") == "Calls"


def test_a_template_speaks_as_the_module_it_is_of_wherever_it_is_drawn(catalogues, tmp_path):
    for key in ("housing", "guarantee_fund"):
        (tmp_path / key / "templates").mkdir(parents=True)
        (tmp_path / key / "templates" / "word.html").write_text("{{ _('Calls') }}")
        (tmp_path / key / "templates" / "macro.html").write_text("{% macro word() %}{{ _('Calls') }}{% endmacro %}")
    (tmp_path / "housing" / "templates" / "both.html").write_text(
        "{% from 'guarantee_fund/macro.html' import word %}"
        "{{ _('Calls') }} {% include 'guarantee_fund/word.html' %} {{ word() }}"
    )
    app = Flask("words")
    app.config["SETTINGS"] = read_settings({"GENERAZIONI_VAR": str(tmp_path)})
    make_templates(app, {key: Path(tmp_path / key) for key in ("housing", "guarantee_fund")})

    with app.app_context():
        drawn = app.jinja_env.get_template("housing/both.html").render()

    assert drawn == "Avvisi Escussioni Escussioni"

"""Every sentence of a module is translated, with its placeholders kept; every template can be read."""

import pytest

from core.config import ROOT
from core.language.catalogues import extract, faults_of, file_of, languages, read
from core.testing.conformance.installed import PLUGINS

BESIDE_THE_PROGRAM = ROOT / "translations"
by_plugin = pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.key)


@by_plugin
@pytest.mark.parametrize("language", languages())
def test_every_sentence_is_translated(plugin, language):
    own = plugin.folder / "translations"
    file = file_of(own if own.is_dir() else BESIDE_THE_PROGRAM, language, plugin.key)

    assert list(faults_of(extract(plugin.key, plugin.folder, plugin.folder), read(file, language))) == []


@by_plugin
def test_every_template_can_be_read(app, plugin):
    folder = plugin.folder / "templates"
    for template in sorted(folder.rglob("*.html")):
        app.jinja_env.get_template(f"{plugin.key}/{template.relative_to(folder).as_posix()}")

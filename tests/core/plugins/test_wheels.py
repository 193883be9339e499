"""Wheels are added on the machine with their fingerprints; what is changed, or was never added, stays out."""

import importlib
import os
import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from click.testing import CliRunner

from core.cli import main_group
from core.config import ROOT, read_settings
from core.plugins import wheels
from core.plugins.importing import ChangedSource, allow
from core.plugins.installation import Health
from core.plugins.integrity import differences, sha256_of
from core.plugins.loading import load
from core.plugins.lock import lock_file, read_lock
from core.plugins.wheels import WrongWheel
from tests.gardens import make_wheel, write_package

BY = "Anna Rossi"


@pytest.fixture
def settings(tmp_path):
    """An installation without plugins of its own."""
    found = read_settings({"GENERAZIONI_VAR": str(tmp_path / "var")})
    return replace(found, plugin_folders=())


def add(settings, wheel, **told):
    opened = wheels.open_wheel(settings, wheel, sha256=told.get("sha256", ""), by=BY)
    wheels.keep(settings, opened)
    return opened


def command(settings, *words, **told):
    return CliRunner().invoke(main_group, ["plugins", *words], env={"GENERAZIONI_VAR": str(settings.var)}, **told)


def test_an_added_wheel_stands_in_the_lock_with_its_fingerprint(settings, tmp_path):
    wheel = make_wheel(tmp_path, package="herbs")

    add(settings, wheel)

    (locked,) = read_lock(settings.plugin_home)
    assert (locked.key, locked.version, locked.sha256, locked.added_by) == ("herbs", "1.0", sha256_of(wheel), BY)
    assert differences(locked, settings.plugin_home) == []


def test_an_added_plugin_is_loaded_from_where_it_stands(settings, tmp_path):
    add(settings, make_wheel(tmp_path, package="mint"))

    plugin = load(settings).plugins["mint"]

    assert plugin.health is Health.OK, plugin.reason
    assert plugin.module.__file__.startswith(str(settings.plugin_home))
    assert plugin.manifest.origin == "mint-plugin 1.0"
    assert list(settings.plugin_home.rglob("__pycache__")) == []


@pytest.mark.parametrize("wrong", ["changed", "added", "missing", "record", "bytecode"])
def test_a_plugin_whose_files_are_not_as_they_were_added_is_not_loaded(settings, tmp_path, wrong):
    add(settings, make_wheel(tmp_path, package="sage"))
    folder = read_lock(settings.plugin_home)[0].folder(settings.plugin_home)
    models = folder / "sage" / "models.py"
    if wrong == "changed":
        models.write_text(models.read_text() + "# a line more\n")
    elif wrong == "added":
        (folder / "sage" / "more.py").write_text("")
    elif wrong == "missing":
        models.unlink()
    elif wrong == "record":
        models.write_text("")
        record = next(folder.glob("*.dist-info/RECORD"))
        record.write_text("\n".join(line for line in record.read_text().splitlines() if "models.py" not in line))
    else:
        (folder / "sage" / "__pycache__").mkdir()
        (folder / "sage" / "__pycache__" / "models.cpython-311.pyc").write_bytes(b"anything")

    plugin = load(settings).plugins["sage"]

    assert plugin.health is Health.CHANGED
    assert "sage" not in sys.modules


def test_a_file_changed_while_the_program_runs_is_not_imported(settings, tmp_path):
    add(settings, make_wheel(tmp_path, package="thyme", more_files={"thyme/late.py": "X = 1\n"}))
    folder = read_lock(settings.plugin_home)[0].folder(settings.plugin_home)
    allow(folder)
    (folder / "thyme" / "late.py").write_text("X = 2\n")

    with pytest.raises(ChangedSource):
        importlib.import_module("thyme.late")


def test_the_audit_names_what_differs_and_fails(settings, tmp_path):
    add(settings, make_wheel(tmp_path, package="dill"))
    assert command(settings, "audit").exit_code == 0
    folder = read_lock(settings.plugin_home)[0].folder(settings.plugin_home)
    (folder / "dill" / "plugin.py").write_text("")

    told = command(settings, "audit")

    assert told.exit_code == 1
    assert "dill/plugin.py was changed" in told.output


def test_a_plugin_that_a_distribution_announces_and_nobody_added_is_ignored(settings, tmp_path, monkeypatch):
    place = tmp_path / "site"
    with zipfile.ZipFile(make_wheel(tmp_path, package="basil")) as wheel:
        wheel.extractall(place)
    monkeypatch.syspath_prepend(str(place))

    house = load(settings)

    assert "basil" not in house.plugins
    assert "nobody added it" in {one.key: one.reason for one in house.ignored}["basil"]
    assert "basil" not in sys.modules
    assert "ignored" in command(settings, "list").output


@pytest.mark.parametrize("case", ["sdist", "other", "damaged", "climbs", "absolute", "scripts", "second", "core",
                                  "two_entries", "no_manifest", "bomb", "nameless"])  # fmt: skip
def test_what_is_no_plugins_wheel_is_refused_and_leaves_nothing(settings, tmp_path, case):
    wheel, sha256 = wrong_wheel(tmp_path, case)

    with pytest.raises(WrongWheel) as refused:
        wheels.open_wheel(settings, wheel, sha256=sha256, by=BY)

    assert str(refused.value)
    assert not settings.plugin_home.exists() or list(settings.plugin_home.iterdir()) == []
    assert not (tmp_path / "var" / "astray.py").exists()


def wrong_wheel(folder, case):
    """A file that may not come in, and the fingerprint it is given with."""
    if case == "sdist":
        file = folder / "gardens-1.0.tar.gz"
        file.write_bytes(b"")
        return file, ""
    more = {
        "climbs": {"../../astray.py": ""}, "absolute": {"/tmp/astray.py": ""}, "second": {"requests/__init__.py": ""},  # noqa: S108
        "scripts": {"parsley_plugin-1.0.data/scripts/run": ""}, "nameless": {"./": ""},
    }.get(case)  # fmt: skip
    entry = "[generazioni.plugins]\nparsley = parsley\nmore = parsley\n" if case == "two_entries" else ""
    wheel = make_wheel(folder, package="core" if case == "core" else "parsley", more_files=more, told_entry=entry)
    if case in {"damaged", "no_manifest"}:
        with zipfile.ZipFile(wheel) as old:
            kept = {name: old.read(name) for name in old.namelist()}
        name = "parsley/models.py" if case == "damaged" else "parsley/manifest.toml"
        kept[name] = b"import this\n"
        with zipfile.ZipFile(wheel, "w") as new:
            for one, data in kept.items():
                new.writestr(one, data)
    if case == "bomb":
        with zipfile.ZipFile(wheel, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("parsley/zeros.bin", b"\0" * (wheels.LARGEST + 1))
    return wheel, "0" * 64 if case == "other" else ""


def test_what_a_wheel_needs_is_listed_and_nothing_is_pulled(settings, tmp_path):
    needs = ("flask>=3", "a-library-nobody-has>=2; python_version>='3'", "flask>=99", "tea; extra=='tea'")
    wheel = make_wheel(tmp_path, package="rue", requires_dist=needs)

    told = command(settings, "add", str(wheel), "--yes")

    assert told.exit_code == 1
    assert "needs a-library-nobody-has>=2" in told.output
    assert "which does not fit" in told.output
    assert "tea" not in told.output
    assert read_lock(settings.plugin_home) == []


def test_adding_asks_first(settings, tmp_path):
    wheel = make_wheel(tmp_path, package="anise")

    assert command(settings, "add", str(wheel), input="n\n").exit_code != 0
    assert read_lock(settings.plugin_home) == []
    assert command(settings, "add", str(wheel), "--sha256", sha256_of(wheel), input="y\n").exit_code == 0
    assert [one.key for one in read_lock(settings.plugin_home)] == ["anise"]


def test_a_newer_wheel_takes_the_place_of_the_older_one(settings, tmp_path):
    add(settings, make_wheel(tmp_path, 1, package="lovage"))

    opened = add(settings, make_wheel(tmp_path, 2, package="lovage"))

    assert opened.replaces.version == "1.0"
    assert [one.version for one in read_lock(settings.plugin_home)] == ["2.0"]
    old = [one for one in settings.plugin_home.iterdir() if one.is_dir() and "-1.0-" in one.name]
    assert len(old) == 1, "a server that runs still reads its files"

    os.utime(old[0], (0, 0))
    add(settings, make_wheel(tmp_path, 3, package="lovage"))
    assert not old[0].exists()


def test_a_key_is_not_taken_over_by_another_distribution(settings, tmp_path):
    add(settings, make_wheel(tmp_path, package="clove"))

    with pytest.raises(WrongWheel, match="added before"):
        wheels.open_wheel(settings, make_wheel(tmp_path, package="cinnamon", key="clove"), sha256="", by=BY)


def test_a_key_of_the_program_is_not_taken_over(settings, tmp_path):
    settings = replace(settings, plugin_folders=(ROOT / "plugins",))

    with pytest.raises(WrongWheel, match="comes with the program"):
        wheels.open_wheel(settings, make_wheel(tmp_path, package="homes", key="housing"), sha256="", by=BY)


def test_removing_takes_lock_and_files(settings, tmp_path):
    add(settings, make_wheel(tmp_path, package="cumin"))

    assert command(settings, "remove", "cumin", "--yes").exit_code == 0

    assert read_lock(settings.plugin_home) == []
    assert [one for one in settings.plugin_home.iterdir() if one.is_dir()] == []
    assert command(settings, "remove", "cumin", "--yes").exit_code == 1


def test_what_a_stopped_adding_left_is_swept_by_the_next(settings, tmp_path):
    left = settings.plugin_home / f"{wheels.PART}stopped"
    left.mkdir(parents=True)
    shutil.copy(make_wheel(tmp_path, package="fennel"), left)

    add(settings, make_wheel(tmp_path, package="fennel"))
    assert left.exists(), "somebody may just be asked whether to add it"

    os.utime(left, (0, 0))
    add(settings, make_wheel(tmp_path, package="fennel"))
    assert not left.exists()


def test_a_wheel_added_again_leaves_its_files_where_a_server_reads_them(settings, tmp_path):
    opened = add(settings, make_wheel(tmp_path, package="sorrel"))
    place = opened.locked.folder(settings.plugin_home)
    before = place.stat().st_ino

    add(settings, make_wheel(tmp_path, package="sorrel"))
    assert place.stat().st_ino == before

    (place / "sorrel" / "plugin.py").write_text("raise OSError")
    locked = add(settings, make_wheel(tmp_path, package="sorrel")).locked
    assert differences(locked, settings.plugin_home) == []


def test_wheels_added_at_the_same_moment_all_stand_in_the_lock(settings, tmp_path):
    names = [f"mint{number}" for number in range(6)]
    opened = [wheels.open_wheel(settings, make_wheel(tmp_path, package=name), sha256="", by=BY) for name in names]

    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(lambda one: wheels.keep(settings, one), opened))

    assert [one.key for one in read_lock(settings.plugin_home)] == names


def test_a_lock_that_cannot_be_read_lets_no_added_plugin_in_and_stops_nobody_else(settings, tmp_path):
    add(settings, make_wheel(tmp_path, package="cress"))
    lock_file(settings.plugin_home).write_text("[[plugin]\n")

    house = load(settings)

    assert {one.health for one in house.plugins.values()} == {Health.CHANGED}


def test_listing_and_switching_off_import_no_plugin(settings, tmp_path):
    """A plugin that ends the process when it is imported cannot keep the administrator from seeing it."""
    folder = tmp_path / "more"
    (write_package(folder, key="nettle") / "__init__.py").write_text("import os\nos._exit(3)\n")
    environment = {"GENERAZIONI_VAR": str(settings.var), "GENERAZIONI_PLUGIN_FOLDERS": str(folder), "PATH": ""}
    code = "from core.cli import main; import sys; sys.argv[1:] = ['plugins', 'list']; main()"

    told = subprocess.run(  # noqa: S603  our own code
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert told.returncode == 0, told.stderr
    assert "nettle" in told.stdout

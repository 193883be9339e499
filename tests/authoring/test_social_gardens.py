"""A module of somebody else's: built as a wheel, installed in an environment of its own, its suite run there."""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from core.config import ROOT
from tests.authoring.suites import passed, run

GARDENS = ROOT / "examples" / "plugins" / "social_gardens"


def build(source: Path, into: Path) -> Path:
    """A wheel, with the hatchling of our lock and nothing from a registry."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(into)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)  # noqa: S603  our own code
    return max(into.glob("*.whl"), key=lambda file: file.stat().st_mtime)


@pytest.fixture
def environment(tmp_path) -> Path:
    """A fresh environment: the program and the gardens as wheels, what both need from the one the tests run in."""
    place = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)  # noqa: S603
    wheels = [build(source, tmp_path / "dist") for source in (ROOT, GARDENS)]
    uv = [str(Path(sys.executable).parent / "uv"), "pip", "install", "--quiet", "--offline", "--no-index", "--no-deps"]
    subprocess.run([*uv, "--python", str(place / "bin" / "python"), *map(str, wheels)], check=True)  # noqa: S603
    own = next(place.glob("lib/python*/site-packages"))
    (own / "what-they-need.pth").write_text(sysconfig.get_path("purelib"))
    return place / "bin" / "python"


def test_the_gardens_pass_their_own_tests_and_those_of_all_modules_where_they_are_installed(environment, tmp_path):
    suite = tmp_path / "suite"
    shutil.copytree(GARDENS / "tests", suite / "tests")
    shutil.copy(GARDENS / "pyproject.toml", suite)
    where = "import core, social_gardens; print(core.__file__, social_gardens.__file__)"
    found = subprocess.run([environment, "-c", where], cwd=suite, capture_output=True, text=True, check=True)  # noqa: S603

    assert [str(tmp_path) in file for file in found.stdout.split()] == [True, True]
    # What holds for every module is shown on PostgreSQL by ours: here its own services are, and all else on SQLite.
    assert passed(run(environment, suite, "-k", "not postgresql or test_services")) >= 100

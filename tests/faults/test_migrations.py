"""A module whose migrations fail: the others get their tables, the program serves, and the culprit is named."""

import os
import subprocess
import sys

import pytest

from core.config import ROOT
from tests.faults.making import make
from tests.gardens import FIRST

BROKEN = FIRST.replace("def upgrade():\n", "def upgrade():\n    op.execute('select nothing from nowhere')\n")


@pytest.fixture
def command(tmp_path, folder):
    """A command of the program, on an embedded database of its own."""
    told = {"GENERAZIONI_VAR": str(tmp_path / "var"), "GENERAZIONI_SKIP": "housing,guarantee_fund",
            "GENERAZIONI_PLUGIN_FOLDERS": str(folder)}  # fmt: skip

    def run(*arguments):
        code = "from core.cli import main; main()"
        return subprocess.run(  # noqa: S603  our own code
            [sys.executable, "-c", code, *arguments], cwd=ROOT, env={**os.environ, **told}, capture_output=True,
            text=True, check=False,
        )  # fmt: skip

    return run


def test_a_failing_migration_keeps_nobody_else(command, folder):
    broken, sound = make(folder, "a_failing", revision=BROKEN), make(folder)

    done = command("upgrade")
    states = {line.split()[0]: line.split()[2] for line in command("plugins", "list").stdout.splitlines()}

    assert done.returncode == 1
    assert f"{broken}: its migrations failed, and nothing of them is kept" in done.stderr
    assert f"Brought up to date: core, {sound}." in done.stdout
    assert (states[broken], states[sound]) == ("available", "installed")

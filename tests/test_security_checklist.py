"""docs/security.md promises nothing without naming the test that holds it, and each test it names is there."""

import re
from pathlib import Path

import pytest

from core.config import ROOT

LINES = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "security.md").read_text().splitlines()
    if line.startswith("| ") and not line.startswith(("| promise", "| ---"))
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[0][:60])
def test_each_promise_names_a_test_that_is_there(line):
    promise, how, named = line
    file, _colons, name = named.partition("::")

    assert promise
    assert how
    assert re.search(rf"^def {name}\(", (ROOT / Path(file)).read_text(), re.MULTILINE)


def test_there_are_promises():
    assert len(LINES) > 40

"""Verifying and anchoring from the command line, and by the hourly job."""

import json

import pytest
from click.testing import CliRunner

from core.audit.jobs import anchor_trail
from core.cli import main_group
from core.cli.context import Context
from core.jobs import declaration
from core.jobs.declaration import JobKind
from core.language import _
from tests.core.audit.test_verifying import cut
from tests.desk import Desk


@pytest.fixture
def generazioni(settings):
    """A command with its answer: what it wrote, and its exit status."""

    def run(*words):
        context = Context()
        context.__dict__["settings"] = settings
        return CliRunner().invoke(main_group, words, obj=context)

    return run


def test_a_whole_trail_is_said_whole_with_its_anchors(generazioni, trail):
    trail.lengthen(7)
    generazioni("audit", "anchor")

    answer = generazioni("audit", "verify")

    assert answer.exit_code == 0, answer.output
    assert "QUERCIA: whole, 7 lines, 1 anchors" in answer.output


def test_the_first_broken_line_is_named_and_the_status_is_one(generazioni, trail):
    lines = trail.lengthen(7)
    generazioni("audit", "anchor")
    cut(trail, lines, 2, head=True)

    answer = generazioni("audit", "verify", "--partner", "QUERCIA")

    assert answer.exit_code == 1
    assert "QUERCIA: BROKEN at line 6: line 6 is missing: on" in answer.output


def test_without_anchors_it_says_what_would_not_show(generazioni, trail):
    trail.lengthen(2)

    answer = generazioni("audit", "verify")

    assert answer.exit_code == 0
    assert "lines missing at a trail's end would not show" in answer.output


def test_anchors_that_somebody_wrote_on_are_not_believed(generazioni, trail, settings):
    trail.lengthen(2)
    generazioni("audit", "anchor")
    settings.audit_anchors.write_text(settings.audit_anchors.read_text() + "{}\n")

    answer = generazioni("audit", "verify")

    assert answer.exit_code == 1
    assert "line 2 of" in answer.output


def test_a_partner_that_the_anchors_know_and_the_database_does_not_is_broken(generazioni, trail, settings):
    lines = trail.lengthen(2)
    generazioni("audit", "anchor")
    told = json.loads(settings.audit_anchors.read_text())
    settings.audit_anchors.write_text(json.dumps({**told, "partner": str(lines[0].id)}) + "\n")

    answer = generazioni("audit", "verify")

    assert answer.exit_code == 1
    assert f"{lines[0].id}: BROKEN at line 1" in answer.output


def test_the_hourly_job_anchors_the_partners_own_trail(trail, settings, database, monkeypatch):
    kind = JobKind("tests.anchor", _("Anchor the audit trail"), anchor_trail)
    monkeypatch.setitem(declaration._declared, kind.key, declaration.Declared(kind, ""))
    last = trail.lengthen(4)[-1]
    desk = Desk(database, settings, trail.partner)

    job = desk.start(kind)
    desk.work()

    assert str(desk.job(job).result) == "Line 4 of the audit trail was anchored"
    told = json.loads(settings.audit_anchors.read_text())
    assert (told["partner"], told["sequence"], told["hash"], told["count"]) == (str(trail.partner), 4, last.hash, 4)
    assert settings.audit_anchors.stat().st_mode & 0o777 == 0o600

"""`generazioni check --deploy`: each weakness with its sentence, and nothing to say of a strong installation."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner

from core.cli import main_group
from core.cli.context import Context
from core.cli.deployment import of_data, of_files, of_settings
from core.config import Settings, WrongSetting, read_settings
from core.database.scope import Scope
from core.database.session import Database
from core.demo.models import DemoRow
from core.testing.two_partners import database, neighbour, partner, settings  # noqa: F401  fixtures

# ruff: noqa: F811  fixtures are asked for by the names they are imported by

STRONG = {
    "GENERAZIONI_DATABASE_URL": "postgresql+psycopg://generazioni_app@db/g",
    "GENERAZIONI_OWNER_DATABASE_URL": "postgresql+psycopg://generazioni_owner@db/g",
    "GENERAZIONI_OPERATOR_DATABASE_URL": "postgresql+psycopg://generazioni_operator@db/g",
    "GENERAZIONI_SECRET_KEY": "9f2c61d07be84a35" * 3,
    "GENERAZIONI_FIELD_KEYS": "5e" * 32,
    "GENERAZIONI_PUBLIC_URL": "https://rete.example.it",
    "GENERAZIONI_TRUSTED_PROXIES": "1",
    "GENERAZIONI_MAIL_URL": "smtps://posta.example.it",
}


@pytest.fixture
def strong(tmp_path: Path) -> Settings:
    tmp_path.chmod(0o750)
    return read_settings({**STRONG, "GENERAZIONI_VAR": str(tmp_path)})


def wrong(findings: Callable[..., object], *given: object) -> dict[str, str]:
    return {one.what: one.text for one in findings(*given) if not one.good}  # type: ignore[attr-defined]


def test_of_a_strong_installation_there_is_nothing_to_say(strong: Settings) -> None:
    assert wrong(of_settings, strong) == {}
    assert wrong(of_files, strong) == {}


@pytest.mark.parametrize(("change", "what", "sentence"), [
    ({"public_url": "http://rete.example.it"}, "address", "does not begin with https://"),
    ({"public_url": ""}, "address", "does not begin with https://"),
    ({"trusted_proxies": 0}, "proxy", "TRUSTED_PROXIES is 0 although people come by https"),
    ({"secret_key": "k" * 40}, "secret key", "few different signs"),
    ({"second_factor": False}, "second factor", "by password alone"),
    ({"mail_url": "console:"}, "mail", "sends nothing"),
    ({"safe_mode": True}, "plugins", "SAFE_MODE is on"),
    ({"owner_database_url": STRONG["GENERAZIONI_DATABASE_URL"]}, "database roles", "share a database role"),
    ({"operator_database_url": STRONG["GENERAZIONI_DATABASE_URL"]}, "database roles", "share a database role"),
    ({"database_url": "sqlite:////srv/g.db", "workers": 2}, "workers", "WEB_CONCURRENCY is 2"),
])  # fmt: skip
def test_each_weak_setting_has_its_sentence(strong: Settings, change: dict, what: str, sentence: str) -> None:
    found = wrong(of_settings, replace(strong, **change))

    assert list(found) == [what]
    assert sentence in found[what]


def test_debug_is_told(strong: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")

    assert "FLASK_DEBUG is on" in wrong(of_settings, strong)["debug"]


def test_a_folder_that_others_can_read_is_told(strong: Settings) -> None:
    strong.uploads.mkdir()
    strong.uploads.chmod(0o755)
    strong.var.chmod(0o755)

    assert set(wrong(of_files, strong)) == {"data folder", "attachments"}
    assert f"chmod o-rwx {strong.uploads}" in wrong(of_files, strong)["attachments"]


def test_keys_that_lie_beside_their_database_are_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    trial = read_settings({"GENERAZIONI_VAR": str(tmp_path)})

    assert "beside the database that they seal" in wrong(of_files, trial)["keys of sealed fields"]


def test_the_demo_network_is_told(database: Database, settings: Settings, partner: object) -> None:
    operator = Scope(operator=True, reason="tests")
    with database.session(operator) as session:
        before = wrong(of_data, session, settings)
        session.add(DemoRow(table="people_person", row_id=uuid4(), position=1))
        session.flush()
        after = wrong(of_data, session, settings)

    assert "demo network" not in before
    assert "generazioni demo --remove" in after["demo network"]


def test_several_partners_need_the_second_wall(
    database: Database, settings: Settings, partner: object, neighbour: object
) -> None:
    with database.session(Scope(operator=True, reason="tests")) as session:
        found = wrong(of_data, session, settings)

    assert ("partners" in found) is settings.embedded


@pytest.mark.parametrize(("given", "sentence"), [
    ({"GENERAZIONI_SECRET_KEY": ""}, "SECRET_KEY is missing"),
    ({"GENERAZIONI_SECRET_KEY": "short"}, "shorter than 32"),
    ({"GENERAZIONI_FIELD_KEYS": ""}, "FIELD_KEYS is missing"),
    ({"GENERAZIONI_SECOND_FACTOR": "off"}, "must be required or optional"),
    ({"WEB_CONCURRENCY": "many"}, "WEB_CONCURRENCY must be a whole number"),
    ({"GENERAZIONI_DATABASE_URL": "mysql://g"}, "must begin with sqlite"),
])  # fmt: skip
def test_what_cannot_be_served_with_at_all_is_refused_before(given: dict, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match=sentence):
        read_settings({**STRONG, **given, "GENERAZIONI_VAR": str(tmp_path)})


def test_the_command_fails_on_a_trial_and_says_why(database: Database, settings: Settings, partner: object) -> None:
    context = Context()
    context.settings = settings

    plain = CliRunner().invoke(main_group, ["check"], obj=context)
    deploy = CliRunner().invoke(main_group, ["check", "--deploy"], obj=context)

    assert "second factor" not in plain.output
    assert "WRONG second factor: Who administers" in deploy.output
    assert deploy.exit_code == 1

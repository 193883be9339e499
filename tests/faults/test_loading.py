"""Whatever is wrong with one plugin, the core loads, the culprit is named, and the others work."""

import os
import subprocess
import sys

import pytest
from sqlalchemy import select

from core.access.permissions import Permission
from core.config import ROOT
from core.database.model import metadata
from core.jobs import declaration as jobs
from core.people.models import Person
from core.plugins import first_load
from core.plugins.checking import BrokenPlugin
from core.plugins.first_load import Patience
from core.plugins.installation import Health
from tests.faults.making import PLUGIN, make, new_key

SHORT = Patience(waiting=1, computing=1)
FAULTS = {
    "does_not_import": ({"plugin": "import nothing_of_that_name"}, "ModuleNotFoundError: No module named"),
    "wrong_syntax": ({"plugin": "def ("}, "SyntaxError"),
    "leaves": ({"plugin": "import sys; sys.exit(3)"}, "SystemExit: 3"),
    "raises_no_exception": ({"plugin": "class Odd(BaseException): pass\nraise Odd('here')"}, "Odd: here"),
    "table_of_another": (
        {"more_models": '\n\nclass Other(PartnerOwned, Model):\n    __tablename__ = "people_friend"\n'},
        "the table people_friend does not begin with {key}_",
    ),
    "table_of_nobody": (
        {"more_models": '\n\nclass Lost(Model):\n    __tablename__ = "{key}_lost"\n'}, "inherit from PartnerOwned",
    ),
    "half_a_relationship": (
        {"more_models": '\n\nfrom sqlalchemy.orm import relationship\nPlot.others = relationship("Nobody")\n'},
        "InvalidRequestError",
    ),
    "route_elsewhere": (
        {"plugin": PLUGIN.replace('url_prefix="/m/{url}"', 'url_prefix="/people"')},
        "/people/hello stands neither under /m/{url}",
    ),
    "route_nearly_there": (
        {"plugin": PLUGIN.replace('url_prefix="/m/{url}"', 'url_prefix="/m/{url}er"')},
        "/m/{url}er/hello stands neither under /m/{url}",
    ),
    "route_by_the_back_door": (
        {"more_plugin": '\npages.record(lambda state: state.app.add_url_rule("/x", "x", hello))\n'},
        "/x stands neither under",
    ),
    "route_for_anybody": (
        {"plugin": PLUGIN.replace('@requires("{key}.hello")\n', "")}, "/m/{url}/hello names no permission",
    ),
    "every_request": (
        {"more_plugin": "\n\n@pages.before_app_request\ndef stop():\n    raise ZeroDivisionError\n"},
        "reaches into every page of the program",
    ),
    "every_error": (
        {"more_plugin": "\n\n@pages.app_errorhandler(404)\ndef gone(error):\n    return 'gone'\n"},
        "reaches into every page of the program",
    ),
    "every_template": (
        {"more_plugin": "\n\n@pages.app_template_filter('money')\ndef money(value):\n    return 'free'\n"},
        "changes the filters or functions of every template",
    ),
    "name_of_another_blueprint": (
        {"plugin": PLUGIN.replace('Blueprint("{key}"', 'Blueprint("people"')}, "the blueprint people must be called",
    ),
    "misspelt_hook": (
        {"more_plugin": "\n\n@answers\ndef dashbord_cards():\n    return []\n"}, "dashbord_cards",
    ),
    "hook_asks_for_more": (
        {"more_plugin": "\n\n@answers\ndef dashboard_cards(session):\n    return []\n"}, "session",
    ),
    "hook_raises": (
        {"more_plugin": "\n\n@answers\ndef dashboard_cards():\n    return 1 / 0\n"}, "ZeroDivisionError",
    ),
    "hook_answers_else": (
        {"more_plugin": "\n\n@answers\ndef dashboard_cards():\n    return ['a card']\n"},
        "dashboard_cards must answer a list of Card",
    ),
    "permission_of_another": (
        {"more_plugin": "\n\n@answers\ndef permissions():\n    return [Permission('core.all', 'All')]\n"},
        "the permission core.all does not begin with",
    ),
    "job_at_no_hour": (
        {"more_plugin": "\n\nfrom core.api import JobKind\n\n\n@answers\ndef jobs():\n"
                        "    return [JobKind('{key}.work', 'Work', print, daily_at='25:00')]\n"},
        "ValueError",
    ),
    "job_declared_twice": (
        {"more_plugin": "\n\nfrom core.api import JobKind\n\n\n@answers\ndef jobs():\n"
                        "    return [JobKind('{key}.work', 'Work', print), JobKind('{key}.work', 'More', print)]\n"},
        "{key}.work is declared twice",
    ),
    "column_of_nothing": (
        {"plugin": PLUGIN.replace('columns=["code"]', 'columns=["cdoe"]')}, "WrongDeclaration: {key}.plots: ",
    ),
    "resource_declared_twice": (
        {"plugin": PLUGIN.replace("    return [Resource(", "    return 2 * [Resource(")},
        "plots is declared twice among its resources",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_takes_its_own_plugin_alone_out_of_service(folder, start, fault):
    files, reason = FAULTS[fault]
    broken, sound = make(folder, fault, **files), make(folder)
    before = set(metadata.tables)

    house = start()

    assert house.plugins[broken].health is Health.FAILED
    assert reason.format(key=broken, url=broken.replace("_", "-")) in house.plugins[broken].reason
    assert house.plugins[broken].traceback
    assert house.plugins[sound].works, house.plugins[sound].reason
    assert f"{sound}.plots" in house.collections
    assert not house.collections.of_plugin(broken)
    assert set(metadata.tables) - before == {f"{sound}_plot"}
    assert not [key for key in jobs.declared() if key.startswith(f"{broken}.")]
    assert str(select(Person))
    assert all(isinstance(one, Permission) for one in house.rights.permissions)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_strict_program_does_not_start_with_it(folder, start, fault):
    broken = make(folder, fault, **FAULTS[fault][0])

    with pytest.raises(BrokenPlugin, match=broken):
        start(strict=True)


@pytest.mark.parametrize(
    ("told", "health", "reason"),
    [
        ({"core": ">=99"}, Health.INCOMPATIBLE, "needs core >=99, and this is "),
        ({"core": "newest"}, Health.FAILED, "Invalid specifier"),
        ({"requires": 'nobody = ">=1"'}, Health.INCOMPATIBLE, "needs the module nobody >=1, which is not installed"),
        ({"requires": "nobody = 1"}, Health.FAILED, "requires must be a table of texts"),
    ],
)
def test_a_manifest_that_asks_for_what_is_not_there_is_told_what_is(folder, start, told, health, reason):
    broken, sound = make(folder, "asking", **told), make(folder)

    house = start()

    assert house.plugins[broken].health is health
    assert reason in house.plugins[broken].reason
    assert house.plugins[sound].works


def test_who_needs_a_broken_plugin_waits_and_says_so(folder, start):
    broken = make(folder, "fallen", plugin="raise OSError")
    waiting = make(folder, "waiting", requires=f'{broken} = ">=1"')
    last = make(folder, "last", requires=f'{waiting} = ">=1"')

    house = start()

    assert house.plugins[waiting].health is house.plugins[last].health is Health.BLOCKED
    assert f"needs {broken}" in house.plugins[waiting].reason
    assert f"needs {waiting}" in house.plugins[last].reason


def test_plugins_that_need_each_other_are_told_the_circle(folder, start):
    one, other, sound = new_key("one"), new_key("other"), make(folder)
    make(folder, key=one, requires=f'{other} = ">=1"')
    make(folder, key=other, requires=f'{one} = ">=1"')

    house = start()

    assert house.plugins[one].health is house.plugins[other].health is Health.INCOMPATIBLE
    assert one in house.plugins[other].reason
    assert other in house.plugins[one].reason
    assert house.plugins[sound].works


def test_a_key_that_is_taken_stays_with_who_has_it(folder, start, house_settings):
    key = make(folder)
    make(folder.parent / "more", key=key)

    house = start(plugin_folders=(folder, folder.parent / "more"))

    assert house.plugins[key].works
    second = house.plugins[f"{key}@{folder.parent / 'more' / key}"]
    assert second.health is Health.FAILED
    assert f"the key {key} is already taken by {folder / key}" in second.reason


HANGS = {
    "sleeps": "import time\ntime.sleep(600)\n",
    "spins": "while True:\n    pass\n",
    "shrugs": "import time\nwhile True:\n    try:\n        time.sleep(600)\n    except Exception:\n        pass\n",
}


@pytest.mark.parametrize("fault", HANGS)
def test_a_plugin_that_hangs_is_met_once(folder, start, monkeypatch, fault):
    monkeypatch.setattr(first_load, "PATIENCE", SHORT)
    broken, sound = make(folder, fault, plugin=HANGS[fault]), make(folder)

    first = start().plugins[broken]
    monkeypatch.setattr(first_load, "_clock", lambda patience: pytest.fail("it was loaded again"))
    second = start()

    assert first.health is second.plugins[broken].health is Health.FAILED
    assert "while it was loaded" in first.reason
    assert "it hung when these files were first loaded" in second.plugins[broken].reason
    assert f"generazioni plugins retry {broken}" in second.plugins[broken].reason
    assert second.plugins[sound].works


def test_a_hook_that_sleeps_is_a_hang_too(folder, start, monkeypatch):
    monkeypatch.setattr(first_load, "PATIENCE", SHORT)
    slow = "\n\n@answers\ndef dashboard_cards():\n    import time\n    time.sleep(600)\n"
    broken = make(folder, "slow", more_plugin=slow)

    assert "it waited for 1 seconds" in start().plugins[broken].reason


def test_other_files_are_tried_again(folder, start, monkeypatch):
    monkeypatch.setattr(first_load, "PATIENCE", SHORT)
    key = make(folder, "mended", plugin=HANGS["sleeps"])
    assert not start().plugins[key].works

    (folder / key / "plugin.py").write_text(PLUGIN.replace("{key}", key).replace("{url}", key.replace("_", "-")))

    assert start().plugins[key].works


def test_who_asks_gets_another_try(folder, start, house_settings, monkeypatch):
    monkeypatch.setattr(first_load, "PATIENCE", SHORT)
    key = make(folder, "again", plugin=HANGS["sleeps"])
    start()

    assert first_load.forget(house_settings, key)
    assert "it waited" in start().plugins[key].reason
    assert not first_load.forget(house_settings, "nobody")


def test_a_plugin_that_ends_the_program_ends_it_once(folder, house_settings, start):
    broken, sound = make(folder, "ends", plugin="import os\nos._exit(9)\n"), make(folder)
    code = "from core.config import read_settings; from core.plugins.loading import load; load(read_settings())"
    told = {"GENERAZIONI_VAR": str(house_settings.var), "GENERAZIONI_SKIP": "housing,guarantee_fund",
            "GENERAZIONI_PLUGIN_FOLDERS": str(folder)}  # fmt: skip
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={**os.environ, **told}, check=False)  # noqa: S603

    house = start()

    assert ended.returncode == 9
    assert "the program ended while it loaded these files" in house.plugins[broken].reason
    assert house.plugins[sound].works


def test_what_another_host_began_to_load_is_held_against_nobody_here(folder, start, house_settings, monkeypatch):
    key = make(folder)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(first_load.socket, "gethostname", lambda: "elsewhere")
        first_load.Note.of(house_settings, key, folder / key).write(first_load.BEGUN)

    assert start().plugins[key].works


def test_where_nothing_can_be_kept_plugins_load_all_the_same(folder, start, house_settings):
    house_settings.var.mkdir(exist_ok=True)
    (house_settings.var / "first-loads").write_text("no folder")
    key = make(folder)

    assert start().plugins[key].works


def test_a_plugin_left_out_or_a_safe_start_imports_nothing(folder, start):
    key = make(folder, "bomb", plugin="raise SystemExit")

    assert not start(skip_plugins=frozenset({key})).working()
    assert not start(safe_mode=True).working()
    assert start().plugins[key].health is Health.FAILED

"""The real server beside plugins that hang, leave and break: it serves, and its log names each of them."""

from dataclasses import replace

from core.testing.serving import serving
from tests.faults.making import make

SLEEPS = "import time\ntime.sleep(600)\n"
LEAVES = "import sys\nsys.exit('enough')\n"
BREAKS = "import nothing_of_that_name\n"


def test_the_server_starts_beside_broken_plugins_and_waits_for_a_hang_once(settings, folder):
    sleeper, leaver, breaker, sound = (
        make(folder, "sleeper", plugin=SLEEPS), make(folder, "leaver", plugin=LEAVES),
        make(folder, "breaker", plugin=BREAKS), make(folder),
    )  # fmt: skip
    house = replace(settings, plugin_folders=(folder,), secret_key="k" * 40, skip_plugins=frozenset())
    logs = []
    for _start in range(2):
        with serving(house, workers=1, strict=False) as served:
            assert served.browser().get("/readyz").status == 200
            assert served.browser().get(f"/m/{sound.replace('_', '-')}/hello").status == 303
            assert served.browser().get(f"/m/{sleeper.replace('_', '-')}/hello").status == 404
            logs.append(served.written())

    for log in logs:
        assert f"module {leaver} is not loaded: SystemExit: enough" in log
        assert f"module {breaker} is not loaded: ModuleNotFoundError" in log
        assert f"module {sound}" not in log
    assert f"module {sleeper} is not loaded: Refused: it waited for 4 seconds" in logs[0]
    assert f"module {sleeper} is not loaded: Refused: it hung when these files were first loaded" in logs[1]

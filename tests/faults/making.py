"""Small plugins made on the spot, whole or with one thing wrong: gardens with a page of their own."""

from itertools import count
from pathlib import Path

from tests.gardens import files_of, write_files

PLUGIN = """
from flask import Blueprint

from core.api import Permission, Resource, answers, requires
from {key}.models import Plot

pages = Blueprint("{key}", __name__, url_prefix="/m/{url}")


@pages.get("/hello")
@requires("{key}.hello")
def hello():
    return "hello"


@answers
def resources():
    return [Resource(Plot, name="plots", title="Plots", singular="Plot", columns=["code"])]


@answers
def blueprints():
    return [pages]


@answers
def permissions():
    return [Permission("{key}.hello", "Say hello")]
"""
_numbers = count(1)


def new_key(name: str) -> str:
    """A key that no other test of this process has used: modules stay imported."""
    return f"{name}_{next(_numbers)}"


def make(folder: Path, name: str = "sound", *, key: str = "", core: str = "", requires: str = "", **files: str) -> str:
    """Write a plugin; keywords are whole files (`plugin=…`) or what is added to them (`more_plugin=…`)."""
    key = key or new_key(name)
    made = files_of(key=key, core=core, requires=requires) | {"plugin.py": PLUGIN}
    places = {"models": "models.py", "plugin": "plugin.py", "revision": f"migrations/{key}_0001.py"}
    for one, place in places.items():
        source = files.get(one, made[place]) + files.get(f"more_{one}", "")
        made[place] = source.replace("{key}", key).replace("{url}", key.replace("_", "-"))
    write_files(folder / key, made)
    return key

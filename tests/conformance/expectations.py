"""What each address of the program needs, and which roles have it: written down apart from the code, and read again.

`expectations/<module>.txt` holds a line for each address, with its methods and what it needs (a permission,
`signed-in` or `public`; `!` asks for a fresh sign-in), then a line for each permission with the roles that
have it from the start. `python tests/conformance/expectations.py` writes them anew from the code: read the
difference before committing it, for it is who may do what.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from core.access import gate
from core.access.models import Role
from core.access.permissions import PUBLIC, needs_fresh_sign_in
from core.access.roles import has_preset

FOLDER = Path(__file__).with_suffix("")
OF_HTTP = {"HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Route:
    """An address with one method, and what it needs."""

    method: str
    address: str
    needs: str
    fresh: bool
    module: str


def module_of(app: Flask, endpoint: str) -> str:
    """Whose the endpoint is; empty for the core."""
    return app.extensions["modules"].get(endpoint.rpartition(".")[0], "")


def lines_of(app: Flask) -> dict[str, list[str]]:
    """Module → the lines of its file, from the code."""
    rights = app.extensions["rights"]
    found: dict[str, list[str]] = {"core": []}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ()))):
        view = app.view_functions[rule.endpoint]
        needs = (gate.permission_of(view) or PUBLIC) + ("!" if needs_fresh_sign_in(view) else "")
        methods = ",".join(sorted((rule.methods or set()) - OF_HTTP))
        found.setdefault(module_of(app, rule.endpoint) or "core", []).append(f"{methods} {rule.rule} {needs}")
    for permission, module in sorted(rights.declared.items()):
        roles = " ".join(role.value for role in Role if has_preset(role, permission, rights.presets))
        found.setdefault(module or "core", []).append(f"{permission}: {roles}".rstrip())
    return found


def read() -> tuple[list[Route], dict[str, set[str]]]:
    """Every route, and permission → the roles that have it, as the files say."""
    routes, roles = [], {}
    for file in sorted(FOLDER.glob("*.txt")):
        module = "" if file.stem == "core" else file.stem
        for line in file.read_text().splitlines():
            if line.split(" ")[0].endswith(":"):
                permission, _colon, who = line.partition(":")
                roles[permission] = set(who.split())
                continue
            methods, rest = line.split(" ", 1)
            address, needs = rest.rsplit(" ", 1)
            routes += [
                Route(method, address, needs.rstrip("!"), needs.endswith("!"), module) for method in methods.split(",")
            ]
    return routes, roles


def write(app: Flask) -> None:
    """The files, anew from the code."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    for module, lines in lines_of(app).items():
        (FOLDER / f"{module}.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    from core.app import create_app

    write(create_app())
    sys.exit(0)

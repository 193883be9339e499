"""Serves the front-end files that `python -m core.web.assets` built, by names that change with their content."""

import json
from collections.abc import Mapping
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, request, send_from_directory

from core.access.permissions import public

MANIFEST = "manifest.json"
FOREVER = "public, max-age=31536000, immutable"
TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}

static = Blueprint("static_files", __name__, url_prefix="/static")


def register(app: Flask) -> None:
    """Mount `/static/…` and give templates `asset_url`; the Flask app itself has `static_folder=None`."""
    folder = app.config["SETTINGS"].assets
    app.extensions["assets"] = read_manifest(folder)
    if not app.extensions["assets"]:
        app.logger.warning("The front-end files are missing in %s: run `make setup`. Pages will look bare.", folder)
    app.register_blueprint(static)
    app.jinja_env.globals["asset_url"] = asset_url


def read_manifest(folder: Path) -> Mapping[str, str]:
    """Name → name with the content's hash; empty before the files are built."""
    file = folder / MANIFEST
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def asset_url(name: str) -> str:
    """The address of a front-end file, such as `generazioni.css`."""
    return f"{request.script_root}/static/{current_app.extensions['assets'].get(name, name)}"


@static.get("/<path:name>")
@public
def file(name: str) -> Response:
    """A built file, compressed ahead for browsers that take it so."""
    folder: Path = current_app.config["SETTINGS"].assets
    kind = TYPES.get(Path(name).suffix, "application/octet-stream")
    zipped = request.accept_encodings["gzip"] > 0 and (folder / f"{name}.gz").is_file()
    response = send_from_directory(folder, f"{name}.gz" if zipped else name, mimetype=kind, conditional=True)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = FOREVER
    response.headers["Vary"] = "Accept-Encoding"
    return response


# Without the database, so that the page that says it is away has its looks.
file.stands_alone = True  # type: ignore[attr-defined]

"""The assembly of the program, read from top to bottom."""

import gc
from functools import cache
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from core import requests
from core.access import gate
from core.config import ROOT, Settings, read_settings
from core.dashboard.shell import shell_of
from core.database.sealing import refuse_foreign_seals
from core.database.session import Database, refuse_unsafe_role
from core.documents import pages as documents
from core.files.pages import panel_of
from core.language import load_catalogues
from core.modules import archive
from core.plugins.health import Watch
from core.plugins.installation import Installation
from core.plugins.loading import load
from core.resource import endpoints, openapi, pages
from core.rights.pages import marks_of
from core.web import errors, headers, static_files
from core.web.rendering import make_templates

# Once a process: what stands after the start is not looked through again, and forked workers go on sharing it.
settle = cache(gc.freeze)


class Unprotected(Exception):  # noqa: N818
    """A route that names no permission: the program does not start with it."""


def create_app(settings: Settings | None = None, installation: Installation | None = None) -> Flask:
    """The program ready to serve, with whatever plugins could be loaded; a command hands over what it loaded."""
    settings = settings or read_settings()
    installation = installation or load(settings)
    load_catalogues(ROOT / "translations", installation.translations())
    database = Database(settings)
    refuse_unsafe_role(database.engine)
    refuse_foreign_seals(database.operator_engine, database.seals)
    archive.sweep(settings, older_than=archive.LONGEST_PURGE)
    watch = Watch(installation, database)
    watch.look()

    app = requests.Application("generazioni", static_folder=None)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.upload_limit + 1024 * 1024,
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.extensions.update(
        generazioni=installation,
        database=database,
        watch=watch,
        rights=installation.rights,
        panel_of_files=panel_of,
        card_of_documents=documents.card_of,
        modules={},
    )
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=settings.trusted_proxies)  # type: ignore[method-assign]
    headers.protect(app)
    errors.register(app)
    requests.prepare(app)
    static_files.register(app)
    make_templates(app, template_folders(installation.loaded()))
    app.jinja_env.globals["marks_of"] = marks_of
    app.context_processor(lambda: {"shell": shell_of(installation, settings)})
    mount(app)
    if unmarked := gate.unmarked(app):
        raise Unprotected(f"these routes name no permission: {', '.join(unmarked)}")
    settle()
    return app


def template_folders(plugins: list) -> dict[str, Path]:  # type: ignore[type-arg]
    """Plugin key → its folder."""
    return {plugin.key: plugin.folder for plugin in plugins}


def mount(app: Flask) -> None:
    """Register every page and endpoint, remembering whose they are for the gate of modules."""
    installation = app.extensions["generazioni"]
    for module, declared in installation.declarations():
        for blueprint in declared.blueprints:
            app.register_blueprint(blueprint)
            app.extensions["modules"][blueprint.name] = module
    for module in ["", *(plugin.key for plugin in installation.loaded())]:
        collections = installation.collections.of_plugin(module)
        for made in (
            pages.blueprint_for(module, collections), endpoints.blueprint_for(module, collections),
            documents.blueprint_for(module, installation.collections),
        ):  # fmt: skip
            app.register_blueprint(made)
            app.extensions["modules"][made.name] = module
    app.register_blueprint(openapi.pages)

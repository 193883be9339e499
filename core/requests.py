"""One request, one transaction: opened before the view, done again when it collides, kept only when it went well."""

import random
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, Request, Response, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from uuid_utils.compat import uuid7
from werkzeug.datastructures import FileStorage

from core.access import gate, viewing
from core.access.permissions import PUBLIC
from core.database.scope import Scope, rescope
from core.database.session import LONGEST_PAUSE, TRIES, finish, is_conflict
from core.language import _, use_language
from core.refusals import Later, NotFound
from core.resource import once
from core.web import logs
from core.web.routes import LateRule

SAFE = {"GET", "HEAD", "OPTIONS"}


class Application(Flask):
    """Flask, with the whole dispatch of a request inside a transaction that may be tried again."""

    url_rule_class = LateRule

    def full_dispatch_request(self) -> Response:
        """Answer the request; two transactions that collide are simply one after the other.

        So whoever changes a record a moment after somebody else meets it changed, and loses nothing typed.
        """
        for attempt in range(TRIES - 1):
            try:
                return super().full_dispatch_request()
            except (DBAPIError, StaleDataError) as error:
                if not is_conflict(error):
                    raise
                _rewind(request)
                time.sleep(random.uniform(0, min(LONGEST_PAUSE, 0.01 * 2**attempt)))  # noqa: S311  jitter, not a secret
        g.last_try = True
        return super().full_dispatch_request()

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view behind the gate, and commit when it answered well."""
        if "session" not in g:
            return super().dispatch_request()
        view = self.view_functions.get(request.endpoint or "")
        try:
            response = self.make_response(self._answer(view, super().dispatch_request))
            if response.status_code < 400 or g.get("keep"):  # noqa: PLR2004
                self._keep(g.session, response)
        except BaseException:
            g.session.rollback()
            raise
        return response

    def open_door(self) -> None:
        """Learn who asks and open the session of their scope; the database's absence shows here."""
        view = self.view_functions.get(request.endpoint or "")
        if getattr(view, "stands_alone", False):
            return
        installation = self.extensions["generazioni"]
        self.extensions["watch"].look()
        database = self.extensions["database"]
        g.session = database.session(Scope(), writes=False)
        g.visitor = gate.identify_in(g.session, database, self.config["SETTINGS"])
        _choose_language()
        scope = gate.scope_for(g.visitor, address=request.remote_addr or "")
        if request.method in SAFE and not getattr(view, "writes", False):
            rescope(g.session, scope)
        else:  # who writes begins anew, as a writer
            g.session.close()
            g.session = database.session(scope)
        g.collections = installation.collections
        g.scope = gate.fill(g.session, g.visitor, installation.rights)
        g.waiting = g.scope.modules & installation.waiting()
        if g.waiting:
            g.scope = gate.without(g.session, g.waiting, installation.rights.declared)
        g.viewing = viewing.role_viewed(g.visitor)
        if g.viewing is not None:
            g.visitor, g.scope = viewing.narrowed(g.session, g.visitor, g.scope, g.viewing, installation.rights)

    def _answer(self, view: Any, run: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
        if view is None:
            return run()
        _module_is_on(self.extensions["modules"].get(request.blueprint or "", ""), view)
        viewing.refuse_writing(g.viewing)
        if elsewhere := gate.check(view, g.scope, g.visitor):
            return elsewhere
        if first := _sent_before():
            return redirect(first.location or "/", 303)
        return run()

    def _keep(self, session: Any, response: Response) -> None:
        if key := g.get("once"):
            once.answered(
                session, g.visitor.user_id, key, status=response.status_code, location=response.location or ""
            )
        finish(session)


def _choose_language() -> None:
    chosen = request.cookies.get("language") or (g.visitor.language if g.visitor else "")
    use_language(chosen or request.accept_languages.best_match(["it", "en"]) or "it")


def _module_is_on(module: str, view: Any) -> None:
    """The one gate of modules: for a partner that does not run it, the page does not exist."""
    if module and module in g.get("waiting", ()):
        raise Later(_("This part of the program is being brought up to date. Everything else works."))
    if module and g.visitor is not None and view.permission != PUBLIC and module not in g.scope.modules:
        raise NotFound(_("There is no such page here."))


def _sent_before() -> once.Answer | None:
    """The answer of the same form sent before; None when this is the first time, which is then claimed."""
    key = request.form.get("once", "") if request.method == "POST" else ""
    if not key or g.visitor is None:
        return None
    first = once.claim(g.session, g.visitor.user_id, key)
    g.once = "" if first else key
    return first


def _rewind(sent: Request) -> None:
    """Uploaded files are read again from their beginning when the request is tried again."""
    for file in sent.files.values():
        if isinstance(file, FileStorage):
            file.stream.seek(0)
    close_door()
    for name in ("once", "keep", "scope", "shell"):
        g.pop(name, None)


def close_door(error: BaseException | None = None) -> None:
    """Give the request's connection back, with whatever was not committed undone."""
    if session := g.pop("session", None):
        session.close()


def prepare(app: Application) -> None:
    """The door, forgery protection for browsers, a one-time key for each form, a line in the log for each request."""
    app.before_request(app.open_door)
    app.teardown_request(close_door)
    logs.prepare()
    protection = CSRFProtect()
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    protection.init_app(app)

    @app.before_request
    def refuse_forgery() -> None:
        bearer = request.headers.get("Authorization", "").lower().startswith(gate.BEARER)
        if request.method not in SAFE and not bearer:
            protection.protect()

    @app.after_request
    def say(response: Response) -> Response:
        logs.request_answered(method=request.method, endpoint=request.endpoint, status=response.status_code)
        return response

    app.jinja_env.globals["once_key"] = lambda: str(uuid7())

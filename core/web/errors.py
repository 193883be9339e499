"""Error pages, and problem documents for the API: what happened, what to do, a code for support."""

import secrets

from flask import Flask, Response, current_app, g, make_response, render_template, request
from sqlalchemy import exc
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from core.database import faults
from core.database.session import is_away, is_conflict
from core.language import Words
from core.refusals import Forbidden, Later, Moved, NotFound, Refusal, Stale, TooOften, Unversioned
from core.web import resending
from core.web.error_words import words_for
from core.web.problems import faults_of, problem

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that sounds or looks like something else
STATUS = {Unversioned: 428, NotFound: 404, Forbidden: 403, Stale: 409, TooOften: 429, Later: 503}
AWAY = 503
WAIT = {429: 60, AWAY: 10}


def register(app: Flask) -> None:
    """Answer every error with a page of ours, or with problem+json under /api/."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(exc.DBAPIError, _database_error)
    app.register_error_handler(exc.TimeoutError, _database_error)
    app.register_error_handler(StaleDataError, _overtaken)


def request_code() -> str:
    """The code of this request, as `7KQ2-93A`: shown on error pages and written in the log."""
    if "request_code" not in g:
        drawn = "".join(secrets.choice(ALPHABET) for _place in range(7))
        g.request_code = f"{drawn[:4]}-{drawn[4:]}"
    code: str = g.request_code
    return code


def status_of(refusal: Refusal) -> int:
    """The status that says what kind of no it is; 422 when it is a rule's."""
    return next((status for kind, status in STATUS.items() if isinstance(refusal, kind)), 422)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    said = error.description if error.description != type(error).description else ""
    response = _answer(status, detail=said if _is_api() and said else words_for(status).happened)
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def _refusal(refusal: Refusal) -> Response:
    if isinstance(refusal, Moved):
        return _elsewhere(refusal)
    status = status_of(refusal)
    if _is_api():
        response = problem(status, words_for(status).title, str(refusal), faults_of(refusal))
    else:
        response = _answer(status, detail=refusal.message)
    if isinstance(refusal, TooOften):
        response.headers["Retry-After"] = str(refusal.seconds)
    elif status in WAIT:
        response.headers["Retry-After"] = str(WAIT[status])
    return response


def _elsewhere(moved: Moved) -> Response:
    """The same page or endpoint of the record that took its place; what would be written is not written there."""
    address = request.full_path.rstrip("?").replace(moved.old, moved.new)
    leads = request.method in {"GET", "HEAD"}
    response = _answer(301 if leads else 409, detail=moved.message)
    response.headers["Location" if leads else "Link"] = address if leads else f'<{address}>; rel="canonical"'
    response.headers["Cache-Control"] = "no-store"  # a merge may be undone
    return response


def _database_error(error: exc.SQLAlchemyError) -> Response:
    """Back soon when the database does not answer; any other fault of it is ours.

    Transactions that collided are for whoever dispatches the request to do again.
    """
    if not is_away(error) or (is_conflict(error) and not g.get("last_try")):
        raise error
    current_app.logger.error("The database does not answer, code %s", request_code(), exc_info=error)
    return _answer(AWAY, detail=words_for(AWAY).happened)


def _overtaken(error: StaleDataError) -> Response:
    """Somebody else was quicker each time that the request was tried again."""
    if not g.get("last_try"):
        raise error
    return _answer(409, detail=words_for(409).happened)


def _answer(status: int, *, detail: Words) -> Response:
    if status == 500:  # noqa: PLR2004
        fault = f"{request.method} {request.path} failed"
        current_app.logger.error("%s in %s, code %s", fault, _module() or "the core", request_code())
        faults.note(_module(), f"page {request.url_rule}", "failed")
    response = problem(status, words_for(status).title, detail) if _is_api() else _page(status, detail)
    if status in WAIT:
        response.headers["Retry-After"] = str(WAIT[status])
    if request.headers.get("HX-Request"):
        response.headers["HX-Retarget"] = "body"  # a whole page, wherever the fragment would have gone
    if request.path == "/drafts":
        response.headers["HX-Reswap"] = "none"  # a draft that could not be kept leaves the page it was typed in
    return response


def _page(status: int, happened: Words) -> Response:
    values = {
        "status": status,
        "words": words_for(status),
        "happened": happened,
        "code": request_code(),
        "address": request.full_path.rstrip("?"),
        "again": request.method == "GET",
        "typed": resending.typed() if status == AWAY else [],
        "files_sent": resending.files_sent(),
        "module": _titles().get(_module()) if status == 500 else None,  # noqa: PLR2004
    }
    if status != AWAY or g.get("waiting"):  # the shell asks the database, which may be what is missing
        try:
            return make_response(render_template("errors/page.html", **values), status)
        except Exception:  # the error page must come, whatever the shell stumbles over
            current_app.logger.exception("The shell of an error page failed, code %s", request_code())
    bare = current_app.jinja_env.get_template("errors/plain.html")
    return make_response(bare.render(**values), status)


def _module() -> str:
    """Whose page was asked for; empty for the core's."""
    owners: dict[str, str] = current_app.extensions.get("modules", {})
    return owners.get(request.blueprint or "", "")


def _titles() -> dict[str, Words]:
    house = current_app.extensions.get("generazioni")
    return house.titles() if house else {}


def _is_api() -> bool:
    return request.path.startswith("/api/")

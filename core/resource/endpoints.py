"""The JSON endpoints of every collection: the same forms, services, permissions and scope as the pages."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, request
from werkzeug.datastructures import MultiDict

from core.access.permissions import requires
from core.language import _
from core.refusals import Forbidden, Moved, NotFound, Refusal, Refusals, Stale, Unversioned
from core.resource import lookup, once, query
from core.resource.collections import Collection
from core.resource.declaration import Action, Move
from core.resource.forms import RecordForm, model_form, open_form, present_texts, written
from core.special.models import Purpose
from core.special.reading import READ, tell_for_request
from core.special.services import told as told_purpose

JSON = "application/json"
HOW = _(
    "Special data are read with a purpose: send the header “Purpose” or the parameter “purpose” with one of "
    "%(purposes)s; after “other” write a semicolon and, in ten characters at least, what exactly.",
    purposes=", ".join(Purpose),
)


def blueprint_for(plugin: str, collections: list[Collection]) -> Blueprint:
    """The endpoints of one plugin's collections, or of the core's under an empty key."""
    blueprint = Blueprint(f"api-{plugin or 'core'}", __name__)
    for collection in collections:
        _add(blueprint, collection)
    return blueprint


def _add(blueprint: Blueprint, collection: Collection) -> None:
    url, one = collection.api_url, f"{collection.api_url}/<uuid:key>"

    def add(rule: str, name: str, method: str, view: Callable[..., Response], permission: str) -> None:
        def bound(**values: Any) -> Response:
            return answer_once(view, collection, values)

        bound.__module__, bound.__qualname__ = __name__, f"{collection.key}.{name}"
        endpoint = f"{collection.resource.name}-{name}"
        blueprint.add_url_rule(rule, endpoint, requires(permission)(bound), methods=[method])

    add(url, "list", "GET", listed, collection.may("see"))
    add(one, "one", "GET", shown, collection.may("see"))
    if "add" in collection.verbs:
        add(url, "create", "POST", created, collection.may("add"))
    if "change" in collection.verbs:
        add(one, "change", "PATCH", changed, collection.may("change"))
    if "remove" in collection.verbs:
        add(one, "remove", "DELETE", removed, collection.may("remove"))
    for act in collection.acts_of_programs():
        add(f"{one}/{act.name}", act.name, "POST", _act(act), collection.permission_of(act))


def answer_once(view: Callable[..., Response], collection: Collection, values: dict[str, Any]) -> Response:
    """Answer, or repeat the answer that the same Idempotency-Key got before."""
    take_purpose()
    key = request.headers.get("Idempotency-Key", "")
    if not key or request.method != "POST":
        return view(collection, **values)
    key = f"{request.path}:{key}"[-80:]
    if first := once.claim(g.session, g.visitor.user_id, key):
        again = Response(first.body or "", status=first.status or 200, content_type=JSON)
        if first.location:
            again.headers["Location"] = first.location
        return again
    answer = view(collection, **values)
    once.answered(
        g.session, g.visitor.user_id, key, status=answer.status_code, location=answer.headers.get("Location", ""),
        body=answer.get_data(as_text=True),
    )  # fmt: skip
    return answer


def take_purpose() -> None:
    """Open special data to this request when it says what for; a purpose that is none, or not theirs, is refused."""
    sent = request.headers.get("Purpose") or request.args.get("purpose", "")
    if not sent:
        return
    name, _semicolon, note = (part.strip() for part in sent.partition(";"))
    try:
        if not g.scope.may(READ):
            raise Forbidden(_("Your role does not read special data. Ask the head of your organisation."))
        tell_for_request(g.session, told_purpose(Purpose(name), note))
    except (ValueError, Refusal) as error:
        said = error if isinstance(error, Refusal) else ""
        raise Forbidden(f"{said} {HOW}".strip()) from error


def say(body: Any, status: int = 200, **headers: str) -> Response:
    """A JSON answer, letters as they are."""
    answer = Response(json.dumps(body, ensure_ascii=False), status=status, content_type=JSON)
    answer.headers.update(headers)
    return answer


def told(collection: Collection, record: Any) -> dict[str, Any]:
    """A record as the API says it: key, version, the columns of its list and the fields of its form."""
    body: dict[str, Any] = {"id": str(record.id), "version": record.version}
    body.update({column.name: column.plain(record) for column in collection.told})
    if withheld := [column.name for column in collection.told if column.is_withheld(record)]:
        body["withheld"] = {"fields": withheld, "how": str(HOW)}
    return body


def _tagged(collection: Collection, record: Any, status: int = 200, **headers: str) -> Response:
    return say(told(collection, record), status, ETag=f'"{record.version}"', **headers)


def find(collection: Collection, key: UUID) -> Any:
    """The record; another partner's is not found, like what never was."""
    record = lookup.by_key(g.session, collection, str(key))
    if record is None and (stays := lookup.successor(g.session, collection, str(key))):
        raise Moved(_("It was merged into another one: look there."), old=key, new=stays.id)
    if record is None:
        raise NotFound(_("There is no such record here."))
    return record


def listed(collection: Collection) -> Response:
    """A page of the list: q, filter[field], filter[field][from|to], sort, size, after."""
    state = query.ListState.of(collection, _arguments(collection))
    page = query.page_of(g.session, collection, state)
    items = [told(collection, record) for record in page.rows]
    return say({"items": items, "next": page.next or None, "total": page.total})


def _arguments(collection: Collection) -> MultiDict[str, str]:
    """The API's names of filters as the list's own; one that the list has not is refused, or it would tell too much."""
    known = {f"{column.name}{end}" for column in collection.filters for end in ("", ".from", ".to")}
    pairs: MultiDict[str, str] = MultiDict()
    for name, value in request.args.items(multi=True):
        if not name.startswith("filter["):
            pairs.add(name, value)
            continue
        wanted = name.removeprefix("filter[").replace("][", ".").rstrip("]")
        if wanted not in known:
            names = ", ".join(column.name for column in collection.filters) or "—"
            raise Refusal(_("This list has no filter “%(name)s”; it has: %(names)s.", name=wanted, names=names))
        pairs.add(f"f.{wanted}", value)
    return pairs


def shown(collection: Collection, key: UUID) -> Response:
    """One record, its version as ETag."""
    return _tagged(collection, find(collection, key))


def created(collection: Collection) -> Response:
    """A new record: 201 and where it stands."""
    values = read_sent(collection.form())
    record = collection.resource.create(g.session, **values)  # type: ignore[misc]
    return _tagged(collection, record, 201, Location=f"{collection.api_url}/{record.id}")


def changed(collection: Collection, key: UUID) -> Response:
    """Some fields changed; `If-Match` says which version was read."""
    record = find(collection, key)
    match = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not match:
        raise Unversioned(_("Send If-Match with the ETag of the version you read."))
    if match not in {"*", str(record.version)}:
        raise Stale(_("Somebody changed this record after you read it: read it again."), record=record)
    values = read_sent(collection.form(), record=record)
    collection.resource.amend(g.session, record, **values)  # type: ignore[misc]
    return _tagged(collection, record)


def removed(collection: Collection, key: UUID) -> Response:
    """A record removed: 204."""
    collection.resource.remove(g.session, find(collection, key))  # type: ignore[misc]
    return Response(status=204)


def _act(act: Action | Move) -> Callable[..., Response]:
    def done(collection: Collection, key: UUID) -> Response:
        from core.resource.pages import made_by, refuse_untimely  # noqa: PLC0415  pages and endpoints share the rules

        record = find(collection, key)
        refuse_untimely(collection, act, record)
        kind = act.form if isinstance(act.form, type) else model_form(collection.resource.model, act.form or ())
        done = act.service(g.session, record, **read_sent(kind, about=record))
        made = made_by(collection, record, done)
        answer = _tagged(collection, record)
        if made:
            answer.headers["Location"] = f"{made.api_url}/{done.id}"
        return answer

    return done


def body_sent() -> dict[str, Any]:
    """The JSON object that was sent; nothing at all counts as an empty one."""
    if not request.get_data():
        return {}
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise Refusal(_("Send a JSON object."))
    return sent


def takes(kind: type[RecordForm]) -> Callable[[Any], Any]:
    """Mark an endpoint made by hand with the form that reads what it is sent, for the API's document."""

    def mark(view: Any) -> Any:
        view.takes = kind
        return view

    return mark


def read_sent(kind: type[RecordForm], *, record: Any = None, about: Any = None) -> dict[str, Any]:
    """The values that services take, read by the form's own fields; on a change what was not sent stays.

    An object becomes a field for each of its names, `answers.family`; `about` is the record an act is done to.
    """
    body, names = body_sent(), kind.field_names()
    if unknown := sorted(set(body) - set(names)):
        raise Refusals([Refusal(_("There is no field %(name)s here.", name=name), field=name) for name in unknown])
    # What is not sent stays as it is in a record, and begins as the page's form does in a new one.
    data: MultiDict[str, str] = MultiDict(present_texts(kind, g.session, g.collections, record))
    for name, value in body.items():
        if isinstance(value, dict):
            data.update({f"{name}.{part}": _sent(one) for part, one in value.items()})
        else:
            data.setlist(name, [_sent(one) for one in (value if isinstance(value, list) else [value])])
    form = open_form(kind, g.session, g.collections, formdata=data, loose=False, record=about)
    if record is not None:
        form.withhold(record)
    if not form.validate():
        raise Refusals([Refusal(str(error), field=name) for name, errors in form.errors.items() for error in errors])
    return form.values()


def _sent(value: Any) -> str:
    """A JSON value as a form's field reads it; false is an answer, not an empty field."""
    return "no" if value is False else written(value)

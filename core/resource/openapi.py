"""The OpenAPI 3.1 document of what this visitor's partner can reach, made from the declarations."""

import re
from typing import Any

from flask import Blueprint, Response, current_app, g
from wtforms import FileField

from core import __version__
from core.access.permissions import signed_in
from core.documents.declaration import kinds_on
from core.language import LANGUAGES
from core.resource import fields
from core.resource.collections import Collection
from core.resource.columns import Column
from core.resource.endpoints import HOW, say
from core.resource.forms import RecordForm, model_form, open_form

pages = Blueprint("openapi", __name__)
CONVERTED = re.compile(r"<(?:(\w+):)?(\w+)>")
Schema = dict[str, Any]

TYPES: dict[str, Schema] = {
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "money": {"type": "string", "pattern": r"^-?\d+\.\d{2}$", "examples": ["480.00"]},
    "decimal": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    "relation": {"type": "string", "format": "uuid"},
    "key": {"type": "string", "format": "uuid"},
}
PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("field", "code", "message")},
            },
        },
    },
}
KEY = {"name": "key", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
PURPOSE = {"name": "Purpose", "in": "header", "schema": {"type": "string"}}
PAGING = [
    {"name": name, "in": "query", "schema": {"type": kind}}
    for name, kind in (("q", "string"), ("sort", "string"), ("size", "integer"), ("after", "string"))
]


@pages.get("/api/v1/openapi.json")
@signed_in
def document() -> Response:
    """The document for the modules that the visitor's partner runs."""
    seen = [c for c in g.collections if not c.plugin or c.plugin in g.scope.modules]
    told = describe(seen)
    for path, operations in _made_by_hand().items():
        told["paths"].setdefault(path, operations)
    return say(told)


def _made_by_hand() -> dict[str, Schema]:
    """The endpoints that no collection brings, of the modules that are on: what their sentence and `takes` say."""
    paths: dict[str, Schema] = {}
    modules = current_app.extensions["modules"]
    for rule in current_app.url_map.iter_rules():
        module = modules.get(rule.endpoint.rpartition(".")[0], "")
        view = current_app.view_functions[rule.endpoint]
        if rule.rule.startswith("/api/v1/") and view.__doc__ and (not module or module in g.scope.modules):
            path = paths.setdefault(CONVERTED.sub(r"{\2}", rule.rule), {})
            path["parameters"] = [_parameter(kind, name) for kind, name in CONVERTED.findall(rule.rule)]
            for method in rule.methods or ():
                if method in {"GET", "POST"}:
                    path[method.lower()] = _operation_by_hand(rule.endpoint, view, module or "core")
    return paths


def _parameter(kind: str, name: str) -> Schema:
    schema = {"uuid": {"type": "string", "format": "uuid"}, "int": {"type": "integer"}}.get(kind, {"type": "string"})
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _operation_by_hand(endpoint: str, view: Any, module: str) -> Schema:
    done: Schema = {"200": {"description": "Done", **_body({"type": "object"})}}
    body = _body(_form(view.takes)) if hasattr(view, "takes") else None
    return _operation(module, endpoint.replace(".", "-"), done, body=body, summary=(view.__doc__ or "").split("\n")[0])


def describe(collections: list[Collection]) -> Schema:
    """An OpenAPI 3.1 document of these collections."""
    schemas = {"Problem": PROBLEM}
    paths: dict[str, Schema] = {}
    for collection in collections:
        schemas[_name(collection)] = _record(collection)
        if "add" in collection.verbs or "change" in collection.verbs:
            schemas[f"{_name(collection)}Form"] = _form(collection.form())
        paths |= _paths(collection) | _documents(collection)
    return {
        "openapi": "3.1.0",
        "info": {"title": "generazioni", "version": __version__},
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    }


def _name(collection: Collection) -> str:
    return collection.key.replace(".", "-").title().replace("-", "").replace("_", "")


def _column(column: Column) -> Schema:
    if column.kind == "choice":
        return {
            "type": ["string", "null"],
            "enum": [*(m.value for m in column.choices), None],
            "title": str(column.label),
        }
    schema = dict(TYPES.get(column.kind, {"type": "string"}))
    if column.kind == "fact":
        return {"title": str(column.label)}
    return schema | {"type": [schema["type"], "null"], "title": str(column.label)}


def _record(collection: Collection) -> Schema:
    properties: Schema = {"id": {"type": "string", "format": "uuid"}, "version": {"type": "integer"}}
    properties |= {column.name: _column(column) for column in collection.told}
    if collection.special:
        properties["withheld"] = {"type": "object", "description": str(HOW)}
    return {"type": "object", "required": ["id", "version"], "properties": properties}


def _form(kind: type[RecordForm]) -> Schema:
    form = open_form(kind, g.session, g.collections)
    properties = {name: _field(field) for name, field in form._fields.items()}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _field(field: Any) -> Schema:
    told: Schema = {"title": str(field.label.text)}
    if field.description:
        told["description"] = str(field.description)
    if isinstance(field, fields.ChoiceField):
        return told | {"type": ["string", "null"], "enum": [*(member.value for member in field.members), None]}
    for kind, schema in (
        (fields.MoneyField, TYPES["money"]), (fields.IntegerField, TYPES["integer"]),
        (fields.YesNoField, TYPES["boolean"]), (fields.DateField, TYPES["date"]),
    ):  # fmt: skip
        if isinstance(field, kind):
            return told | schema | {"type": [schema["type"], "null"]}
    if isinstance(field, FileField):
        return told | {"type": "string", "contentEncoding": "base64"}
    return told | {"type": ["string", "null"]}


def _paths(collection: Collection) -> dict[str, Schema]:
    url, name, title = collection.api_url, _name(collection), str(collection.resource.title)
    purpose = [PURPOSE] if collection.special else []
    one: Schema = {
        "parameters": [KEY], "get": _operation(title, f"show{name}", _answer("200", name), parameters=purpose)
    }  # fmt: skip
    many: Schema = {
        "get": _operation(
            title, f"list{name}", _answer("200", name, many=True), parameters=[*_query(collection), *purpose]
        )
    }
    if "add" in collection.verbs:
        many["post"] = _operation(
            title, f"create{name}", _answer("201", name), body=_body({"$ref": _ref(f"{name}Form")})
        )
    if "change" in collection.verbs:
        match = {"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"}}
        one["patch"] = _operation(
            title, f"change{name}", _answer("200", name), body=_body({"$ref": _ref(f"{name}Form")}), parameters=[match]
        )
    if "remove" in collection.verbs:
        one["delete"] = _operation(title, f"remove{name}", {"204": {"description": "Removed"}})
    paths = {url: many, f"{url}/{{key}}": one}
    for act in collection.acts_of_programs():
        kind = act.form if isinstance(act.form, type) else model_form(collection.resource.model, act.form or ())
        identity = f"{act.name}{name}".replace("-", "")
        posted = _operation(title, identity, _answer("200", name), body=_body(_form(kind)), summary=str(act.label))
        paths[f"{url}/{{key}}/{act.name}"] = {"parameters": [KEY], "post": posted}
    return paths


def _documents(collection: Collection) -> dict[str, Schema]:
    """What can be made of a record: the list, and of each document its draft, its issue, its bytes."""
    kinds = [one for one in kinds_on(collection.key) if not one.module or one.module in g.scope.modules]
    if not kinds:
        return {}
    url, name, title = f"{collection.api_url}/{{key}}/documents", _name(collection), str(collection.resource.title)
    done: Schema = {"description": "Done"}
    pdf = {"200": {**done, "content": {"application/pdf": {}}}}
    language = {"type": "object", "properties": {"language": {"type": "string", "enum": list(LANGUAGES)}}}
    paths: dict[str, Schema] = {
        url: {
            "parameters": [KEY],
            "get": _operation(title, f"listDocumentsOf{name}", {"200": {**done, **_body({"type": "object"})}}),
        }
    }
    for one in kinds:
        identity, label = f"{one.kind.name}Of{name}".replace("-", ""), str(one.kind.label)
        issued = {"201": {**done, **_body({"type": "object"})}}
        paths[f"{url}/{one.kind.name}"] = {
            "parameters": [KEY],
            "get": _operation(title, f"draft{identity}", pdf, summary=label),
            "post": _operation(title, f"issue{identity}", issued, body=_body(language), summary=label),
        }
        paths[f"{url}/{one.kind.name}/{{document}}.pdf"] = {
            "parameters": [KEY, {**KEY, "name": "document"}], "get": _operation(title, f"read{identity}", pdf),
        }  # fmt: skip
    return paths


def _query(collection: Collection) -> list[Schema]:
    named = [{"name": f"filter[{c.name}]", "in": "query", "schema": {"type": "string"}} for c in collection.filters]
    return [*PAGING, *named]


def _ref(name: str) -> str:
    return f"#/components/schemas/{name}"


def _body(schema: Schema) -> Schema:
    return {"content": {"application/json": {"schema": schema}}}


def _answer(status: str, name: str, *, many: bool = False) -> Schema:
    one: Schema = {"$ref": _ref(name)}
    page = {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": one},
            "next": {"type": ["string", "null"]},
            "total": {"type": ["integer", "null"]},
        },
    }
    return {status: {"description": "Done", **_body(page if many else one)}}


def _operation(
    tag: str, identity: str, answers: Schema, *, body: Schema | None = None, parameters: Any = (), summary: str = ""
) -> Schema:
    refused = {"description": "Refused", "content": {"application/problem+json": {"schema": {"$ref": _ref("Problem")}}}}
    told: Schema = {"tags": [tag], "operationId": identity, "responses": {**answers, "4XX": refused}}
    if summary:
        told["summary"] = summary
    if body:
        told["requestBody"] = body
    if parameters:
        told["parameters"] = list(parameters)
    return told

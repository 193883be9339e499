"""Errors as the JSON API says them: RFC 9457, application/problem+json."""

import json
import re
from collections.abc import Mapping, Sequence

from flask import Response

from core.language import Words
from core.refusals import Refusal, Refusals

Fault = Mapping[str, str]


def problem(status: int, title: Words, detail: Words, faults: Sequence[Fault] = ()) -> Response:
    """A problem document; `faults` become its `errors`, each with field, code and message."""
    body: dict[str, object] = {"type": "about:blank", "title": str(title), "status": status, "detail": str(detail)}
    if faults:
        body["errors"] = list(faults)
    return Response(json.dumps(body, ensure_ascii=False), status, content_type="application/problem+json")


def faults_of(refusal: Refusal) -> list[dict[str, str]]:
    """The rules that said no; the code is the refusal's class, `HomeTaken` as `home-taken`."""
    every = refusal.refusals if isinstance(refusal, Refusals) else [refusal]
    return [{"field": one.field or "", "code": code_of(one), "message": str(one)} for one in every]


def code_of(refusal: Refusal) -> str:
    """What a program can tell a refusal by."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(refusal).__name__).lower()

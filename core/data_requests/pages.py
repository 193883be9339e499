"""The register of requests: its list, records, forms and endpoints, and what a person's tab shows of it."""

from typing import Any

from flask import g
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.data_requests import forms, services
from core.data_requests.models import DataRequest
from core.database.merging import keys_of
from core.language import _
from core.people.models import Person
from core.resource.declaration import Action, Facts, Resource

requests: Resource = Resource(
    DataRequest,
    name="data-requests",
    title=_("Requests about data"),
    singular=_("Request about data"),
    columns=["number", "person.full_name", "right", "received_on", "due_on", "state", "term"],
    filters=["state", "right", "received_on", "due_on"],
    search=["number", "asked_by", "person.surname", "person.name"],
    match=["number"],
    form=forms.ReceivedForm,
    order="-received_on",
    create=services.receive,
    panels=[
        Facts("person", "asked_by", "right", "received_on", "note", title=_("Request")),
        Facts("state", "due_on", "term", "extended_on", "extended_because", title=_("Term")),
        Facts("answered_on", "answered_by", "answer", title=_("Answer")),
    ],
    actions=[
        Action("grant", services.grant, _("Granted: write the answer down"), form=forms.AnswerForm,
               when=lambda one: one.open),
        Action("extend", services.extend, _("Extend the term"), form=forms.ExtendingForm,
               when=lambda one: one.may_be_extended),
        Action("refuse", services.refuse, _("Refused: write down why"), form=forms.RefusingForm,
               when=lambda one: one.open, danger=True),
    ],
    icon="inbox",
    in_menu=False,
    sentence=_("What people ask about their own data: each is answered within a month (GDPR, art. 12)."),
)  # fmt: skip


def requests_of(session: Session, person: Person) -> dict[str, Any]:
    """What a person asked so far, the latest first."""
    wanted = select(DataRequest).where(DataRequest.person_id.in_(keys_of(person))).order_by(DataRequest.id.desc())
    return {"person": person, "requests": list(session.scalars(wanted)), "may_add": g.scope.may("data-requests.add")}

"""Registering people, correcting what is known of them, and the states they go through."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from core.database.changes import explain
from core.database.scope import scope_of, today
from core.language import _
from core.people.models import KnownToServices, NoCodiceFiscale, Person, PersonState, Sex
from core.people.rules import codice_fiscale as code_rules
from core.people.services.access import open_to_registrar, rename
from core.people.services.identity import COLUMNS, checked, refuse_incomplete, search_text, sort_key
from core.people.services.recognising import refuse_known, with_code
from core.people.services.roster import roster_of
from core.people.services.similar import SimilarPeople, similar_people
from core.refusals import Forbidden, Refusal

SETTLED_AFTER = timedelta(days=30)


def register_person(
    session: Session,
    *,
    surname: str,
    name: str,
    sex: Sex,
    known_to_services: KnownToServices,
    birth_date: date | None = None,
    codice_fiscale: str | None = None,
    no_codice_fiscale_reason: NoCodiceFiscale | None = None,
    confirm_similar: bool = False,
    draft: bool = False,
    **rest: Any,
) -> Person:
    """Register a person; `rest` are their other columns, `birth_place` and `citizenship` as names or codes.

    A codice fiscale brings date and place of birth when they were not written, and wants
    `mismatch_reason` when it says otherwise. People who look the same are refused as
    `SimilarPeople` until `confirm_similar`; a draft may lack what identifies it.
    """
    rest.pop("reason", None)
    values = checked(
        session,
        {
            "surname": surname, "name": name, "sex": sex, "known_to_services": known_to_services,
            "birth_date": birth_date, "codice_fiscale": codice_fiscale,
            "no_codice_fiscale_reason": no_codice_fiscale_reason, **rest,
        },
    )  # fmt: skip
    if not draft:
        refuse_incomplete(values)
    refuse_known(session, values["codice_fiscale"])
    if not confirm_similar and (found := similar_people(session, **_traits(values))):
        raise SimilarPeople(found)
    values["first_contact_date"] = values.get("first_contact_date") or today()
    state = PersonState.DRAFT if draft else PersonState.ACTIVE
    person = Person(
        **{"id": uuid7(), "registered_by_id": scope_of(session).partner_id, **values}, state=state,
        sort_name=sort_key(values), search=search_text(values),
    )  # fmt: skip
    session.add(person)
    if roster := roster_of(session):
        roster.add(person)
    else:
        session.flush()
        open_to_registrar(session, person)
    return person


def find_or_register(session: Session, *, codice_fiscale: str, **told: Any) -> Person:
    """The person with this codice fiscale; nobody has it yet, then `told` registers them, sex and birth by the code.

    `told` are surname, name and whatever else `register_person` takes; without a name nobody is registered.
    """
    code = code_rules.check(codice_fiscale)
    if (person := with_code(session, code)) is not None:
        return person
    if not (told.get("surname") and told.get("name")):
        raise Refusal(
            _("Nobody in the registry has this codice fiscale: check it, or add surname and name to register them."),
            field="codice_fiscale",
        )
    if len(code) != code_rules.LENGTH:
        raise Refusal(
            _("A provisional codice fiscale says little: register this person first."), field="codice_fiscale"
        )
    sex = Sex(code_rules.decode(code, on=today()).sex)
    told["known_to_services"] = told.get("known_to_services") or KnownToServices.UNKNOWN
    return register_person(session, codice_fiscale=code, sex=sex, **told)


def amend_person(
    session: Session, person: Person, *, reason: str | None = None, draft: bool | None = None, **changes: Any
) -> Person:
    """Correct what is known of a person; `reason` stands in the trail, and some corrections want it."""
    _refuse_stranger(session, person)
    changes.pop("confirm_similar", None)
    values = checked(session, {name: getattr(person, name) for name in COLUMNS} | changes, person=person)
    _refuse_unexplained(person, values, reason)
    if values["codice_fiscale"] != person.codice_fiscale:
        refuse_known(session, values["codice_fiscale"], besides=person)
    if draft and not person.draft:
        raise Refusal(_("%(name)s is no longer a draft: archive them instead.", name=person), field="draft")
    if draft is False or not person.draft:
        refuse_incomplete(values)
    if reason:
        explain(session, reason)
    for name, value in values.items():
        if getattr(person, name) != value:
            setattr(person, name, value)
    if draft is False and person.draft:
        person.state = PersonState.ACTIVE
    person.sort_name, person.search = sort_key(values), search_text(values)
    session.flush()
    rename(session, person)
    return person


def activate_person(session: Session, person: Person) -> Person:
    """Let a draft into the registry, once what identifies the person is there."""
    _refuse_stranger(session, person)
    refuse_incomplete({name: getattr(person, name) for name in COLUMNS})
    return _move(session, person, PersonState.ACTIVE)


def archive_person(session: Session, person: Person, *, reason: str) -> Person:
    """Put away somebody who has nothing to do with the network any more; the page stays readable."""
    _refuse_stranger(session, person)
    explain(session, reason)
    return _move(session, person, PersonState.ARCHIVED)


def mark_deceased(session: Session, person: Person, *, on: date) -> Person:
    """Write the day a person died."""
    _refuse_stranger(session, person)
    if on > today():
        raise Refusal(_("Write the day of death: it cannot be in the future."), field="on")
    if person.birth_date is not None and on < person.birth_date:
        raise Refusal(_("Nobody dies before they are born: check the day."), field="on")
    person.deceased_on = on
    return _move(session, person, PersonState.DECEASED)


def reactivate(session: Session, person: Person, *, reason: str) -> Person:
    """Bring back somebody who was archived, or marked as deceased by mistake."""
    _refuse_stranger(session, person)
    refuse_incomplete({name: getattr(person, name) for name in COLUMNS})
    explain(session, reason)
    person.deceased_on = None
    return _move(session, person, PersonState.ACTIVE)


def _move(session: Session, person: Person, state: PersonState) -> Person:
    person.state = state
    session.flush()
    return person


def _traits(values: dict[str, Any]) -> dict[str, Any]:
    return {name: values.get(name) for name in ("surname", "name", "birth_date", "codice_fiscale", "phone", "email")}


def _refuse_unexplained(person: Person, values: dict[str, Any], reason: str | None) -> None:
    """What the services knew at the first contact is counted in reports: it settles after thirty days."""
    settled = today() > person.created_at.date() + SETTLED_AFTER
    if settled and values["known_to_services"] != person.known_to_services and not reason:
        raise Refusal(
            _("This was settled 30 days after the registration: write the reason of the correction."), field="reason"
        )


def _refuse_stranger(session: Session, person: Person) -> None:
    scope = scope_of(session)
    if not scope.operator and person.registered_by_id != scope.partner_id:
        raise Forbidden(_("Only the partner that registered this person may change what is known of them."))

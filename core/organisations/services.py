"""Registering organisations, letting them in and marking that they ceased."""

import re
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.database.changes import explain
from core.database.scope import scope_of, today
from core.language import _
from core.language.matching import normalise
from core.money.iban import read_iban
from core.organisations import rules
from core.organisations.membership import refuse_too_few
from core.organisations.models import LegalType, Organisation, OrganisationIban, OrganisationState
from core.organisations.runts import check_sections
from core.refusals import Forbidden, Refusal

ATECO = re.compile(r"\d{2}(\.\d{1,2}(\.\d{1,2})?)?")
SDI = re.compile(r"[0-9A-Z]{7}")
TIDY = ("codice_fiscale", "partita_iva", "sdi_code", "ipa_code")
CHECKED = ("name", "legal_type", *TIDY, "ateco", "runts_section", "runts_second_section", "runts_number", "runts_date")


def register_organisation(session: Session, *, name: str, legal_type: LegalType, **rest: Any) -> Organisation:
    """Propose an organisation to the registry; `rest` are its other columns, and `ibans` as texts."""
    accounts = rest.pop("ibans", ())
    values = _tidied({"name": name, "legal_type": legal_type, **rest})
    _check(session, values)
    organisation = Organisation(**values, search=_search(values))
    session.add(organisation)
    session.flush()
    for account in accounts:
        add_iban(session, organisation, iban=account)
    return organisation


def amend_organisation(session: Session, organisation: Organisation, **changes: Any) -> Organisation:
    """Correct what is registered of an organisation."""
    _refuse_stranger(session, organisation)
    changes = _tidied(changes)
    values = {name: getattr(organisation, name) for name in CHECKED} | changes
    _check(session, values, key=organisation.id)
    if organisation.state is OrganisationState.ACTIVE:
        _refuse_unknown(values)
    organisation.search = _search(values)
    for name, value in changes.items():
        setattr(organisation, name, value)
    session.flush()
    return organisation


def remove_organisation(session: Session, organisation: Organisation) -> None:
    """Remove one that was only proposed; the others cease, so that what speaks of them stays."""
    _refuse_stranger(session, organisation)
    if organisation.state is not OrganisationState.PROPOSED:
        raise Refusal(_("%(name)s was active: mark it as ceased instead of removing it.", name=organisation.name))
    session.delete(organisation)
    session.flush()


def activate(session: Session, organisation: Organisation) -> Organisation:
    """Let an organisation into the registry, once it has a codice fiscale or, as a group, enough people."""
    _refuse_stranger(session, organisation)
    if organisation.is_informal:
        refuse_too_few(session, organisation)
    _refuse_unknown({"legal_type": organisation.legal_type, "codice_fiscale": organisation.codice_fiscale})
    organisation.state, organisation.ceased_on = OrganisationState.ACTIVE, None
    session.flush()
    return organisation


def cease(session: Session, organisation: Organisation, *, on: date, reason: str) -> Organisation:
    """Mark that an organisation no longer exists or no longer works; the reason stands in the trail."""
    _refuse_stranger(session, organisation)
    if on > today():
        raise Refusal(_("Write the day it ceased: it cannot be in the future."), field="on")
    explain(session, reason)
    organisation.state, organisation.ceased_on = OrganisationState.CEASED, on
    session.flush()
    return organisation


def add_iban(
    session: Session, organisation: Organisation, *, iban: str, purpose: str | None = None
) -> OrganisationIban:
    """Add a bank account, read as people write it."""
    _refuse_stranger(session, organisation)
    number = read_iban(iban)
    if any(account.iban == number for account in organisation.ibans):
        raise Refusal(_("This account is already there."), field="iban")
    account = OrganisationIban(organisation=organisation, iban=number, purpose=purpose)
    session.add(account)
    session.flush()
    return account


def remove_iban(session: Session, organisation: Organisation, *, iban: str) -> Organisation:
    """Take a bank account away."""
    _refuse_stranger(session, organisation)
    number = read_iban(iban)
    left = [account for account in organisation.ibans if account.iban != number]
    if len(left) == len(organisation.ibans):
        raise Refusal(_("%(name)s has no such account.", name=organisation.name), field="iban")
    organisation.ibans = left
    session.flush()
    return organisation


def _refuse_stranger(session: Session, organisation: Organisation) -> None:
    scope = scope_of(session)
    if not scope.operator and organisation.registered_by_id != scope.partner_id:
        raise Forbidden(_("Only the partner that registered this organisation may change it."))


def _tidied(values: dict[str, Any]) -> dict[str, Any]:
    """Codes without spaces and in capitals; an empty one is none."""
    given = {name: values[name] for name in TIDY if values.get(name) is not None}
    return values | {name: "".join(code.split()).upper() or None for name, code in given.items()}


def _search(values: dict[str, Any]) -> str:
    return normalise(" ".join(filter(None, (values["name"], values.get("codice_fiscale"), values.get("partita_iva")))))


def _check(session: Session, values: dict[str, Any], key: UUID | None = None) -> None:
    check_sections(values["legal_type"], values.get("runts_section"), values.get("runts_second_section"))
    _check_register(values)
    _check_codes(values)
    _refuse_twin(session, values, key)


def _check_register(values: dict[str, Any]) -> None:
    number, day = values.get("runts_number"), values.get("runts_date")
    if (number or day) and values.get("runts_section") is None:
        raise Refusal(_("Write the RUNTS section too."), field="runts_section")
    if number is not None and number <= 0:
        raise Refusal(_("Write a number greater than zero."), field="runts_number")
    if day is not None and day > today():
        raise Refusal(_("Write the day it was registered: it cannot be in the future."), field="runts_date")


def _check_codes(values: dict[str, Any]) -> None:
    if code := values.get("codice_fiscale"):
        rules.check_codice_fiscale(code)
    if code := values.get("partita_iva"):
        rules.check_partita_iva(code)
    if (code := values.get("sdi_code")) and not SDI.fullmatch(code):
        raise Refusal(_("An SDI code is 7 letters or digits."), field="sdi_code")
    if (code := values.get("ateco")) and not ATECO.fullmatch(code):
        raise Refusal(_("Write an ATECO code such as 88.99.00."), field="ateco")


def _refuse_twin(session: Session, values: dict[str, Any], key: UUID | None) -> None:
    """Refuse the same codice fiscale, or the same VAT number where a codice fiscale does not tell them apart.

    Companies of one VAT group share its number and keep their own codici fiscali.
    """
    code, vat = values.get("codice_fiscale"), values.get("partita_iva")
    same = [
        column == value
        for column, value in ((Organisation.codice_fiscale, code), (Organisation.partita_iva, vat))
        if value
    ]
    for other in session.scalars(select(Organisation).where(or_(*same))) if same else ():
        told_apart = code and other.codice_fiscale and code != other.codice_fiscale
        if other.id != key and not told_apart:
            field = "codice_fiscale" if code and code == other.codice_fiscale else "partita_iva"
            raise Refusal(
                _("%(name)s has the same number and is already registered: open that one.", name=other.name),
                field=field,
            )


def _refuse_unknown(values: dict[str, Any]) -> None:
    if values["legal_type"] is not LegalType.INFORMAL_GROUP and not values.get("codice_fiscale"):
        raise Refusal(_("Write its codice fiscale first: only an informal group has none."), field="codice_fiscale")

"""What identifies a person: every rule on it, checked before anything is written."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from core.database.scope import today
from core.language import Words, _
from core.language.matching import normalise
from core.people.models import NoCodiceFiscale, Person
from core.people.rules import codice_fiscale as code_rules
from core.people.services.origins import read_birth_place, read_citizenship
from core.places.gazetteer import born_in
from core.refusals import Refusal, Refusals

COLUMNS = (
    "surname", "name", "sex", "gender", "birth_date", "birth_place", "birth_place_name", "citizenship",
    "codice_fiscale", "no_codice_fiscale_reason", "mismatch_reason", "phone", "email", "pec", "language",
    "contact_preference", "residence_address", "residence_municipality", "residence_postcode",
    "domicile_address", "domicile_municipality", "domicile_postcode", "document_kind", "document_number",
    "document_expires_on", "iban", "photo_consent", "notes", "known_to_services", "first_contact_date",
)  # fmt: skip
EARLIEST = date(1900, 1, 1)
LONGEST_NAME = 100
POSTCODE_DIGITS = 5


def checked(session: Session, values: dict[str, Any], *, person: Person | None = None) -> dict[str, Any]:
    """The values as they are kept, once they stand every rule; `Refusals` tells all that is wrong at once.

    `person` is the one being corrected: a place of birth that stays as it was is not looked up again.
    """
    values = {name: _tidied(value) for name, value in values.items()}
    wrong = [*_wrong_names(values), *_wrong_days(values), *_wrong_postcodes(values)]
    if wrong:
        raise Refusals(wrong)
    if values.get("codice_fiscale"):
        values["codice_fiscale"] = code_rules.check(values["codice_fiscale"])
        _fill_from_code(values)
        if values.get("no_codice_fiscale_reason"):
            raise Refusal(_("Leave this empty: the codice fiscale is there."), field="no_codice_fiscale_reason")
    _read_birth_place(session, values, person)
    if values.get("citizenship"):
        values["citizenship"] = read_citizenship(session, values["citizenship"])
    _refuse_mismatch(session, values)
    return values


def _tidied(value: Any) -> Any:
    """A text without the spaces around it; an empty one is none."""
    return (value.strip() or None) if type(value) is str else value


def _wrong_names(values: dict[str, Any]) -> list[Refusal]:
    wrong = []
    for field in ("surname", "name"):
        text = values[field] = " ".join((values[field] or "").split())
        if not any(letter.isalpha() for letter in text):
            wrong.append(Refusal(_("Write a name, in letters."), field=field))
        elif len(text) > LONGEST_NAME:
            wrong.append(Refusal(_("Write at most %(n)s characters.", n=LONGEST_NAME), field=field))
    return wrong


def _wrong_days(values: dict[str, Any]) -> list[Refusal]:
    wrong = []
    born = values.get("birth_date")
    if born is not None and not EARLIEST <= born <= today():
        wrong.append(Refusal(_("Write a date of birth between 01/01/1900 and today."), field="birth_date"))
    met = values.get("first_contact_date")
    if met is not None and met > today():
        wrong.append(Refusal(_("The first contact cannot be in the future."), field="first_contact_date"))
    return wrong


def _wrong_postcodes(values: dict[str, Any]) -> list[Refusal]:
    return [
        Refusal(_("A postcode has 5 digits."), field=field)
        for field in ("residence_postcode", "domicile_postcode")
        if (text := values.get(field)) and not (len(text) == POSTCODE_DIGITS and text.isdecimal())
    ]


def _fill_from_code(values: dict[str, Any]) -> None:
    """Take from the codice fiscale what nobody typed."""
    if told := _told_by(values):
        values["birth_date"] = values.get("birth_date") or told.birth_date
        values["birth_place"] = values.get("birth_place") or told.birth_place


def _told_by(values: dict[str, Any]) -> code_rules.Decoded | None:
    """What the codice fiscale says of its bearer; a provisional one, of eleven digits, says nothing."""
    code = values.get("codice_fiscale")
    return code_rules.decode(code, on=today()) if code and len(code) == code_rules.LENGTH else None


def _read_birth_place(session: Session, values: dict[str, Any], person: Person | None) -> None:
    """The code of a place; one that stands in a codice fiscale is kept even when no list has it."""
    typed = values.get("birth_place")
    if person is not None and typed in {person.birth_place, person.birth_place_name}:
        values["birth_place"], values["birth_place_name"] = person.birth_place, person.birth_place_name
        return
    values["birth_place_name"] = None
    if typed is None:
        return
    on = values.get("birth_date") or today()
    told = _told_by(values)
    by_code = told is not None and typed == told.birth_place
    found = born_in(session, typed, on) if by_code else read_birth_place(session, typed, on=on)
    if found is not None:
        values["birth_place"], values["birth_place_name"] = found.belfiore, str(found)


def _refuse_mismatch(session: Session, values: dict[str, Any]) -> None:
    """Births abroad and changes of name make codes differ rightly: a reason is asked, nothing is barred."""
    differs = _differences(values) if values.get("codice_fiscale") else []
    if not differs:
        values["mismatch_reason"] = None
    elif not values.get("mismatch_reason"):
        raise Refusal(
            _(
                "The codice fiscale says something else about: %(what)s. Correct it, or write why it differs.",
                what=", ".join(map(str, differs)),
            ),
            field="mismatch_reason",
        )


def _differences(values: dict[str, Any]) -> list[Words]:
    """The labels of what was typed and the codice fiscale does not say."""
    names = ("surname", "name", "sex", "birth_date", "birth_place")
    differing = code_rules.mismatches(values["codice_fiscale"], **{name: values.get(name) for name in names})
    return [getattr(Person, name).info["label"] for name in names if name in differing]


def refuse_incomplete(values: dict[str, Any]) -> None:
    """Refuse what may only be a draft: no codice fiscale and no reason for it, or no date of birth."""
    wrong = []
    if not values.get("codice_fiscale") and not values.get("no_codice_fiscale_reason"):
        wrong.append(Refusal(_("Write the codice fiscale, or choose why there is none."), field="codice_fiscale"))
    if values.get("birth_date") is None and values.get("no_codice_fiscale_reason") is not NoCodiceFiscale.ANONYMOUS:
        wrong.append(Refusal(_("Write the date of birth: only an anonymous person goes without."), field="birth_date"))
    if wrong:
        raise Refusals(wrong)


def sort_key(values: dict[str, Any]) -> str:
    """What lists are ordered by: surname and name without accents or case."""
    return normalise(f"{values['surname']} {values['name']}")


def search_text(values: dict[str, Any]) -> str:
    """What the search box looks into."""
    parts = (values.get(name) for name in ("surname", "name", "codice_fiscale", "phone", "email"))
    return normalise(" ".join(filter(None, parts)))

"""Where people were born and of which state they are citizens, read as people write it."""

import re
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.language import _
from core.language.matching import normalise
from core.places.gazetteer import born_in
from core.places.models import Country, Municipality
from core.refusals import Refusal

CODE = re.compile(r"[A-Z]\d{3}")
PROVINCE = re.compile(r"\s*\(([A-Za-z]{2})\)\s*$")
ITALY = {"IT", "ITALIA", "ITALY", "ITALIANA", "ITALIANO", "ITALIAN"}


def read_birth_place(session: Session, text: str, *, on: date) -> Municipality | Country:
    """The municipality as it was on the day, or the state, that a name or cadastral code means."""
    wanted = text.strip()
    if CODE.fullmatch(wanted.upper()):
        found = born_in(session, wanted.upper(), on)
        if found is None:
            raise Refusal(
                _("No municipality or state has the cadastral code %(code)s.", code=wanted), field="birth_place"
            )
        return found
    return _named(session, wanted, on)


def _named(session: Session, text: str, on: date) -> Municipality | Country:
    towns, states = _called(session, text)
    towns = list({town.belfiore: town for town in towns if town.existed_on(on)}.values())
    found: list[Municipality | Country] = [*towns, *(states if not towns else ())]
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refusal(
            _("Nothing is called “%(text)s”: write a municipality or a state, or its cadastral code.", text=text),
            field="birth_place",
        )
    codes = ", ".join(f"{one} {one.belfiore}" for one in found)
    raise Refusal(
        _("Several are called so: write the code of one of them: %(codes)s.", codes=codes), field="birth_place"
    )


def _called(session: Session, text: str) -> tuple[list[Municipality], list[Country]]:
    """What bears a name, in whatever years; asked once a session, since files write few names many times."""
    asked = session.info.setdefault("places by name", {})
    if text not in asked:
        province = PROVINCE.search(text)
        name = normalise(PROVINCE.sub("", text))
        wanted = select(Municipality).where(Municipality.search == name)
        if province:
            wanted = wanted.where(Municipality.province == province[1].upper())
        states = [] if province else session.scalars(select(Country).where(Country.search == name)).all()
        asked[text] = (list(session.scalars(wanted)), list(states))
    found: tuple[list[Municipality], list[Country]] = asked[text]
    return found


def read_citizenship(session: Session, text: str) -> str:
    """The two-letter code of the state that a name or code means."""
    wanted = normalise(text)
    if wanted.upper() in ITALY:
        return "IT"
    asked = session.info.setdefault("states by name", {})
    if wanted not in asked:
        same = Country.iso_code == wanted.upper() if len(wanted) == 2 else Country.search == wanted  # noqa: PLR2004
        asked[wanted] = session.scalars(select(Country.iso_code).where(same, Country.iso_code.is_not(None))).first()
    found: str | None = asked[wanted]
    if found is None:
        raise Refusal(
            _("No state is called “%(text)s”: write its name or its two-letter code, such as IT.", text=text),
            field="citizenship",
        )
    return found

"""To whom letters go, and how a home and a person are named in them."""

from typing import Any

from core.api import Municipality, Person, Words, _, show_date
from plugins.housing.models import Application, Dwelling, Lease

Lines = list[str]


def addressee(person: Person | None) -> Lines:
    """Name and address of who receives a letter; who may not be seen any more is not named."""
    if person is None:
        return [str(_("To the person concerned"))]
    return [person.full_name, *person.postal_address]


def applicant_of(application: Application) -> Lines:
    """The addressee of a letter about an application."""
    return addressee(application.person)


def tenants_of(lease: Lease) -> Lines:
    """The addressees of a letter about a lease: everybody who signed, at the home that is let."""
    names = [one.person.full_name for one in lease.tenants if one.person is not None]
    home = lease.dwelling
    return [*(names or [str(_("To the tenants"))]), home.address, *_town(None, home.municipality)]


def called(person: Person | None) -> str:
    """A person as an act names them: name, birth, codice fiscale."""
    if person is None:
        return str(_("a person whose data are not at hand"))
    told: list[Any] = [person.full_name]
    if person.birth_date and person.birth_place_name:
        told.append(_("born in %(place)s on %(day)s", place=person.birth_place_name, day=show_date(person.birth_date)))
    elif person.birth_date:
        told.append(_("born on %(day)s", day=show_date(person.birth_date)))
    if person.codice_fiscale:
        told.append(_("codice fiscale %(code)s", code=person.codice_fiscale))
    return ", ".join(str(one) for one in told)


def where(home: Dwelling) -> str:
    """The address of a home with staircase, floor and unit."""
    inside = [
        _("staircase %(name)s", name=home.stair) if home.stair else "",
        _("floor %(name)s", name=home.floor) if home.floor else "",
        _("unit %(name)s", name=home.unit) if home.unit else "",
    ]
    return ", ".join([home.address, *(str(one) for one in inside if one), *_town(None, home.municipality)])


def cadastral(home: Dwelling) -> Words:
    """How the land registry names it, as far as it is known."""
    told = [
        _("sheet %(name)s", name=home.cadastral_sheet) if home.cadastral_sheet else "",
        _("parcel %(name)s", name=home.cadastral_parcel) if home.cadastral_parcel else "",
        _("subordinate %(name)s", name=home.cadastral_sub) if home.cadastral_sub else "",
        _("category %(name)s", name=home.cadastral_category) if home.cadastral_category else "",
    ]
    return ", ".join(str(one) for one in told if one)


def _town(postcode: str | None, municipality: Municipality | None) -> Lines:
    if municipality is None:
        return _given(postcode)
    province = f" ({municipality.province})" if municipality.province else ""
    return [" ".join(part for part in (postcode, f"{municipality.name}{province}") if part)]


def _given(text: str | None) -> Lines:
    return [text] if text else []

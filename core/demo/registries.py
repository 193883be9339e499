"""The demo's organisations and places in the registries, registered by the lead partner."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.demo.network import MAIL, municipalities
from core.demo.organisations import DemoOrganisation, organisations
from core.demo.places import DemoPlace, places
from core.organisations.models import LegalType, Organisation, OrganisationState, PartnerStatus, RuntsSection
from core.organisations.services import register_organisation
from core.places.models import Municipality, OpeningHours, Place, PlaceKind, Room, Weekday
from core.places.services import register_place


def towns(session: Session) -> dict[str, Municipality]:
    """The seven municipalities of today by ISTAT code."""
    codes = [town.istat_code for town in municipalities()]
    found = session.scalars(select(Municipality).where(Municipality.istat_code.in_(codes), Municipality.current))
    return {town.istat_code: town for town in found if town.istat_code}


def register_organisations(session: Session, lead: UUID) -> dict[str, Organisation]:
    """Register them all as active; name → organisation."""
    return {demo.name: _organisation(session, demo, lead) for demo in organisations()}


def _organisation(session: Session, demo: DemoOrganisation, lead: UUID) -> Organisation:
    return register_organisation(
        session,
        name=demo.name, legal_type=LegalType(demo.legal_type), codice_fiscale=demo.codice_fiscale,
        partita_iva=demo.partita_iva, partner_status=PartnerStatus(demo.partner_status),
        runts_section=RuntsSection(demo.runts_section) if demo.runts_section else None,
        runts_number=demo.runts_number, runts_date=demo.runts_date, cooperative_number=demo.cooperative_number,
        ateco=demo.ateco, email=demo.email, pec=demo.email.replace(f"@{MAIL}", f"@pec.{MAIL}"),
        state=OrganisationState.ACTIVE, registered_by_id=lead,
    )  # fmt: skip


def register_places(
    session: Session, lead: UUID, known: Mapping[str, Organisation], found: Mapping[str, Municipality]
) -> None:
    """Register the places with their rooms and hours."""
    for demo in places():
        place = register_place(
            session,
            name=demo.name, kind=PlaceKind(demo.kind), address=demo.address, municipality=found[demo.municipality],
            owner=known[demo.owner], operated_by=known[demo.operated_by], accessible=demo.accessible,
            reactivated_on=demo.reactivated_on, registered_by_id=lead,
        )  # fmt: skip
        _furnish(session, place, demo)


def _furnish(session: Session, place: Place, demo: DemoPlace) -> None:
    mine = {"place_id": place.id, "registered_by_id": place.registered_by_id}
    session.add_all(
        Room(name=room.name, capacity=room.capacity, area=room.area, accessible=room.accessible, **mine)
        for room in demo.rooms
    )
    session.add_all(
        OpeningHours(weekday=Weekday(span.weekday), opens=span.opens, closes=span.closes, **mine)
        for span in demo.opening_hours
    )
    session.flush()

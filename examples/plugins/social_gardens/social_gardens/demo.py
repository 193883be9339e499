"""What the gardens add to the demo network: two gardens, their plots, a list, and plots given in order."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import Person, scope_of, today
from social_gardens import services

GARDENS = (("Orti del Chiese", "Via Mantova 40", 8), ("Orti di San Bernardino", "Via San Bernardino 12", 5))
WAITING, OFFERED, ACCEPTED = 12, 6, 4


def load(session: Session) -> None:
    """Two gardens of a partner, and people of its own registry who ask for a plot."""
    partner, year = scope_of(session).partner_id, today().year
    season = services.plan_season(
        session, name=str(year), starts=date(year, 1, 1), ends=date(year, 12, 31), rate=Decimal("1.20")
    )
    known = select(Person).where(Person.registered_by_id == partner, Person.birth_date.is_not(None))
    people = iter(session.scalars(known.order_by(Person.id).limit(len(GARDENS) * WAITING)))
    for name, address, many in GARDENS:
        garden = services.open_garden(session, name=name, address=address)
        plots = [
            services.add_plot(session, garden=garden, code=f"{place:02}", area=Decimal(40 + place % 3 * 5))
            for place in range(1, many + 1)
        ]
        for place, person in zip(range(WAITING), people, strict=False):
            services.ask(
                session, garden=garden, person=person, isee=Decimal(6000 + place * 1500), members=1 + place % 5,
                without_land=place % 4 != 0,
            )  # fmt: skip
        given = [services.offer(session, plot, season=season) for plot in plots[: min(OFFERED, many - 1)]]
        for assignment in given[:ACCEPTED]:
            services.accept(session, assignment)
        services.pay(session, given[0], on=today())

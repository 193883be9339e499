"""A plot from the waiting list to the end of its season, on both databases."""

from datetime import date
from decimal import Decimal

import pytest
from social_gardens import services
from social_gardens.models import Assignment, AssignmentState, PlotState, RequestState
from sqlalchemy import select

from core.api import Refusal
from core.people.models import KnownToServices, NoCodiceFiscale, Sex
from core.people.services import register_person

DAY = date(2027, 3, 15)


class Office:
    """Short words for what most cases need first."""

    def __init__(self, session):
        self.session = session
        self.garden = services.open_garden(session, name="Orti del Chiese", address="Via Mantova 40")
        self.season = services.plan_season(
            session, name="2027", starts=date(2027, 1, 1), ends=date(2027, 12, 31), rate=Decimal("1.20")
        )
        self.plot = self.new_plot("01")

    def new_plot(self, code):
        return services.add_plot(self.session, garden=self.garden, code=code, area=Decimal(50))

    def somebody(self, surname, **told):
        person = register_person(
            self.session, surname=surname, name="Anna", sex=Sex.FEMALE, birth_date=date(1980, 1, 1),
            known_to_services=KnownToServices.NO, no_codice_fiscale_reason=NoCodiceFiscale.UNAVAILABLE,
            confirm_similar=True,
        )  # fmt: skip
        return services.ask(self.session, garden=self.garden, person=person, **told)

    def offer(self, plot=None):
        return services.offer(self.session, plot or self.plot, season=self.season, on=DAY)


@pytest.fixture
def office(session):
    return Office(session)


def test_a_plot_is_offered_to_who_weighs_most(office):
    first, weightier = office.somebody("Rossi", without_land=False), office.somebody("Bianchi")

    given = office.offer()

    assert given.person is weightier.person
    assert (weightier.state, first.state) == (RequestState.OFFERED, RequestState.WAITING)
    assert office.plot.state is PlotState.TAKEN
    assert given.fee == Decimal("50.00")
    assert given.number == "GARDENS/2027/00001"


def test_an_accepted_plot_is_paid_once_and_given_back(office):
    request = office.somebody("Rossi")
    given = services.accept(office.session, office.offer())
    assert services.unpaid(office.session) == Decimal("50.00")

    services.pay(office.session, given, on=DAY)
    with pytest.raises(Refusal, match="already paid"):
        services.pay(office.session, given, on=DAY)
    services.give_back(office.session, given)

    assert request.state is RequestState.SATISFIED
    assert services.unpaid(office.session) == 0
    assert (given.state, office.plot.state) == (AssignmentState.GIVEN_BACK, PlotState.FREE)


def test_nothing_is_paid_before_it_is_given(office):
    office.somebody("Rossi")
    given = services.accept(office.session, office.offer())

    with pytest.raises(Refusal, match="before the plot is given"):
        services.pay(office.session, given, on=date(2027, 3, 14))


def test_who_turns_down_twice_asks_again(office):
    request = office.somebody("Rossi")

    services.turn_down(office.session, office.offer())
    assert (request.state, office.plot.state) == (RequestState.WAITING, PlotState.FREE)
    services.turn_down(office.session, office.offer())

    assert request.state is RequestState.LAPSED
    with pytest.raises(Refusal, match="Nobody waits for a plot of Orti del Chiese"):
        office.offer()


def test_a_plot_that_is_given_or_out_of_use_is_not_offered(office):
    office.somebody("Rossi")
    office.somebody("Bianchi")
    office.offer()
    closed = services.close_plot(office.session, office.new_plot("02"))

    for plot in (office.plot, closed):
        with pytest.raises(Refusal, match="not free"):
            office.offer(plot)
    services.reopen_plot(office.session, closed)
    assert office.offer(closed).state is AssignmentState.OFFERED


def test_a_season_that_is_over_gives_nothing_and_ends_what_it_gave(office):
    office.somebody("Rossi")
    given = services.accept(office.session, office.offer())

    with pytest.raises(Refusal, match="not over yet"):
        services.end(office.session, given, on=date(2027, 12, 31))
    services.end(office.session, given, on=date(2028, 1, 1))

    assert (given.state, office.plot.state) == (AssignmentState.ENDED, PlotState.FREE)
    with pytest.raises(Refusal, match="2027 is over"):
        services.offer(office.session, office.plot, season=office.season, on=date(2028, 1, 1))


def test_a_plot_is_revoked_with_its_reason(office):
    office.somebody("Rossi")

    given = services.revoke(office.session, services.accept(office.session, office.offer()), reason="Abbandonato")

    assert (given.state, given.reason, office.plot.state) == (AssignmentState.REVOKED, "Abbandonato", PlotState.FREE)


def test_a_person_waits_once_in_a_garden(office):
    request = office.somebody("Rossi")

    with pytest.raises(Refusal, match="already waits"):
        services.ask(office.session, garden=office.garden, person=request.person)


def test_two_plots_of_a_garden_have_two_codes(office):
    with pytest.raises(Refusal, match="already has a plot with this code"):
        office.new_plot("01")


def test_another_partner_sees_nothing_of_it(office, neighbours_session):
    office.somebody("Rossi")
    office.offer()
    office.session.commit()

    assert neighbours_session.scalars(select(Assignment)).all() == []

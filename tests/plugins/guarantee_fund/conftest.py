"""The desk of a fund: its lines, its committee, and households that ask."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid5

import pytest

from core.config import read_settings
from core.database.scope import scope_of
from core.organisations.models import LegalType
from core.organisations.services import register_organisation
from core.people.models import HouseholdKind, KnownToServices, NoCodiceFiscale, Sex
from core.people.services import compose_household, register_person
from core.testing.two_partners import make_tables
from plugins.guarantee_fund import models  # noqa: F401  its tables are made with the core's
from plugins.guarantee_fund.models import AgendaItem, Lender, LineKind
from plugins.guarantee_fund.parameters import load_reference
from plugins.guarantee_fund.rules.committee import Ballot
from plugins.guarantee_fund.rules.schedules import Repayment
from plugins.guarantee_fund.services import applications, calls, committee, funds, guarantees, loans

DAY = date(2026, 3, 2)


@pytest.fixture
def settings(server, tmp_path):
    """A database with the fund's tables too."""
    urls = server.fresh(server.template("fund_tables", make_tables))
    found = read_settings({"GENERAZIONI_VAR": str(tmp_path)})
    yield replace(found, database_url=urls.app, owner_database_url=urls.owner, operator_database_url=urls.operator)
    server.drop(urls)


@pytest.fixture
def desk(session):
    return Desk(session)


class Desk:
    """Short words for what most cases need first."""

    def __init__(self, session, *, leverage="1", **limits):
        self.session = session
        load_reference(session)
        told = {"coverage_default": Decimal(80), "coverage_most": Decimal(100), **limits}
        self.fund = funds.open_fund(session, name="Fondo di comunità", leverage=Decimal(leverage), **told)
        self.bank = register_organisation(session, name="Banca del Chiese", legal_type=LegalType.BANK)
        self.line = self.new_line()
        self.members = [
            committee.appoint(session, fund=self.fund, name=name, valid_from=date(2026, 1, 1), president=n == 0)
            for n, name in enumerate(("Anna", "Bruno", "Carla", "Davide", "Elena"))
        ]

    def new_line(self, kind=LineKind.LOAN, name="Piccoli prestiti", **limits):
        return funds.add_line(self.session, fund=self.fund, kind=kind, name=name, **limits)

    def give(self, amount, **rest):
        told = {"organisation": self.bank, "on": date(2026, 1, 10), **rest}
        return funds.receive_contribution(self.session, fund=self.fund, amount=Decimal(amount), **told)

    def household(self, surname="Hoxha", **rest):
        person = register_person(
            self.session, surname=surname, name="Arben", sex=Sex.MALE, birth_date=date(1984, 5, 3),
            known_to_services=KnownToServices.NO, confirm_similar=True,
            no_codice_fiscale_reason=NoCodiceFiscale.UNAVAILABLE, **rest,
        )  # fmt: skip
        compose_household(self.session, person=person, kind=HouseholdKind.REGISTRY, valid_from=date(2020, 1, 1))
        return person

    def ask(self, amount="1000.00", *, line=None, person=None, months=12, **rest):
        """An application whose enquiry is under way."""
        line = line or self.line
        lender = {"lender": Lender.BANK} if line.kind is LineKind.LOAN else {}
        application = applications.draft_application(
            self.session, line=line, person=person or self.household(), amount=Decimal(amount), months=months,
            purpose="Trasloco", counterpart=self.bank, **{**lender, **rest},
        )  # fmt: skip
        applications.submit_application(self.session, application, on=date(2026, 2, 1))
        return applications.start_enquiry(self.session, application)

    def item(self, application, ballots=(Ballot.FOR, Ballot.FOR, Ballot.FOR), **rest) -> AgendaItem:
        """The application before a session, with the votes of those present."""
        meeting = committee.convene(self.session, fund=self.fund, held_on=rest.pop("on", DAY))
        item = committee.put_on_agenda(self.session, meeting, application=application)
        present = self.members[: len(ballots)]
        committee.open_session(self.session, meeting, present=present)
        for member, ballot in zip(present, ballots, strict=True):
            ground = "Collega dell'interessato" if ballot is Ballot.CONFLICT else None
            committee.cast_vote(self.session, item, member=member, ballot=ballot, ground=ground)
        return item

    def approve(self, application, **rest):
        item = committee.decide(self.session, self.item(application), **rest)
        return item.guarantee

    def issued(self, amount="1000.00", **rest):
        return guarantees.issue(self.session, self.approve(self.ask(amount, **rest)), on=DAY)

    def lent(self, amount="1000.00", *, repayment=Repayment.ZERO_INTEREST, rate="0", count=10, **rest):
        return loans.disburse_loan(
            self.session, self.issued(amount, **rest), disbursed_on=date(2026, 3, 10), first_due=date(2026, 4, 10),
            repayment=repayment, rate=Decimal(rate) or None, count=count,
        )  # fmt: skip

    def call(self, guarantee, **rest):
        told = {
            "requested_on": date(2026, 9, 1), "arrears_list": True, "notice_on": date(2026, 8, 1),
            "attempt": "Incontro del 20/08, senza esito", **rest,
        }  # fmt: skip
        return calls.request_call(self.session, guarantee, **told)

    def paid_call(self, guarantee, **rest):
        call = self.call(guarantee, **rest)
        with self.signed_in("manager"):
            calls.accept_as_manager(self.session, call)
        with self.signed_in("accountant"):
            calls.accept_as_accountant(self.session, call)
        return calls.pay_call(self.session, call, paid_on=date(2026, 9, 20))

    @contextmanager
    def signed_in(self, name) -> Iterator[UUID]:
        """Somebody at the desk, by name."""
        scope, key = scope_of(self.session), uuid5(UUID(int=0), name)
        self.session.info["scope"] = replace(scope, actor=name, user_id=key)
        yield key
        self.session.info["scope"] = scope

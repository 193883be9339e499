"""Sixty approvals at once against what is left of a fund: not a cent over, and as many as fit."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from http.client import HTTPConnection
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from core.access.models import User
from core.access.tokens import issue_token
from core.database.scope import Scope
from core.organisations.models import Organisation
from core.partners.models import Partner
from core.people.models import Household
from core.testing.demo_network import HEAD_OF_TOWN
from plugins.guarantee_fund.models import AgendaItem, Guarantee, ItemOutcome, LineKind, Vote
from plugins.guarantee_fund.rules.committee import Ballot
from plugins.guarantee_fund.services import applications, committee, funds
from plugins.guarantee_fund.services.position import position_of

# Fifty rounds prove it; a few of them keep it proved (ROUNDS=50 for all).
ROUNDS = int(os.environ.get("ROUNDS", "2"))
AT_ONCE, FITS, EACH = 60, 37, Decimal("90.00")


@pytest.fixture(scope="module")
def town(database) -> UUID:
    with database.session(Scope(operator=True, actor="tests", reason="tests"), writes=False) as session:
        return session.scalars(select(Partner.id).where(Partner.code == "MONTICHIARI")).one()


@pytest.fixture(scope="module")
def token(database, town) -> str:
    def issue(session: Any) -> str:
        user = session.scalars(select(User).where(User.email == HEAD_OF_TOWN)).one()
        return issue_token(session, user, partner_id=town, label="prova")[1]

    return database.run(Scope(partner_id=town, operator=True, actor="tests", reason="tests"), issue)


def agenda(session: Any, name: str) -> tuple[UUID, list[UUID]]:
    """A new fund with money for exactly 37 of the 60 applications on the agenda of its committee, all voted for."""
    donor = session.scalars(select(Organisation).limit(1)).one()
    fund = funds.open_fund(session, name=name, coverage_default=Decimal(100), coverage_most=Decimal(100))
    line = funds.add_line(session, fund=fund, kind=LineKind.DEPOSIT, name="Cauzioni")
    funds.receive_contribution(
        session, fund=fund, on=date(2026, 1, 1), amount=EACH * FITS + Decimal("89.99"), organisation=donor
    )
    member = committee.appoint(session, fund=fund, name="Anna", valid_from=date(2026, 1, 1), president=True)
    meeting = committee.convene(session, fund=fund, held_on=date(2026, 3, 2))
    household = session.scalars(select(Household).limit(1)).unique().one()
    items = []
    for _place in range(AT_ONCE):
        application = applications.draft_application(
            session, line=line, person=household.person, household=household, amount=EACH, months=12,
            purpose="Cauzione", counterpart=donor,
        )  # fmt: skip
        applications.submit_application(session, application, on=date(2026, 2, 1))
        applications.start_enquiry(session, application)
        items.append(committee.put_on_agenda(session, meeting, application=application))
    committee.open_session(session, meeting, present=[member])
    session.add_all(Vote(item=item, member=member, ballot=Ballot.FOR) for item in items)
    session.flush()
    return fund.id, [item.id for item in items]


def decide(address: tuple[str, int], token: str, item: UUID) -> int:
    connection = HTTPConnection(*address, timeout=180)
    try:
        connection.request(
            "POST", f"/api/v1/guarantee-fund/items/{item}/decide", json.dumps({}),
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )  # fmt: skip
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_sixty_approvals_at_once_never_pass_what_the_fund_has(served, database, town, token, round_):
    scope = Scope(partner_id=town, actor="tests")
    fund_id, items = database.run(scope, lambda session: agenda(session, f"Fondo della gara {round_}"))
    start = Barrier(AT_ONCE)

    def one(item: UUID) -> int:
        start.wait()
        return decide(served.address, token, item)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(one, items))

    assert sorted(answers) == [200] * FITS + [422] * (AT_ONCE - FITS)
    with database.session(scope, writes=False) as session:
        mine = select(func.count(Guarantee.id), func.sum(Guarantee.amount)).where(Guarantee.fund_id == fund_id)
        assert session.execute(mine).one() == (FITS, EACH * FITS)
        fund = session.scalars(select(Guarantee).where(Guarantee.fund_id == fund_id).limit(1)).one().fund
        assert position_of(session, fund).available == Decimal("89.99")


def test_one_approval_asked_five_times_at_once_has_one_effect(served, database, town, token):
    scope = Scope(partner_id=town, actor="tests")
    _fund, items = database.run(scope, lambda session: agenda(session, "Fondo dei doppi invii"))
    start = Barrier(5)

    def again(_place: int) -> int:
        start.wait()
        return decide(served.address, token, items[0])

    with ThreadPoolExecutor(5) as pool:
        answers = sorted(pool.map(again, range(5)))

    assert answers == [200, 422, 422, 422, 422]
    with database.session(scope, writes=False) as session:
        item = session.get(AgendaItem, items[0])
        assert item.outcome is ItemOutcome.APPROVED
        assert session.scalar(select(func.count(Guarantee.id)).where(Guarantee.item_id == item.id)) == 1

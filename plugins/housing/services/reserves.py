"""The homes that a call keeps for some households, and which rows of its ranking fill them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.api import Refusal, _, decimal_of, integer_of
from plugins.housing.models import (
    Application,
    Assignment,
    AssignmentState,
    Call,
    CallDwelling,
    CallReserve,
    CallState,
    CheckOutcome,
    Ranking,
    RankingRow,
)
from plugins.housing.rules.publication import Outcome
from plugins.housing.rules.requirements import Answer
from plugins.housing.rules.reserves import (
    Reserve,
    fill,
    indigent_reserve,
    is_indigent,
    left_to_keep,
    other_reserve,
)
from plugins.housing.services.checks import checks_of
from plugins.housing.wording import INDIGENT

GIVEN = (AssignmentState.OFFERED, AssignmentState.ACCEPTED, AssignmentState.ASSIGNED, AssignmentState.LEASED)
WHOLE = 100
# Reserve → application of its group → what puts it there.
Reasons = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True)
class KeptHomes:
    """A reserve with its sum: percent of a number of homes, less what other calls of the year gave of it.

    `title` is empty for the indigent households, whose name is said in the reader's language.
    """

    key: str
    title: str
    percent: str
    base: int
    number: int
    given: int
    homes: int


def add_reserve(session: Session, call: Call, *, title: str, criterion: str, percent: Decimal) -> CallReserve:
    """Keep a share of a draft's homes for who answers yes to something."""
    _refuse_published(call)
    if not 0 < percent <= WHOLE:
        raise Refusal(_("A percentage is between 0 and 100."), field="percent")
    if (call.reserve_percent or 0) + sum(one.percent for one in call.reserves) + percent > WHOLE:
        raise Refusal(_("Together the reserves pass the homes of the call."), field="percent")
    reserve = CallReserve(call=call, title=title, criterion=criterion, percent=percent)
    session.add(reserve)
    session.flush()
    return reserve


def clear_reserves(session: Session, call: Call) -> Call:
    """Take the other reserves off a draft; the indigent households' one is a number of the call itself."""
    _refuse_published(call)
    call.reserves.clear()
    session.flush()
    return call


def _refuse_published(call: Call) -> None:
    if call.state is not CallState.DRAFT:
        raise Refusal(_("This call is published: it cannot be changed any more."))


def kept_homes(session: Session, call: Call) -> list[dict[str, Any]]:
    """The reserves of a call, indigent households first, each with its sum."""
    offered, share = len(call.homes), call.reserve_percent or Decimal(0)
    base = call.free_homes if call.free_homes is not None else homes_free_in_year(session, call)
    number, given = indigent_reserve(base, share / WHOLE), given_in_year(session, call)
    homes = left_to_keep(number, given=given, offered=offered)
    told = [KeptHomes(INDIGENT, "", str(share), base, number, given, homes)]
    for one in call.reserves:
        number = other_reserve(offered, one.percent / WHOLE)
        homes = left_to_keep(number, given=0, offered=offered - sum(before.homes for before in told))
        told.append(KeptHomes(one.criterion, one.title, str(one.percent), offered, number, 0, homes))
    return [asdict(one) for one in told]


def homes_free_in_year(session: Session, call: Call) -> int:
    """The homes that the calls of the regime offer in the call's calendar year, each counted once."""
    wanted = (
        select(func.count(func.distinct(CallDwelling.dwelling_id)))
        .join(Call, CallDwelling.call_id == Call.id)
        .where(Call.regime == call.regime, Call.opens_on.between(*_year(call.opens_on)))
    )
    return session.scalar(wanted) or 0


def given_in_year(session: Session, call: Call) -> int:
    """The homes that the year's other calls already gave to the indigent households of their reserve."""
    wanted = (
        select(func.count(func.distinct(Assignment.id)))
        .join(Application, Assignment.application_id == Application.id)
        .join(Call, Application.call_id == Call.id)
        .join(RankingRow, RankingRow.application_id == Application.id)
        .where(
            Call.regime == call.regime, Call.opens_on.between(*_year(call.opens_on)), Call.id != call.id,
            Assignment.state.in_(GIVEN), RankingRow.reserve == INDIGENT,
        )
    )  # fmt: skip
    return session.scalar(wanted) or 0


def _year(day: date) -> tuple[date, date]:
    return date(day.year, 1, 1), date(day.year, 12, 31)


def fill_reserves(ranking: Ranking, kept: list[dict[str, Any]], why: Reasons) -> None:
    """Mark the rows of a version not yet kept that fill a reserve, each with why; nothing marks them again."""
    ranking.reserves = kept
    by_protocol = {row.protocol: row for row in ranking.rows if row.outcome is Outcome.ADMITTED}
    reserves = [Reserve(told["key"], told["homes"]) for told in kept]
    for place in fill(reserves, list(by_protocol), why):
        row = by_protocol[place.application]
        row.reserve, row.reserve_place = place.reserve, place.n
        row.reserve_why = why[place.reserve][place.application]


def reasons_of(session: Session, call: Call, applications: Iterable[Application]) -> Reasons:
    """For each reserve the applications of its group, each with what puts it there."""
    listed = list(applications)
    limit = decimal_of(session, "housing.indigent_limit", on=call.opens_on)
    needed = bool(integer_of(session, "housing.indigent_attestation", on=call.opens_on))
    checks = checks_of(session, [one.id for one in listed])
    found: Reasons = {INDIGENT: {}, **{one.criterion: {} for one in call.reserves}}
    for one in listed:
        answers = one.entry.answers
        attested = checks.get(one.id, {}).get(INDIGENT)
        confirmed = attested is not None and attested.outcome is CheckOutcome.CONFIRMED
        document = attested.document if confirmed and attested else None
        if answers.get(INDIGENT) is True:
            found[INDIGENT][one.protocol] = {"isee": None, "document": document}
        elif _counts_as_indigent(answers.get("isee"), limit, attested=confirmed, needed=needed):
            found[INDIGENT][one.protocol] = {"isee": str(one.isee), "limit": str(limit), "document": document}
        for reserve in call.reserves:
            if answers.get(reserve.criterion) is True:
                found[reserve.criterion][one.protocol] = {"answer": reserve.title}
    return found


def _counts_as_indigent(isee: Answer, limit: Decimal, *, attested: bool, needed: bool) -> bool:
    return isee is not None and is_indigent(Decimal(isee), limit=limit, attested=attested, attestation_needed=needed)

"""The region's ranking of public housing: imported in versions, its applicants identified by the office."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.api import (
    Household,
    IseeCertificate,
    Person,
    Problem,
    Refusal,
    Refusals,
    _,
    certificate_on,
    household_of,
    now,
    read_table,
    show_number,
    today,
)
from plugins.housing.models import (
    Application,
    ApplicationState,
    Call,
    CallState,
    Dwelling,
    Ranking,
    RankingRow,
    Regime,
    ScoreLine,
)
from plugins.housing.rules.publication import Outcome
from plugins.housing.rules.regional import RegionalFile, RegionalRow, read_regional
from plugins.housing.services.applications import RANKABLE, keep_household
from plugins.housing.services.rankings import new_version
from plugins.housing.services.reserves import fill_reserves, kept_homes, reasons_of
from plugins.housing.services.schemes import ISBAR, REGIONAL

GONE = "R-SAP"


@dataclass
class RegionalReport:
    """What an import did, or would do."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    gone: int = 0
    problems: tuple[Problem, ...] = ()
    unread: tuple[str, ...] = ()
    ranking: Ranking | None = None
    known: bool = False
    moves: list[tuple[RegionalRow, str]] = field(default_factory=list)

    @property
    def version(self) -> Ranking:
        """The version that an import made or found."""
        if self.ranking is None:
            raise ValueError("nothing was imported")
        return self.ranking


def try_regional(session: Session, call: Call, *, content: bytes) -> RegionalReport:
    """What importing a file would do; nothing is written."""
    told, report = _read(session, call, content)
    before = _imported(session, call)
    seen = {one.application.casefold() for one in told.rows}
    for row in told.rows:
        _count(report, row, before.get(row.application.casefold()))
    if not report.problems:
        report.gone = sum(key not in seen and one.state in RANKABLE for key, one in before.items())
    return report


def import_regional(session: Session, call: Call, *, content: bytes) -> RegionalReport:
    """Import a file whole, or refuse with every problem; the same content again changes nothing."""
    told, report = _read(session, call, content)
    if report.problems:
        raise Refusals([Refusal(str(one), field="content") for one in report.problems])
    if report.known:
        report.unchanged = report.read
        return report
    before = _imported(session, call)
    homes = {one.dwelling.code.casefold(): one.dwelling for one in call.homes}
    applications = []
    for row in told.rows:
        there = before.get(row.application.casefold())
        _count(report, row, there)
        applications.append(_bring_in(session, call, row, there, homes))
    report.gone = _leave_out(before, {one.application.casefold() for one in told.rows})
    session.flush()
    report.ranking = _draw_up(session, call, told, applications)
    return report


def _read(session: Session, call: Call, content: bytes) -> tuple[RegionalFile, RegionalReport]:
    _refuse_call(call)
    told = read_regional(read_table(content), _offered(session, call))
    problems = [*told.problems, *_taken(session, call, told.rows)]
    last = _last(session, call)
    known = last is not None and last.digest == told.digest and not problems
    report = RegionalReport(
        read=len(told.rows) + len({one.line for one in told.problems if one.line > 1}), problems=tuple(problems),
        unread=told.unread, ranking=last if known else None, known=known,
    )  # fmt: skip
    if not report.read and not problems:
        raise Refusal(_("The file has headings and no rows."), field="content")
    return told, report


def _refuse_call(call: Call) -> None:
    if call.regime is not Regime.SAP:
        raise Refusal(_("Only public housing (SAP) is ranked by the region: this call is ranked here."))
    if call.state is CallState.DRAFT:
        raise Refusal(_("Publish the call first: its homes are what the file is checked against."))


def _offered(session: Session, call: Call) -> dict[str, bool]:
    mine = {one.dwelling_id for one in call.homes}
    return {code.casefold(): key in mine for key, code in session.execute(select(Dwelling.id, Dwelling.code))}


def _taken(session: Session, call: Call, rows: Iterable[RegionalRow]) -> list[Problem]:
    """Numbers that belong to an application of another call."""
    numbers = {one.application.casefold(): one for one in rows}
    wanted = select(Application.protocol, Call.number).join(Call, Application.call_id == Call.id).where(
        Application.call_id != call.id, func.lower(Application.protocol).in_(list(numbers))
    )  # fmt: skip
    return [
        Problem(numbers[protocol.casefold()].line, "id domanda", protocol,
                str(_("This application belongs to call %(call)s.", call=number)))
        for protocol, number in session.execute(wanted)
    ]  # fmt: skip


def _last(session: Session, call: Call) -> Ranking | None:
    wanted = select(Ranking).where(Ranking.call_id == call.id).order_by(Ranking.edition.desc())
    return session.scalars(wanted.limit(1)).first()


def _imported(session: Session, call: Call) -> dict[str, Application]:
    found = session.scalars(select(Application).where(Application.call_id == call.id))
    return {one.protocol.casefold(): one for one in found}


def _count(report: RegionalReport, row: RegionalRow, there: Application | None) -> None:
    outcome = "created" if there is None else "unchanged" if _said(there) == _wanted(row) else "updated"
    setattr(report, outcome, getattr(report, outcome) + 1)
    report.moves.append((row, outcome))


def _wanted(row: RegionalRow) -> tuple[str, bool, tuple[str, ...]]:
    return str(row.isbar), row.indigent, row.homes


def _said(application: Application) -> tuple[str | None, bool, tuple[str, ...]]:
    homes = (application.first_choice, application.second_choice)
    codes = tuple(one.code.casefold() for one in homes if one is not None)
    return application.answers.get(ISBAR), bool(application.answers.get("indigent")), codes


def _bring_in(
    session: Session, call: Call, row: RegionalRow, there: Application | None, homes: dict[str, Dwelling]
) -> Application:
    application = there or Application(
        protocol=row.application, submitted_at=now(), call=call, snapshot={}, answers={}, isee_flagged=True,
        state=ApplicationState.ADMITTED,
    )  # fmt: skip
    chosen = [homes[code] for code in row.homes]
    application.first_choice, application.second_choice = chosen[0], chosen[1] if len(chosen) > 1 else None
    application.answers = {**application.answers, ISBAR: str(row.isbar), "indigent": row.indigent}
    if application.rule == GONE:
        application.state, application.rule, application.note = ApplicationState.ADMITTED, None, None
    session.add(application)
    if application.total != row.isbar:
        if application.lines:
            application.lines.clear()
            session.flush()
        application.total = row.isbar
        application.lines.append(ScoreLine(position=1, **_line(row)))
    return application


def _line(row: RegionalRow) -> dict[str, Any]:
    group = REGIONAL[0]
    return {
        "key": ISBAR, "group": group["title"], "criterion": group["criteria"][0]["title"],
        "datum": show_number(row.isbar), "points": row.isbar, "counted": row.isbar,
    }  # fmt: skip


def _leave_out(before: dict[str, Application], seen: set[str]) -> int:
    """Whoever the region's file does not name any more leaves the ranking, unless a home was already offered."""
    gone = [one for key, one in before.items() if key not in seen and one.state in RANKABLE]
    for application in gone:
        application.state, application.rule = ApplicationState.EXCLUDED, GONE
        application.note = str(_("No longer in the region's file"))
    return len(gone)


def _draw_up(session: Session, call: Call, told: RegionalFile, applications: list[Application]) -> Ranking:
    kept, why = kept_homes(session, call), reasons_of(session, call, applications)
    reason = _("Imported from the region: %(n)s applications", n=len(told.rows))
    pairs = [(row, one) for row, one in zip(told.rows, applications, strict=True) if one.state in RANKABLE]
    with session.no_autoflush:
        ranking = new_version(session, call, told.digest, str(reason))
        for position, (row, application) in enumerate(pairs, start=1):
            line = {name: str(value) for name, value in _line(row).items()}
            ranking.rows.append(
                RankingRow(order=position, position=position, application=application, protocol=application.protocol,
                           total=row.isbar, outcome=Outcome.ADMITTED, lines=[line])
            )  # fmt: skip
        fill_reserves(ranking, kept, why)
    session.flush()
    return ranking


def identify_applicant(
    session: Session,
    application: Application,
    *,
    person: Person,
    household: Household | None = None,
    isee_certificate: IseeCertificate | None = None,
    on: date | None = None,
) -> Application:
    """Say who stands behind the region's number, once; the household is copied as it is on the day."""
    day = on or today()
    if application.person_id is not None:
        raise Refusal(_("The applicant is already known: %(name)s.", name=application.person))
    household = household or household_of(session, person, on=day)
    if household is None:
        raise Refusal(_("This person stands in no household: put one together first."), field="household")
    certificate = isee_certificate or certificate_on(session, household, on=day)
    keep_household(session, application, person=person, household=household, certificate=certificate, on=day)
    return application

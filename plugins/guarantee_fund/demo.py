"""What the guarantee fund adds to the demo network: a year of a fund, from the first contribution to its calls."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import IseeCertificate, Organisation, add_months, scope_of, today
from plugins.guarantee_fund.models import (
    AgendaItem,
    Application,
    BudgetKind,
    CommitteeMember,
    CommitteeSession,
    Fund,
    FundLine,
    Guarantee,
    Lender,
    LineKind,
)
from plugins.guarantee_fund.parameters import load_reference
from plugins.guarantee_fund.rules.committee import Ballot
from plugins.guarantee_fund.rules.schedules import Repayment
from plugins.guarantee_fund.services import applications, calls, committee, funds, guarantees, loans

APPLICATIONS, DECIDED, GUARANTEED, CALLED, RECOVERED = 60, 48, 40, 3, 2
SESSIONS = 4
# The lead of the network has a whole year of practices, the others a fifth of it.
FEWER = 5
COLLEAGUES = ("Carla Bertoli", "Dario Fusari", "Elisa Gandini")
MEMBERS = ("Anna Bellini", "Bruno Cominelli", "Carla Dusi", "Davide Erba", "Elena Foresti")
PURPOSES = (
    "Spese di trasloco e arredi",
    "Corso di formazione",
    "Auto per andare al lavoro",
    "Libri e tablet per la scuola",
)
OF_A_HOME = {LineKind.RENT: "Canone di locazione", LineKind.DEPOSIT: "Cauzione dell'alloggio"}


def load(session: Session) -> None:
    """Load the demo of one partner, through the same services as everybody."""
    load_reference(session)
    begin, decided = add_months(today(), -12), DECIDED
    many = APPLICATIONS
    if not _is_lead(session):
        many, decided = many // FEWER, decided // FEWER
    fund, lines = _fund(session, begin)
    members = _members(session, fund, begin)
    asked = _applications(session, lines, begin, many=many)
    given: list[Guarantee] = []
    for n in range(SESSIONS):
        batch = asked[n * decided // SESSIONS : (n + 1) * decided // SESSIONS]
        given += _session(session, fund, members, batch, add_months(begin, 2 + n * 2))
    issued = given[:GUARANTEED]
    for guarantee in issued:
        _put_to_work(session, guarantee)
    _calls(session, [one for one in issued if one.loan is not None][:CALLED])
    funds.charge_cost(session, fund, amount=Decimal("350.00"), on=today(), reason="Spese bancarie dell'anno")
    loans.review_loans(session, on=today())


def _fund(session: Session, begin: date) -> tuple[Fund, dict[LineKind, FundLine]]:
    fund = funds.open_fund(
        session, name="Fondo di comunità", leverage=Decimal(3), household_most=Decimal(8000),
        household_percent=Decimal(10), coverage_default=Decimal(80), coverage_most=Decimal(80),
        regulation="Regolamento approvato con delibera 12/2025",
    )  # fmt: skip
    lines = {
        kind: funds.add_line(session, fund=fund, kind=kind, name=name, highest=Decimal(most), most_months=months,
                             coverage=Decimal(coverage))
        for kind, name, most, months, coverage in (
            (LineKind.LOAN, "Piccoli prestiti", 6000, 36, 80),
            (LineKind.RENT, "Affitto sicuro", 6000, 48, 80),
            (LineKind.DEPOSIT, "Anticipo della cauzione", 1800, 48, 100),
        )
    }  # fmt: skip
    donors = session.scalars(select(Organisation).order_by(Organisation.name).limit(4)).all()
    for n, donor in enumerate(donors):
        funds.receive_contribution(
            session, fund=fund, on=begin + timedelta(days=20 * n), amount=Decimal(40000 - n * 8000),
            organisation=donor, line=lines[LineKind.RENT] if n == 3 else None,  # noqa: PLR2004  the last is restricted
        )  # fmt: skip
    return fund, lines


def _members(session: Session, fund: Fund, begin: date) -> list[CommitteeMember]:
    return [
        committee.appoint(session, fund=fund, name=name, valid_from=begin, president=n == 0)
        for n, name in enumerate(MEMBERS)
    ]


def _is_lead(session: Session) -> bool:
    """Whether the partner registered the network's organisations."""
    mine = select(Organisation.id).where(Organisation.registered_by_id == scope_of(session).partner_id)
    return session.scalars(mine.limit(1)).first() is not None


def _applications(session: Session, lines: dict[LineKind, FundLine], begin: date, *, many: int) -> list[Application]:
    """Applications of households with an ISEE, spread over the year."""
    found = select(IseeCertificate).where(IseeCertificate.omissions.is_(False)).order_by(IseeCertificate.id.desc())
    certificates = {one.household_id: one for one in session.scalars(found.limit(many * 3))}
    lenders = session.scalars(select(Organisation).order_by(Organisation.name.desc()).limit(3)).all()
    kinds = (LineKind.LOAN, LineKind.LOAN, LineKind.RENT, LineKind.LOAN, LineKind.DEPOSIT)
    asked = []
    for n, certificate in enumerate(list(certificates.values())[:many]):
        kind = kinds[n % len(kinds)]
        rent = Decimal(380 + n % 5 * 20) if kind is LineKind.RENT else None
        application = applications.draft_application(
            session, line=lines[kind], person=certificate.person, household=certificate.household,
            isee_certificate=certificate, amount=_amount(kind, n), months=24 if kind is LineKind.LOAN else 36,
            purpose=OF_A_HOME.get(kind) or PURPOSES[n % len(PURPOSES)],
            counterpart=lenders[n % len(lenders)], monthly_rent=rent,
            lender=Lender.BANK if kind is LineKind.LOAN else None, tutor="Federica Pasini",
            opinion="La famiglia è seguita dal Punto di Comunità e rispetta gli impegni presi.",
        )  # fmt: skip
        applications.submit_application(session, application, on=begin + timedelta(days=5 * n * APPLICATIONS // many))
        if n < many * 9 // 10:
            applications.start_enquiry(session, application)
            for label, income in (("Stipendio", 1250 + n % 7 * 40), ("Assegno unico", 180)):
                applications.add_budget_line(
                    session, application, kind=BudgetKind.INCOME, label=label, amount=Decimal(income)
                )
        asked.append(application)
    return asked


def _amount(kind: LineKind, n: int) -> Decimal:
    whole = {LineKind.LOAN: 1200 + n % 8 * 300, LineKind.RENT: 3600, LineKind.DEPOSIT: 900 + n % 3 * 150}
    return Decimal(whole[kind])


def _session(
    session: Session, fund: Fund, members: list[CommitteeMember], asked: list[Application], day: date
) -> list[Guarantee]:
    meeting: CommitteeSession = committee.convene(session, fund=fund, held_on=day, place="Sala civica")
    items = [committee.put_on_agenda(session, meeting, application=one) for one in asked]
    committee.open_session(session, meeting, present=members[:3])
    for n, item in enumerate(items):
        _decide(session, item, members[:3], yes=n % 6 != 5)  # noqa: PLR2004  one in six is rejected
    committee.close_session(session, meeting)
    made = select(Guarantee).where(Guarantee.item_id.in_([item.id for item in items])).order_by(Guarantee.id)
    return list(session.scalars(made))


def _decide(session: Session, item: AgendaItem, present: list[CommitteeMember], *, yes: bool) -> None:
    for member in present:
        committee.cast_vote(session, item, member=member, ballot=Ballot.FOR if yes else Ballot.AGAINST)
    committee.decide(session, item, reason=None if yes else "Il margine mensile non basta")


def _put_to_work(session: Session, guarantee: Guarantee) -> None:
    """Issue it and let its year pass: loans are paid month by month, the last ones badly."""
    day = guarantee.approved_on + timedelta(days=10)
    if guarantee.line.kind is LineKind.DEPOSIT:
        guarantees.pay_advance(session, guarantee, on=day)
        return
    guarantees.issue(session, guarantee, on=day)
    if guarantee.line.kind is LineKind.RENT:
        guarantees.activate(session, guarantee)
        return
    loan = loans.disburse_loan(
        session, guarantee, disbursed_on=day, first_due=add_months(day, 1), repayment=Repayment.FRENCH,
        rate=Decimal("2.40"),
    )  # fmt: skip
    due = [row for row in loan.rows if row.due <= today()]
    if paid := sum((row.amount for row in due[: -4 if guarantee.amount % 7 == 0 else None]), Decimal(0)):
        loans.record_loan_payment(session, loan=loan, amount=paid, paid_on=due[-1].due)


def _calls(session: Session, called: list[Guarantee]) -> None:
    for n, guarantee in enumerate(called):
        assert guarantee.loan is not None  # noqa: S101  chosen for their loan
        day = today() - timedelta(days=60)
        call = calls.request_call(
            session, guarantee, requested_on=day, unpaid=guarantee.loan.outstanding, arrears_list=True,
            notice_on=day - timedelta(days=30), attempt="Incontro con il tutor, senza esito",
        )  # fmt: skip
        _as_colleague(session, 0, lambda call=call: calls.accept_as_manager(session, call))
        _as_colleague(session, 1, lambda call=call: calls.accept_as_accountant(session, call))
        calls.pay_call(session, call, paid_on=day + timedelta(days=15))
        if n < RECOVERED:
            calls.recover(session, call, amount=Decimal("200.00"), on=day + timedelta(days=40))


def _as_colleague(session: Session, which: int, work: object) -> None:
    """Let another person do it: two accept a call, and neither wrote it down."""
    scope = scope_of(session)
    key = uuid5(UUID(int=0), COLLEAGUES[which])
    session.info["scope"] = replace(scope, actor=COLLEAGUES[which], user_id=key)
    work()  # type: ignore[operator]
    session.info["scope"] = scope

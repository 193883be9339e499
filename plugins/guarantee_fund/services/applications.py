"""Applications: drafted, submitted, enquired into, brought before the committee."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import (
    Household,
    IseeCertificate,
    Person,
    Refusal,
    _,
    certificate_on,
    decimal_of,
    household_of,
    integer_of,
    next_number,
    scope_of,
    show_money,
    today,
)
from plugins.guarantee_fund.models import (
    Application,
    ApplicationState,
    BudgetKind,
    BudgetLine,
    EnquiryScore,
    FundLine,
    FundState,
    Guarantee,
    GuaranteeState,
    LineKind,
    Microcredit,
)

SERIES = "FUND"
LOANS = (LineKind.LOAN, LineKind.SOCIAL_LOAN)
OPEN = (
    ApplicationState.DRAFT,
    ApplicationState.SUBMITTED,
    ApplicationState.UNDER_ENQUIRY,
    ApplicationState.INTEGRATION,
)
ENQUIRED = (ApplicationState.UNDER_ENQUIRY, ApplicationState.INTEGRATION)


def draft_application(
    session: Session,
    *,
    line: FundLine,
    person: Person,
    amount: Decimal,
    months: int,
    household: Household | None = None,
    isee_certificate: IseeCertificate | None = None,
    **rest: Any,
) -> Application:
    """Draft an application: without a household the registry one is taken, without a certificate the one in force."""
    day = today()
    household = household or household_of(session, person, on=day)
    if household is None:
        raise Refusal(_("This person stands in no household: put one together first."), field="household")
    scope = scope_of(session)
    application = Application(
        fund=line.fund, line=line, person=person, household=household, amount=amount, months=months,
        isee_certificate=isee_certificate or certificate_on(session, household, on=day),
        prepared_by=scope.actor, prepared_by_id=scope.user_id, **rest,
    )  # fmt: skip
    _check(session, application)
    session.add(application)
    session.flush()
    return application


def amend_application(session: Session, application: Application, **changes: Any) -> Application:
    """Change an application that is not yet before the committee."""
    _refuse_unless(application, *OPEN)
    for name, value in changes.items():
        if value is not None or name not in {"household", "isee_certificate"}:
            setattr(application, name, value)
    application.fund = application.line.fund
    _check(session, application)
    session.flush()
    return application


def remove_draft(session: Session, application: Application) -> None:
    """Remove a draft; what was submitted stays in the register."""
    _refuse_unless(application, ApplicationState.DRAFT)
    session.delete(application)
    session.flush()


def submit_application(session: Session, application: Application, *, on: date | None = None) -> Application:
    """Take the application in: it gets its number and its day."""
    _refuse_unless(application, ApplicationState.DRAFT)
    if application.fund.state is not FundState.OPEN or not application.line.open:
        raise Refusal(_("This line takes no applications now."))
    application.submitted_on = on or today()
    application.number = next_number(session, SERIES, on=application.submitted_on)
    application.state = ApplicationState.SUBMITTED
    session.flush()
    return application


def start_enquiry(session: Session, application: Application) -> Application:
    """Begin to look into what the household declares."""
    _refuse_unless(application, ApplicationState.SUBMITTED, ApplicationState.INTEGRATION)
    application.state, application.asked = ApplicationState.UNDER_ENQUIRY, None
    session.flush()
    return application


def ask_documents(session: Session, application: Application, *, asked: str) -> Application:
    """Ask the household for what is missing."""
    _refuse_unless(application, ApplicationState.SUBMITTED, ApplicationState.UNDER_ENQUIRY)
    application.state, application.asked = ApplicationState.INTEGRATION, asked
    session.flush()
    return application


def add_budget_line(
    session: Session,
    application: Application,
    *,
    kind: BudgetKind,
    label: str,
    amount: Decimal,
    residual: Decimal | None = None,
) -> BudgetLine:
    """Write down an income, a fixed cost or a debt, by the month."""
    _refuse_unless(application, *OPEN)
    if amount <= 0:
        raise Refusal(_("Write an amount above zero."), field="amount")
    if residual is not None and kind is not BudgetKind.DEBT:
        raise Refusal(_("Only a debt has something still to repay."), field="residual")
    line = BudgetLine(application=application, kind=kind, label=label, amount=amount, residual=residual)
    session.add(line)
    session.flush()
    return line


def score(
    session: Session,
    application: Application,
    *,
    criterion: str,
    points: Decimal,
    most: Decimal,
    reason: str | None = None,
) -> EnquiryScore:
    """Write down the points of one criterion of the enquiry; again, it replaces them."""
    _refuse_unless(application, *ENQUIRED)
    if not 0 <= points <= most:
        raise Refusal(_("The points are between zero and the criterion's highest."), field="points")
    same = (one for one in application.scores if one.criterion == criterion)
    line = next(same, None) or EnquiryScore(application=application, criterion=criterion)
    line.points, line.most, line.reason = points, most, reason
    session.add(line)
    session.flush()
    return line


def lapse_overdue(session: Session, *, on: date) -> list[Application]:
    """Applications whose approval was not issued in time, now lapsed; their guarantee frees its money."""
    from plugins.guarantee_fund.services.guarantees import lapse  # noqa: PLC0415  guarantees know applications

    wanted = (
        select(Application)
        .join(Guarantee, Guarantee.application_id == Application.id)
        .where(Guarantee.state == GuaranteeState.APPROVED, Guarantee.valid_until < on)
    )
    return [one for one in session.scalars(wanted).all() if lapse(session, one, on=on)]


def _check(session: Session, application: Application) -> None:
    """What an application of its line must say, and the limits of microcredit."""
    line, day = application.line, application.submitted_on or today()
    if application.amount <= 0:
        raise Refusal(_("Write an amount above zero."), field="amount")
    if application.months <= 0:
        raise Refusal(_("Write how many months."), field="months")
    if line.kind in LOANS and application.lender is None:
        raise Refusal(_("Say who lends: lending to the public is reserved by law."), field="lender")
    if line.kind is LineKind.RENT and not application.monthly_rent:
        raise Refusal(_("Write the monthly rent."), field="monthly_rent")
    if application.microcredit is not None:
        _check_microcredit(session, application, application.microcredit, day)
    certificate = application.isee_certificate
    if certificate is not None and certificate.household_id != application.household.id:
        raise Refusal(_("This certificate is of another household."), field="isee_certificate")


def _check_microcredit(session: Session, application: Application, kind: Microcredit, day: date) -> None:
    most = decimal_of(session, f"guarantee_fund.{kind.value}_microcredit", on=day)
    months = integer_of(session, f"guarantee_fund.{kind.value}_microcredit_months", on=day)
    if application.amount > most:
        raise Refusal(_("A microcredit of this kind is at most %(amount)s.", amount=show_money(most)), field="amount")
    if application.months > months:
        raise Refusal(_("A microcredit of this kind lasts at most %(months)s months.", months=months), field="months")


def _refuse_unless(application: Application, *states: ApplicationState) -> None:
    if application.state not in states:
        raise Refusal(_("This application is %(state)s: that cannot be done now.", state=application.state.label))

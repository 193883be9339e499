"""Sheets and reports: the enquiry, the schedule of a loan, the fund's statement."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from core.api import Words, _, parts, show_date, show_money, show_number, today
from plugins.guarantee_fund.documents.letters import asked_for
from plugins.guarantee_fund.models import Application, Fund, Loan
from plugins.guarantee_fund.rules import indicators
from plugins.guarantee_fund.services.guarantees import propose
from plugins.guarantee_fund.services.position import derivation, household_exposure
from plugins.guarantee_fund.services.statements import history_of, statement_of

Values = dict[str, Any]
Column = parts.TableColumn
NOT_DIVISIBLE = "n.d."


def enquiry(session: Session, application: Application) -> Values:
    """What the office found, and what the limits say: nothing of health or care."""
    told = propose(session, application)
    exposed = household_exposure(session, application.fund, application.household_id)
    return {
        "title": _("Enquiry on application %(number)s", number=str(application)),
        "parts": [
            asked_for(application),
            parts.heading(_("The household")),
            parts.facts(
                (_("Applicant"), str(application.person)), (_("Members"), application.household.size),
                ("ISEE", show_money(application.isee_certificate.isee) if application.isee_certificate else ""),
                (_("Already guaranteed for the household"), show_money(exposed)),
                (_("Left each month"), show_money(application.margin)),
            ),
            parts.table(
                [Column(_("What"), width=1), Column(_("Kind")), Column(_("Amount a month"), number=True)],
                [[line.label, str(line.kind.label), show_money(line.amount)] for line in application.budget],
                none=_("Income and debts are not written down yet."),
            ),
            parts.heading(_("The checks, now")),
            parts.facts((_("Would be guaranteed"), show_money(told.amount)),
                        (_("Can still be guaranteed"), show_money(told.available))),
            parts.points(*(str(one) for one in told.failed)) if told.failed else parts.text(_("Every check passes")),
            parts.heading(_("Tutor's opinion")),
            parts.text(application.opinion or _("None was written."), application.tutor or ""),
        ],
    }  # fmt: skip


def schedule(session: Session, loan: Loan) -> Values:
    """Every instalment of a loan."""
    return {
        "title": _("Schedule of the loan of guarantee %(number)s", number=str(loan.guarantee)),
        "parts": [
            parts.facts(
                (_("Lender or landlord"), loan.guarantee.counterpart.name),
                (_("Principal"), show_money(loan.principal)),
                (_("Rate"), f"{show_number(loan.rate, places=2)}%"), (_("Repayment"), loan.repayment.label),
                (_("Instalments"), loan.count), (_("Disbursed on"), show_date(loan.disbursed_on)),
            ),
            parts.table(
                [Column(_("Number"), number=True), Column(_("Due on"), width=1),
                 *(Column(one, number=True) for one in (_("Instalment"), _("Interest"), _("Principal"),
                                                        _("Left after it")))],
                [[row.number, show_date(row.due), show_money(row.amount), show_money(row.interest),
                  show_money(row.principal), show_money(row.balance)] for row in loan.rows],
                none="",
            ),
        ],
    }  # fmt: skip


def statement(session: Session, fund: Fund) -> Values:
    """The fund from the first of January to today, for its funder: no names."""
    day = today()
    told = statement_of(session, fund, first=date(day.year, 1, 1), last=day)
    return {
        "title": _("Statement of %(fund)s", fund=fund.name),
        "wide": True,
        "parts": [
            parts.heading(
                _("Accounts from %(first)s to %(last)s", first=show_date(told.first), last=show_date(told.last))
            ),
            parts.table(
                [Column(_("Account"), width=1), *(Column(one, number=True) for one in (
                    _("Opening balance"), _("Debit"), _("Credit"), _("Closing balance")))],
                [[f"{line.account.value} {line.account.label}", show_money(line.opening), show_money(line.debit),
                  show_money(line.credit), show_money(line.closing)] for line in told.lines],
                total=[_("Total"), "", show_money(told.debit), show_money(told.credit), ""],
                none=_("Nothing moved yet."),
            ),
            parts.heading(_("How much can still be guaranteed")),
            parts.table(
                [Column(_("Line"), width=1), Column(_("Amount"), number=True)],
                [[f"{one.sign} {one.label}", show_number(one.amount, places=2)] for one in derivation(session, fund)],
                none="",
            ),
            parts.heading(_("Indicators since the fund began")),
            _indicators(session, fund, told.position),
        ],
    }  # fmt: skip


def _indicators(session: Session, fund: Fund, position: Any) -> parts.Part:
    history = history_of(session, fund)
    return parts.facts(
        (_("Guarantees issued"), str(history.issued)),
        (_("Default rate"), _percent(indicators.default_rate(history))),
        (_("Net loss rate"), _percent(indicators.net_loss_rate(history))),
        (_("Leverage used"), _number(indicators.leverage_used(position), 2)),
        (_("Days from application to decision"), _number(indicators.processing_days(history), 1)),
    )


def _percent(value: Any) -> Words:
    return NOT_DIVISIBLE if value is None else f"{show_number(value, places=1)}%"


def _number(value: Any, places: int) -> Words:
    return NOT_DIVISIBLE if value is None else show_number(value, places=places)

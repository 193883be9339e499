"""Letters of the fund: to who asked, to who is guaranteed, to who owes."""

from typing import Any

from sqlalchemy.orm import Session

from core.api import Organisation, Person, _, parts, show_date, show_money, show_number
from plugins.guarantee_fund.models import (
    Application,
    ApplicationState,
    Call,
    CallState,
    Guarantee,
    LineKind,
)

Values = dict[str, Any]
DECIDED = (ApplicationState.APPROVED, ApplicationState.REJECTED, ApplicationState.LAPSED)


def is_submitted(application: Application) -> bool:
    """Whether it has its number."""
    return application.number is not None


def is_decided(application: Application) -> bool:
    """Whether the committee said yes or no."""
    return application.state in DECIDED


def is_issued(guarantee: Guarantee) -> bool:
    """Whether a letter may go out: deposits are paid, not guaranteed."""
    return guarantee.issued_on is not None and guarantee.line.kind is not LineKind.DEPOSIT


def is_paid(call: Call) -> bool:
    """Whether the fund may claim its money back."""
    return call.state is CallState.PAID


def receipt(session: Session, application: Application) -> Values:
    """What was asked, under which number, and what comes next."""
    return {
        "title": _("Receipt of application %(number)s", number=str(application)),
        "to": _person(application.person),
        "parts": [
            parts.text(_("We received your application to the fund “%(fund)s”.", fund=application.fund.name)),
            asked_for(application),
            parts.text(
                _("The enquiry begins now: you may be asked for documents. Then the committee decides, and you will be "
                  "told its decision in writing with its reasons."),
                _("No decision is taken by a computer alone."),
            ),
        ],
    }  # fmt: skip


def asked_for(application: Application) -> parts.Part:
    """The terms of an application."""
    return parts.facts(
        (_("Number"), application.number), (_("Line"), application.line.name),
        (_("Submitted on"), show_date(application.submitted_on) if application.submitted_on else ""),
        (_("Amount"), show_money(application.amount)), (_("Months"), application.months),
        (_("Monthly rent"), show_money(application.monthly_rent) if application.monthly_rent else ""),
        (_("Lender or landlord"), application.counterpart.name), (_("What it is for"), application.purpose),
    )  # fmt: skip


def decision(session: Session, application: Application) -> Values:
    """What the committee decided, with its conditions or its reasons."""
    approved = application.state is ApplicationState.APPROVED
    day = show_date(application.decided_on) if application.decided_on else ""
    told = {
        ApplicationState.APPROVED: _("The committee approved your application on %(day)s.", day=day),
        ApplicationState.REJECTED: _("The committee did not approve your application on %(day)s.", day=day),
    }.get(application.state, _("The approval lapsed: the guarantee was not issued in time."))
    until = show_date(application.valid_until) if application.valid_until else ""
    return {
        "title": _("Decision on application %(number)s", number=str(application)),
        "to": _person(application.person),
        "parts": [
            parts.text(told),
            asked_for(application),
            parts.facts((_("Conditions") if approved else _("Reasons"), application.decision)),
            parts.text(
                _("The approval is valid until %(day)s: by then the guarantee must be issued.", day=until)
                if approved
                else _("You may ask this office for the documents of your application, and apply again.")
            ),
        ],
    }


def guarantee(session: Session, given: Guarantee) -> Values:
    """What the fund guarantees to the counterpart, how much, until when, and how it is called."""
    rent = given.line.kind is LineKind.RENT
    return {
        "title": _("Letter of guarantee %(number)s", number=str(given)),
        "to": _organisation(given.counterpart),
        "parts": [
            parts.text(_("The fund “%(fund)s” guarantees the obligations of %(name)s within these terms.",
                         fund=given.fund.name, name=str(given.person))),
            parts.facts(
                (_("Guarantee"), given.number), (_("Line"), given.line.name), (_("Loan or lease"), given.subject),
                (_("Principal"), show_money(given.principal)),
                (_("Coverage"), f"{show_number(given.coverage, places=2)}%"),
                (_("Guaranteed"), show_money(given.amount)),
                (_("Monthly rent"), show_money(given.monthly_rent) if given.monthly_rent else ""),
                (_("Months of rent covered"), given.rent_months),
                (_("Issued on"), show_date(given.issued_on) if given.issued_on else ""),
                (_("Expires on"), show_date(given.expires_on) if given.expires_on else ""),
            ),
            parts.heading(_("How it is called")),
            parts.points(
                _("by this day, in writing, with the list of what is unpaid, the formal notice to the debtor and the "
                  "attempt of agreement"),
                _("a rent from the third unpaid month") if rent else _("a loan for the principal still unpaid"),
                _("the fund pays within the amount guaranteed and may claim it back from the debtor "
                  "(arts. 1949 and 1950 c.c.)"),
            ),
        ],
    }  # fmt: skip


def call_receipt(session: Session, call: Call) -> Values:
    """What the counterpart asked, and that two people look at it."""
    return {
        "title": _("Receipt of the call on guarantee %(number)s", number=str(call.guarantee)),
        "to": _organisation(call.guarantee.counterpart),
        "parts": [
            parts.text(_("We received your request of payment.")),
            parts.facts(
                (_("Guarantee"), call.guarantee.number), (_("Requested on"), show_date(call.requested_on)),
                (_("Unpaid principal"), show_money(call.unpaid) if call.unpaid else ""),
                (_("Unpaid months"), call.unpaid_months), (_("To be paid"), show_money(call.amount)),
                (_("Formal notice of"), show_date(call.notice_on) if call.notice_on else ""),
            ),
            parts.text(_("Two different people examine it; the answer comes in writing.")),
        ],
    }  # fmt: skip


def recourse(session: Session, call: Call) -> Values:
    """What the fund paid for somebody, and how to give it back."""
    return {
        "title": _("Recourse for guarantee %(number)s", number=str(call.guarantee)),
        "to": _person(call.guarantee.person),
        "parts": [
            parts.text(_("The fund “%(fund)s” paid %(name)s what you had not paid, and may claim it from you "
                         "(arts. 1949 and 1950 c.c.).", fund=call.guarantee.fund.name,
                         name=call.guarantee.counterpart.name)),
            parts.facts(
                (_("Guarantee"), call.guarantee.number), (_("Loan or lease"), call.guarantee.subject),
                (_("Paid on"), show_date(call.paid_on) if call.paid_on else ""), (_("Paid"), show_money(call.amount)),
                (_("Came back to the fund"), show_money(call.recovered)),
                (_("Still to be recovered"), show_money(call.credit)),
            ),
            parts.text(_("Write or come to us: a plan that you can keep is better than a debt that grows.")),
        ],
    }  # fmt: skip


def _person(person: Person) -> list[str]:
    return [person.full_name, *person.postal_address]


def _organisation(body: Organisation) -> list[str]:
    return [body.name, *([body.pec] if body.pec else [])]

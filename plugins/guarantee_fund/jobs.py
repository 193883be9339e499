"""What the fund does by itself every day."""

from core.api import Words, Work, _, plural, today
from plugins.guarantee_fund.services import applications, guarantees, loans


def follow(work: Work) -> Words:
    """Let approvals lapse and terms pass, and say of each loan whether it is late: alerts come before default."""
    day = today()
    with work.step() as session:
        for one in applications.lapse_overdue(session, on=day):
            work.say(_("Application %(number)s lapsed: its guarantee was not issued in time.", number=str(one)))
        for guarantee in guarantees.expire_overdue(session, on=day):
            work.say(_("Guarantee %(number)s expired.", number=str(guarantee)))
    with work.step() as session:
        changed = loans.review_loans(session, on=day)
        for loan in changed:
            work.say(_("%(loan)s: %(state)s.", loan=str(loan), state=loan.state.label))
    return plural("%(n)s loan changed state", "%(n)s loans changed state", len(changed))

"""What to know before the module is switched off, and what the fund must keep when it is purged."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.api import Duty, Finding, Weight, _, add_months, plural, today
from plugins.guarantee_fund.models import Guarantee, GuaranteeState, JournalEntry

TEN_YEARS = 10 * 12
AT_RISK = (
    GuaranteeState.ISSUED, GuaranteeState.ACTIVE, GuaranteeState.CALL_REQUESTED, GuaranteeState.CONTESTED,
    GuaranteeState.CALLED, GuaranteeState.IN_RECOVERY,
)  # fmt: skip


def before_switching_off(session: Session) -> list[Finding]:
    """The guarantees whose terms nobody follows meanwhile."""
    running = session.scalar(select(func.count(Guarantee.id)).where(Guarantee.state.in_(AT_RISK))) or 0
    if not running:
        return []
    return [Finding(
        plural("%(n)s guarantee is in force: meanwhile its loan and its terms are not followed, and it still binds.",
               "%(n)s guarantees are in force: meanwhile their loans and terms are not followed, and they still bind.",
               running),
        Weight.WARNS,
    )]  # fmt: skip


def duties(session: Session) -> list[Duty]:
    """The journal, for ten years after its last entry."""
    last = session.scalar(select(func.max(JournalEntry.on)))
    until = add_months(last, TEN_YEARS) if last else None
    rows = session.scalar(select(func.count(JournalEntry.id))) or 0 if until is None or until >= today() else 0
    return [Duty(_("The fund's journal"), rows, until, _("Accounts are kept for ten years (art. 2220 c.c.)."))]

"""A statement of the bank for the demo network: some movements matched, some that wait for somebody."""

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import SentFile, show_date, show_number, today
from plugins.housing.models import Lease, LeaseState
from plugins.housing.services import reconciling
from plugins.housing.services.bank import import_statement

HEADINGS = "Data contabile;Data valuta;Dare;Avere;Descrizione;Controparte;CRO"
PAYERS = 8


def load(session: Session) -> None:
    """Import a week of movements: by lease number, by name, by nobody known, and a cost of the account."""
    day = today() - timedelta(days=3)
    leases = session.scalars(
        select(Lease).where(Lease.state == LeaseState.ACTIVE).order_by(Lease.number.desc()).limit(PAYERS)
    ).unique()
    rows = [_row(n, day, _amount(lease, n), *_told(lease, n)) for n, lease in enumerate(leases)]
    if not rows:
        return
    rows += [_row(90, day, Decimal("150.00"), "BONIFICO SENZA CAUSALE", "Ditta Verdi snc"),
             _row(91, day, Decimal("-2.50"), "COMMISSIONI TENUTA CONTO", "")]  # fmt: skip
    content = "\r\n".join([HEADINGS, *rows]).encode("cp1252", errors="replace")
    statement = import_statement(session, file=SentFile(f"movimenti-{day:%Y-%m-%d}.csv", content))
    sure = [line.id for line in statement.lines if line.lease_id is not None][:2]
    reconciling.confirm_lines(session, sure)


def _amount(lease: Lease, n: int) -> Decimal:
    monthly = lease.monthly_rent + lease.charges_advance
    return monthly if n % 3 else monthly - 50


def _told(lease: Lease, n: int) -> tuple[str, str]:
    """What the transfer says and who sent it: every second payer forgets the number."""
    return (f"CANONE {lease.number}" if n % 2 else "AFFITTO MESE CORRENTE"), lease.tenant_names


def _row(n: int, day: date, amount: Decimal, text: str, payer: str) -> str:
    said = show_date(day)
    out, into = (show_number(-amount, places=2), "") if amount < 0 else ("", show_number(amount, places=2))
    return ";".join((said, said, out, into, text, payer, f"CRO{n:08}"))

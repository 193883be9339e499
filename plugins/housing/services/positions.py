"""Charges of a municipality paid through pagoPA: each under its IUV, in a file for the pagoPA partner."""

import csv
import io
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from core.api import Partner, PartnerKind, Refusal, _, add_months, next_number, scope_of, today, value_of
from plugins.housing.models import Charge, Lease, Position
from plugins.housing.rules.iuv import checks, make_iuv, notice_number

SERIES = "IUV"
COLUMNS = (
    "IUV", "Codice avviso", "Codice fiscale", "Debitore", "Causale", "Importo", "Scadenza", "Contratto",
)  # fmt: skip
SEVENTEEN = 17


def open_position(session: Session, *, charge: Charge, iuv: str | None = None) -> Position:
    """Give a charge its IUV: the one the pagoPA partner assigned, or one made with the segregation code."""
    _refuse_private(session)
    if charge.reverses_id is not None or charge.owed <= 0:
        raise Refusal(_("Nothing is owed on this charge."), field="charge")
    if session.scalars(select(Position.id).where(Position.charge_id == charge.id)).first() is not None:
        raise Refusal(_("This charge has its IUV already."), field="charge")
    given = (iuv or "").replace(" ", "") or _made(session)
    if len(given) == SEVENTEEN and given.isdecimal() and not checks(given):
        raise Refusal(_("The check digits of this IUV do not agree: compare it with the notice."), field="iuv")
    if session.scalars(select(Position.id).where(Position.iuv == given)).first() is not None:
        raise Refusal(_("Another position has this IUV."), field="iuv")
    number = notice_number(given) if len(given) == SEVENTEEN and given.isdecimal() else None
    position = Position(charge=charge, iuv=given, notice=number)
    session.add(position)
    session.flush()
    return position


def _made(session: Session) -> str:
    """A new IUV: the partner's gapless number of the year, after the year's last two digits."""
    day = today()
    code = value_of(session, "housing.pagopa_segregation", on=day)
    series = next_number(session, SERIES, on=day)
    return make_iuv(code, int(f"{day:%y}{int(series.rsplit('/', 1)[-1]):011}"))


def _refuse_private(session: Session) -> None:
    partner = session.get(Partner, scope_of(session).partner_id)
    if partner is None or partner.kind is not PartnerKind.MUNICIPALITY:
        raise Refusal(_("Only the income of a municipality goes through pagoPA."))


def open_month(session: Session, *, month: date) -> list[Position]:
    """Give its IUV to every open charge due in a month that has none."""
    _refuse_private(session)
    numbered = set(session.scalars(select(Position.charge_id)))
    return [open_position(session, charge=one) for one in _due(session, month) if one.id not in numbered]


def _due(session: Session, month: date) -> list[Charge]:
    first = month.replace(day=1)
    wanted = (
        select(Charge)
        .where(Charge.due_on >= first, Charge.due_on < add_months(first, 1), Charge.reverses_id.is_(None))
        .order_by(Charge.due_on, Charge.id)
    )
    return [one for one in session.scalars(wanted) if one.owed > 0]


def positions_file(session: Session, *, month: date) -> bytes:
    """The positions of a month still owed, as CSV with semicolons: amounts in euro with a comma, days as 31/12/2026."""
    first = month.replace(day=1)
    wanted = (
        select(Position)
        .join(Position.charge)
        .where(Charge.due_on >= first, Charge.due_on < add_months(first, 1))
        .options(joinedload(Position.charge).joinedload(Charge.lease).options(selectinload(Lease.tenants)))
        .order_by(Charge.due_on, Position.iuv)
    )
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(COLUMNS)
    for one in session.scalars(wanted).unique():
        if one.charge.owed > 0:
            writer.writerow(_row(one))
    return stream.getvalue().encode("utf-8-sig")


def _row(position: Position) -> list[str]:
    charge = position.charge
    payer = next((one.person for one in charge.lease.tenants if one.person is not None), None)
    amount = f"{charge.owed:.2f}".replace(".", ",")
    code, name = (payer.codice_fiscale or "", str(payer)) if payer else ("", "")
    text = f"{charge} {charge.lease.number}"
    return [position.iuv, position.notice or "", code, name, text, amount, f"{charge.due_on:%d/%m/%Y}",
            charge.lease.number]  # fmt: skip

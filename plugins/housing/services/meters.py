"""Meter readings: none lower than the one before, unless the meter was replaced."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import Refusal, _, show_date, show_number, today
from plugins.housing.models import Dwelling, Handover, MeterKind, MeterReading
from plugins.housing.rules.meters import Reading, contradicting
from plugins.housing.services.dwellings import lock_dwelling


def record_reading(
    session: Session, *, dwelling: Dwelling, kind: MeterKind, serial: str, value: Decimal, read_on: date,
    replaced: bool = False, handover: Handover | None = None,
) -> MeterReading:  # fmt: skip
    """Write down what a meter says; the home is held meanwhile, so that two readings are compared in turn."""
    if value < 0:
        raise Refusal(_("Write a number that is not negative."), field="value")
    if read_on > today():
        raise Refusal(_("Write the day of the reading: it cannot be in the future."), field="read_on")
    home = lock_dwelling(session, dwelling)
    serial = serial.strip()
    _compare(Reading(read_on, value, replaced), serial, _others(session, home, kind))
    reading = MeterReading(kind=kind, serial=serial, value=value, read_on=read_on, replaced=replaced)
    session.add(reading)
    reading.dwelling, reading.handover = home, handover
    session.flush()
    return reading


def _others(session: Session, home: Dwelling, kind: MeterKind) -> list[MeterReading]:
    wanted = select(MeterReading).where(MeterReading.dwelling_id == home.id, MeterReading.kind == kind)
    return list(session.scalars(wanted.order_by(MeterReading.read_on, MeterReading.id)))


def _compare(reading: Reading, serial: str, others: list[MeterReading]) -> None:
    if any((one.serial, one.read_on) == (serial, reading.on) for one in others):
        raise Refusal(_("This meter was already read on that day."), field="read_on")
    earlier = [one for one in others if one.read_on <= reading.on]
    if earlier and earlier[-1].serial != serial and not reading.replaced:
        raise Refusal(
            _("The last reading is of the meter %(serial)s: tick “New meter” when it was replaced.",
              serial=earlier[-1].serial), field="serial",
        )  # fmt: skip
    wrong = contradicting(reading, [one.told for one in others])
    if wrong is not None:
        raise Refusal(
            _("On %(day)s the meter said %(value)s: check the number, or tick “New meter” when it was replaced.",
              day=show_date(wrong.on), value=show_number(wrong.value)), field="value",
        )  # fmt: skip
